"""Sample applicants."""

from typing import Any

from frontend.samples import Sample, make_samples
from frontend.wording import SAMPLES


def sample(contract: dict[str, Any], key: str) -> Sample:
    """Return one sample by its key."""
    return {one.key: one for one in make_samples(contract)}[key]


def test_every_sample_has_a_french_name(contract: dict[str, Any]) -> None:
    """No key reaches the reader."""
    assert {one.key for one in make_samples(contract)} == set(SAMPLES)


def test_samples_lie_within_the_contract(contract: dict[str, Any]) -> None:
    """Bounds and categories are kept: the API would score every one of them."""
    inputs = {item["name"]: item for item in contract["inputs"]}
    for one in make_samples(contract):
        for name, value in one.application.items():
            item = inputs[name]
            if item["kind"] == "category":
                assert value in item["categories"]
            elif item["minimum"] is not None:
                assert item["minimum"] <= float(value or 0) <= item["maximum"]


def test_samples_have_all_that_is_required(contract: dict[str, Any]) -> None:
    """Even the incomplete one can be scored."""
    required = {item["name"] for item in contract["inputs"] if item["required"]}

    assert all(required <= set(one.application) for one in make_samples(contract))
    assert required == set(sample(contract, "incomplet").application)


def test_the_median_sample_is_made_of_medians(contract: dict[str, Any]) -> None:
    """Numbers are the median of the reference, categories the commonest, usually absent values absent."""
    application = sample(contract, "typique").application

    assert application == {
        "AMT_CREDIT": 300_000.0,
        "AMT_ANNUITY": 20_000.0,
        "NAME_JOB": "Working",
        "DAYS_BIRTH": -15_000.0,
        "FLAG_CAR": 0,
        "BUREAU_COUNT": 3,
    }


def test_varied_samples_differ_where_they_say(contract: dict[str, Any]) -> None:
    """Large amounts are larger, and nothing else changes; low ratings are lower."""
    median, large = sample(contract, "typique").application, sample(contract, "gros_montants").application

    assert large["AMT_CREDIT"] > median["AMT_CREDIT"]
    assert large["DAYS_BIRTH"] == median["DAYS_BIRTH"]
    low, high = (sample(contract, key).application["EXT_SOURCE_1"] for key in ("notes_faibles", "notes_fortes"))
    assert low < 0.5 < high


def test_inputs_without_reference_still_make_a_sample(contract: dict[str, Any]) -> None:
    """A contract without bins gives the least allowed value of what is required, and nothing more."""
    contract["reference"]["inputs"] = {}

    application = sample(contract, "typique").application

    assert application == {"AMT_CREDIT": 1.0, "NAME_JOB": "Working", "DAYS_BIRTH": -36525.0}
