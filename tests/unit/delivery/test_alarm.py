"""The alarms that end a canary, on lines that the log really writes: which version they see, and what they let pass."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING, Any

import pytest

from delivery.alarm import counted, standing
from delivery.paths import DOSSIER_FUNCTION, FUNCTION
from scoring.log_lines import Event
from scoring.request_log import RequestLog

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

    type Tell = Callable[[RequestLog], None]

LOG = RequestLog({"version_modele": "essai:1", "empreinte": "e" * 64}, with_metrics=True)


def accepted(log: RequestLog) -> None:
    """Tell of an application that was accepted."""
    log.answered(Event.SCORE, {}, {"Demandes": 1, "Refus": 0})


def declined(log: RequestLog) -> None:
    """Tell of an application that was refused credit."""
    log.answered(Event.SCORE, {}, {"Demandes": 1, "Refus": 1})


def turned_away(log: RequestLog) -> None:
    """Tell of a request that was not scored."""
    log.refused(request_id="r", status=422, codes=["SCR101"], applications=1)


def unreadable_lot(log: RequestLog) -> None:
    """Tell of a lot that was answered, with none of its applications scored."""
    log.answered(Event.BATCH, {}, {"NonEvaluees": 1})


def stranger(log: RequestLog) -> None:
    """Tell of an event that is no request, or of an address that is none."""
    log.refused(request_id="r", status=400, codes=["SCR112"])


def failed(log: RequestLog) -> None:
    """Tell of a 5xx that the application answered itself."""
    log.failed(request_id="r", code="SCR500", error=KeyError())


def usual(count: int) -> list[Tell]:
    """Return decisions as they usually are."""
    return [declined if number % 4 == 0 else accepted for number in range(count)]


@pytest.fixture
def log_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[Tell]], Counter[str]]:
    """Return what a version counts that told of these things."""

    def count(told: list[Tell]) -> Counter[str]:
        written = io.StringIO()
        monkeypatch.setattr(logging.getLogger("scoring"), "handlers", [logging.StreamHandler(written)])
        for tell in told:
            tell(LOG)
        return counted(written.getvalue().splitlines())

    return count


@pytest.mark.parametrize(
    ("new", "old", "alarms"),
    [
        (usual(40), usual(400), []),
        ([declined] * 40, usual(400), ["RefusalRateAlarm"]),
        ([turned_away] * 40, usual(400), ["NotScoredAlarm"]),
        ([unreadable_lot] * 40, usual(400), ["NotScoredAlarm"]),
        ([turned_away] * 40, [], ["NotScoredAlarm"]),
        ([turned_away] * 9, usual(400), []),
        ([failed], usual(400), ["OwnErrorsAlarm"]),
        ([stranger] * 400, usual(400), []),
    ],
    ids=[
        "usual", "declines everybody", "refuses every request", "refuses every row of lots", "nobody else is asked",
        "too few to say", "its own 5xx", "events that are no request",
    ],
)  # fmt: skip
@pytest.mark.parametrize("function", [FUNCTION, DOSSIER_FUNCTION])
def test_each_fault_of_the_new_version_raises_its_alarm(
    new: list[Tell],
    old: list[Tell],
    alarms: list[str],
    function: str,
    log_of: Any,  # noqa: ANN401
) -> None:
    """Of either function; what says nothing of the version raises none."""
    counts = log_of(new)

    assert standing({function: counts}, counts + log_of(old), "production") == alarms


def test_a_partner_who_errs_with_both_versions_ends_no_canary(log_of: Any) -> None:  # noqa: ANN401
    """Where the version before turns as many away, the new one is not the reason."""
    new, old = log_of([turned_away] * 30 + usual(10)), log_of([turned_away] * 300 + usual(100))

    assert standing({FUNCTION: new}, new + old, "production") == []


def test_a_version_that_is_red_does_not_block_the_one_that_mends_it(log_of: Any) -> None:  # noqa: ANN401
    """Every alarm stands for what is live, and none for the repair beside it."""
    live, repair = log_of([failed] * 20 + [turned_away] * 200 + [declined] * 100), log_of(usual(40))

    assert standing({FUNCTION: live}, live, "production") == ["OwnErrorsAlarm", "NotScoredAlarm", "RefusalRateAlarm"]
    assert standing({FUNCTION: repair}, live + repair, "production") == []
