"""Sample applicants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from frontend.applications.form import read_form
from frontend.applications.samples import BORDERLINE, INCOMPLETE, REFUSED, TYPICAL, make_samples
from frontend.wording.words import LANGUAGES, words_of
from tests.unit.frontend.fake_api import default_probability

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frontend.applications.form import Value
    from frontend.applications.samples import Application
    from tests.unit.frontend.fake_api import FakeApi


def samples_of(fake_api: FakeApi) -> dict[str, Application]:
    """Return the samples of the fake API's contract."""
    made = make_samples(fake_api.contract, read_form(fake_api.contract), fake_api.client())
    return {one.key: dict(one.application) for one in made}


def given(application: Mapping[str, Value]) -> dict[str, Value]:
    """Return what an application gives; what it declares absent is there as None."""
    return {name: value for name, value in application.items() if value is not None}


def test_there_is_one_of_each_kind_with_a_name(fake_api: FakeApi) -> None:
    """Typical, borderline, refused and incomplete; no key reaches the reader in either language."""
    assert list(samples_of(fake_api)) == [TYPICAL, BORDERLINE, REFUSED, INCOMPLETE]
    for key in samples_of(fake_api):
        assert all(f"sample.{key}" in words_of(language).catalog for language in LANGUAGES)


def test_the_model_says_which_is_borderline_and_which_is_refused(fake_api: FakeApi) -> None:
    """At the threshold, and about twice as high; the typical one is below both."""
    samples = samples_of(fake_api)

    assert default_probability(samples[BORDERLINE]) == pytest.approx(0.09, abs=0.01)
    assert default_probability(samples[REFUSED]) > 0.12
    assert default_probability(samples[TYPICAL]) < default_probability(samples[BORDERLINE])


def test_one_question_finds_them(fake_api: FakeApi) -> None:
    """All variations go in one request."""
    samples_of(fake_api)

    assert len(fake_api.requests) == 1


def test_samples_lie_within_the_contract(fake_api: FakeApi) -> None:
    """Bounds and categories are kept: the API would score every one of them."""
    inputs = {item["name"]: item for item in fake_api.contract["inputs"]}
    for application in samples_of(fake_api).values():
        for name, value in given(application).items():
            item = inputs[name]
            if item["kind"] == "category":
                assert value in item["categories"]
            elif item["minimum"] is not None:
                assert item["minimum"] <= float(value or 0) <= item["maximum"]


def test_the_incomplete_one_can_be_scored_and_asks_for_a_person(fake_api: FakeApi) -> None:
    """All that is required is there, and its coverage lies between the floor and what a person must see."""
    required = {item["name"] for item in fake_api.contract["inputs"] if item["required"]}
    weights, incomplete = fake_api.contract["coverage"]["weights"], samples_of(fake_api)[INCOMPLETE]

    assert required <= set(given(incomplete))
    assert 0.3 <= sum(weights[name] for name in given(incomplete)) < 0.5


def test_values_that_contradict_each_other_are_left_out(fake_api: FakeApi) -> None:
    """Where the API refuses the middle of everything, its lightest optional field goes and the rest is asked again."""
    fake_api.contradictory = {"AMT_CREDIT", "AMT_ANNUITY"}
    samples = samples_of(fake_api)

    assert list(samples) == [TYPICAL, BORDERLINE, REFUSED, INCOMPLETE]
    assert all(one["AMT_ANNUITY"] is None and one["AMT_CREDIT"] is not None for one in samples.values())
    assert len(fake_api.batches) == 2


def test_without_an_answer_the_middle_of_everything_is_typical(fake_api: FakeApi) -> None:
    """Numbers are the median of the reference, categories the commonest, usually absent values absent."""
    fake_api.failures.append(httpx.Response(404))

    samples = samples_of(fake_api)

    assert list(samples) == [TYPICAL, INCOMPLETE]
    assert given(samples[TYPICAL]) == {
        "AMT_CREDIT": 300_000.0,
        "AMT_ANNUITY": 20_000.0,
        "NAME_JOB": "Working",
        "DAYS_BIRTH": -15_012,
        "FLAG_CAR": 0,
        "BUREAU_COUNT": 3.0,
    }


def test_inputs_without_reference_still_make_a_sample(fake_api: FakeApi) -> None:
    """A contract without bins gives the least allowed value of what is required, and nothing more."""
    fake_api.contract["reference"]["inputs"] = {}

    assert given(samples_of(fake_api)[TYPICAL]) == {"AMT_CREDIT": 1.0, "NAME_JOB": "Working", "DAYS_BIRTH": -36525}
