"""Audit records: the whole decision for a sample, the applicant's name for nobody."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from scoring.records import NEAR_THRESHOLD, SAMPLED, Auditor, configure_audit, hashed, sampled

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = b"a key of the tests"
# 0.1 + 0.2 and its neighbours have seventeen digits; the last are the ends of what a double holds.
AWKWARD = [0.1 + 0.2, 1 / 3, 5e-324, 1.7976931348623157e308, -0.0]


@pytest.fixture
def record(capsys: pytest.CaptureFixture[str], untouched_loggers: None) -> Callable[..., dict[str, object]]:
    """Write one record and return what a reader of the line finds."""

    def write(**changes: object) -> dict[str, object]:
        configure_audit()
        given = {"facts": {"id_requete": "r"}, "application": {"AMT_CREDIT": 1.0}, "applicant": None} | changes
        Auditor(share=1.0, read_key=lambda: KEY).record(**given)
        (line,) = capsys.readouterr().out.splitlines()
        return json.loads(line)

    return write


def test_record_can_be_told_from_the_request_log(record: Callable[..., dict[str, object]]) -> None:
    """A subscription filter finds the records by their event, and a reader knows their form by its version."""
    told = record()

    assert (told["evenement"], told["enregistrement"], told["id_requete"]) == ("audit", "1", "r")


@pytest.mark.parametrize("number", AWKWARD)
def test_record_keeps_every_bit_of_a_number(record: Callable[..., dict[str, object]], number: float) -> None:
    """A decision can only be taken again from the very numbers it was taken from."""
    told = record(application={"X": number}, facts={"marge": number})

    assert (told["demande"]["X"].hex(), told["marge"].hex()) == (number.hex(), number.hex())


def test_record_never_names_the_applicant(record: Callable[..., dict[str, object]]) -> None:
    """The identifier is there as its keyed hash alone, so that outcomes can be joined later."""
    told = record(applicant="100001")

    assert told["demandeur"] == hashed("100001", KEY)
    assert "100001" not in json.dumps(told)


def test_record_without_an_identifier_says_so(record: Callable[..., dict[str, object]]) -> None:
    """No identifier is no hash of an empty one."""
    assert record()["demandeur"] is None


def test_key_is_read_each_time_it_is_needed(record: Callable[..., dict[str, object]]) -> None:
    """Nothing secret is kept between two records, nor in a snapshot of the cold start."""
    keys = iter([b"first key", b"second key"])
    auditor = Auditor(share=1.0, read_key=lambda: next(keys))
    auditor.record({}, {}, "100001")
    auditor.record({}, {}, "100001")

    assert list(keys) == []


def test_every_case_near_the_threshold_is_in_the_sample() -> None:
    """Where the decision hangs by a thread, everything is kept."""
    auditor = Auditor(share=0.0, read_key=lambda: KEY)

    assert (auditor.motive("r", near_threshold=True), auditor.motive("r", near_threshold=False)) == (
        NEAR_THRESHOLD,
        None,
    )


def test_other_cases_are_in_the_sample_by_their_identifier() -> None:
    """The sample is drawn without chance: the same identifier is in it or not, wherever it is asked."""
    auditor = Auditor(share=0.5, read_key=lambda: KEY)
    motives = {str(number): auditor.motive(str(number), near_threshold=False) for number in range(200)}

    assert motives == {name: SAMPLED if sampled(name, 0.5) else None for name in motives}


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_sample_has_the_share_that_was_asked_for(share: float) -> None:
    """Over many identifiers the sample has its size, within four standard errors."""
    found = sum(sampled(f"request-{number}", share) for number in range(20_000)) / 20_000

    assert found == pytest.approx(share, abs=4 * (share * (1 - share) / 20_000) ** 0.5)


def test_larger_sample_holds_the_smaller_one() -> None:
    """Raising the share loses no request that was in the sample before."""
    names = [str(number) for number in range(1_000)]

    assert {name for name in names if sampled(name, 0.1)} <= {name for name in names if sampled(name, 0.3)}
