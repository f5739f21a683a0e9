"""Histories are read as a person would: what is owed, what was late, what is unknown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from delivery.paths import CLIENTS
from frontend.clients.histories import Instalment, Punctuality, read_histories

if TYPE_CHECKING:
    from pathlib import Path

LOAN = {"SK_ID_PREV": 5, "NAME_CONTRACT_TYPE": "Cash loans", "NAME_CONTRACT_STATUS": "Approved", "DAYS_DECISION": -400}


def payment(due: int, entered: int | None, *, number: int = 1, paid: float = 100.0) -> dict[str, Any]:
    """Return one line of payments of an instalment of 100."""
    return {
        "SK_ID_PREV": 5,
        "NUM_INSTALMENT_VERSION": 1,
        "NUM_INSTALMENT_NUMBER": number,
        "DAYS_INSTALMENT": due,
        "DAYS_ENTRY_PAYMENT": entered,
        "AMT_INSTALMENT": 100.0,
        "AMT_PAYMENT": paid,
    }


def test_unknown_is_not_none() -> None:
    """A table that was left out is unknown, an empty one says that there is nothing."""
    histories = read_histories({"application": {}, "bureau": [], "installments_payments": []})

    assert histories.elsewhere == ()
    assert histories.with_us is None
    assert histories.payments_known
    assert not read_histories({"application": {}}).payments_known


@pytest.mark.parametrize(
    ("delay", "paid", "told"),
    [
        (-3, 100.0, Punctuality.ON_TIME),
        (0, 100.0, Punctuality.ON_TIME),
        (1, 100.0, Punctuality.LATE),
        (30, 100.0, Punctuality.VERY_LATE),
        (None, 0.0, Punctuality.UNPAID),
        (0, 60.0, Punctuality.UNPAID),
        (0, 99.995, Punctuality.ON_TIME),
    ],
)
def test_an_instalment_is_on_time_late_or_unpaid(delay: float | None, paid: float, told: Punctuality) -> None:
    """Late begins the day after, seriously late at thirty days; a part is not a payment, a rounding is no part."""
    assert told is Instalment(due_days=10, amount=100.0, paid=paid, delay_days=delay).punctuality


def test_parts_of_an_instalment_are_one() -> None:
    """Two payments of one instalment add up, and the last one says when it was paid."""
    payments = [payment(-40, -45, paid=60.0), payment(-40, -35, paid=40.0)]

    month, *others = read_histories(
        {"application": {}, "previous_application": [LOAN], "installments_payments": payments}
    ).calendar

    assert others == []
    assert (month.worst, month.delay_days, month.n_instalments) == (Punctuality.LATE, 5, 1)


def test_the_worst_of_a_month_is_shown() -> None:
    """A month with a payment on time and one that never came is not on time."""
    payments = [payment(-40, -41), payment(-45, None, number=2, paid=0.0)]

    (month,) = read_histories(
        {"application": {}, "previous_application": [LOAN], "installments_payments": payments}
    ).calendar

    assert (month.worst, month.delay_days, month.months_ago) == (Punctuality.UNPAID, None, 1)


def test_no_date_is_no_date() -> None:
    """365243 is Kaggle's way of writing that there is none."""
    (credit,) = read_histories({"application": {}, "bureau": [{"DAYS_CREDIT_ENDDATE": 365243}]}).elsewhere or ()

    assert credit.end_days is None


@pytest.mark.parametrize("path", sorted(CLIENTS.glob("*.json")), ids=lambda path: path.stem)
def test_every_demo_client_is_told(path: Path) -> None:
    """Nothing of a demo client is lost: as many credits, loans and instalments as its file has."""
    dossier = json.loads(path.read_text(encoding="utf-8"))["dossier"]

    histories = read_histories(dossier)

    assert len(histories.elsewhere or ()) == len(dossier["bureau"])
    assert len(histories.with_us or ()) == len(dossier["previous_application"])
    loans = {str(one["SK_ID_PREV"]) for one in dossier["previous_application"]}
    due = {
        (one["SK_ID_PREV"], one["DAYS_INSTALMENT"], one["NUM_INSTALMENT_NUMBER"], one["NUM_INSTALMENT_VERSION"])
        for one in dossier["installments_payments"]
        if str(one["SK_ID_PREV"]) in loans and one["DAYS_INSTALMENT"] is not None
    }
    assert sum(month.n_instalments for month in histories.calendar) == len(due)
