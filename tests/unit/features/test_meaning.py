"""Features say what their names say: histories written by hand, each with what a quick definition would get wrong."""

from __future__ import annotations

import pytest

from tests.builders.histories import features_of


def _bureau(*loans: dict[str, float | str | None]) -> dict[str, float | None]:
    return features_of("bureau", {"bureau": loans})


def _previous(*requests: dict[str, float | str | None]) -> dict[str, float | None]:
    return features_of("previous_application", {"previous_application": requests})


def _instalments(*payments: dict[str, float | None]) -> dict[str, float | None]:
    rows = [
        {"SK_ID_PREV": 1, "NUM_INSTALMENT_NUMBER": number, **payment}
        for number, payment in enumerate(payments, start=1)
    ]
    return features_of("installments_payments", {"installments_payments": rows})


def _paid(day: int, on: int | None, due: float = 100.0, paid: float | None = 100.0) -> dict[str, float | None]:
    return {"DAYS_INSTALMENT": day, "DAYS_ENTRY_PAYMENT": on, "AMT_INSTALMENT": due, "AMT_PAYMENT": paid}


@pytest.mark.parametrize(
    "sign",
    [
        {"AMT_CREDIT_MAX_OVERDUE": 50.0},
        {"AMT_CREDIT_SUM_OVERDUE": 50.0},
        {"CREDIT_DAY_OVERDUE": 3},
        {"SK_ID_BUREAU": 7},
    ],
)
def test_any_sign_makes_a_credit_ever_late(sign: dict[str, float]) -> None:
    """Largest overdue, overdue today, in days or in money, or one late month: each counts the credit, once."""
    credit = {"SK_ID_BUREAU": 1, "DAYS_CREDIT": -900, **sign}
    months = [{"SK_ID_BUREAU": 7, "MONTHS_BALANCE": -5, "STATUS": status} for status in ("0", "1")]
    punctual = {"SK_ID_BUREAU": 2, "DAYS_CREDIT": -100}
    found = features_of("bureau_balance", {"bureau": [credit, punctual], "bureau_balance": months})

    assert (found["BUREAU_OVERDUE_COUNT"], found["BUREAU_OVERDUE_COUNT_24M"]) == (1, 0)


def test_granted_over_asked_leaves_unknown_amounts_aside() -> None:
    """A request whose amount was never set adds to neither side: 1,460 granted for 1,000 asked is 1.46."""
    found = _previous(
        {"DAYS_DECISION": -10, "AMT_CREDIT": 1_460.0, "AMT_APPLICATION": 1_000.0},
        {"DAYS_DECISION": -20, "AMT_CREDIT": 11_440.0, "AMT_APPLICATION": None},
    )

    assert found["PREVIOUS_GRANTED_TO_ASKED_RATIO"] == 1.46
    assert found["PREVIOUS_GRANTED_TO_ASKED_RATIO_LAST3"] == 1.46


@pytest.mark.parametrize(("last", "inside", "outside"), [("12M", -11, -12), ("24M", -23, -24)])
def test_window_of_monthly_statuses_begins_with_the_month_of_the_application(
    last: str, inside: int, outside: int
) -> None:
    """Month 0 is the first of them: the last twelve months are 0 to -11, the last 24 are 0 to -23."""
    months = [
        {"SK_ID_BUREAU": 1, "MONTHS_BALANCE": month, "STATUS": "1"} for month in (0, inside, outside, outside - 1)
    ]
    found = features_of("bureau_balance", {"bureau": [{"SK_ID_BUREAU": 1}], "bureau_balance": months})

    assert found[f"BUREAU_BALANCE_LATE_COUNT_{last}"] == 2


def test_window_of_three_months_is_three_months() -> None:
    """Months 0, -1 and -2; a late month -3 is out."""
    months = [{"SK_ID_BUREAU": 1, "MONTHS_BALANCE": -month, "STATUS": str(month)} for month in range(4)]
    found = features_of("bureau_balance", {"bureau": [{"SK_ID_BUREAU": 1}], "bureau_balance": months})

    assert found["BUREAU_BALANCE_STATUS_MAX_3M"] == 2


def test_end_before_the_start_is_no_term() -> None:
    """A credit that would end before it began has an unknown term; the mean is that of the other."""
    found = _bureau(
        {"DAYS_CREDIT": -400, "DAYS_CREDIT_ENDDATE": -35}, {"DAYS_CREDIT": -400, "DAYS_CREDIT_ENDDATE": -9_000}
    )

    assert found["BUREAU_TERM_DAYS_MEAN"] == 365


def test_instalments_never_paid_are_late_and_unpaid() -> None:
    """Two of four never paid: half of them late, their whole amount short, half of what was due paid."""
    found = _instalments(_paid(-120, -120), _paid(-90, None, paid=None), _paid(-60, -60), _paid(-30, None, paid=None))

    assert found["INSTALMENTS_UNPAID_COUNT"] == 2
    assert found["INSTALMENTS_LATE_SHARE"] == 0.5
    assert found["INSTALMENTS_LATE_DAYS_MAX"] == 90
    assert found["INSTALMENTS_UNDERPAID_SUM"] == 200
    assert found["INSTALMENTS_PAID_RATIO"] == 0.5


def test_worst_payer_does_not_look_new() -> None:
    """Who never paid anything has a history, and it is all late."""
    found = _instalments(_paid(-90, None, paid=None), _paid(-60, None, paid=None))

    assert (found["INSTALMENTS_DUE_COUNT"], found["INSTALMENTS_LATE_SHARE"]) == (2, 1)
    assert found["INSTALMENTS_PAID_RATIO"] == 0


def test_payment_after_the_application_does_not_count() -> None:
    """Its day is blanked by the sources, and its amount goes with it: as of the application it was not paid."""
    found = _instalments(_paid(-10, None, paid=100.0))

    assert (found["INSTALMENTS_PAID_RATIO"], found["INSTALMENTS_LATE_DAYS_MAX"]) == (0, 10)


def test_what_falls_due_on_the_day_is_not_late() -> None:
    """An instalment of the very day, unpaid as yet, says nothing of the payer."""
    found = _instalments(_paid(-30, -30), _paid(0, None, paid=None))

    assert (found["INSTALMENTS_DUE_COUNT"], found["INSTALMENTS_LATE_SHARE"]) == (1, 0)
    assert found["INSTALMENTS_UNDERPAID_SUM"] == 0


@pytest.mark.parametrize(("known", "expected"), [(1, None), (2, 200.0)])
def test_sum_over_few_known_amounts_is_unknown(known: int, expected: float | None) -> None:
    """With fewer than half of the debts known there is no sum that means anything; the known share says how many."""
    debts = [100.0 if number < known else None for number in range(4)]
    found = _bureau(*({"AMT_CREDIT_SUM_DEBT": debt} for debt in debts))

    assert found["BUREAU_ACTIVE_DEBT_SUM"] == expected
    assert found["BUREAU_ACTIVE_DEBT_KNOWN_SHARE"] == known / 4


def test_annuities_of_cards_are_no_instalments() -> None:
    """A card's annuity is theoretical; only credits with a schedule make the running instalments."""
    running = {"NFLAG_INSURED_ON_APPROVAL": 0, "DAYS_TERMINATION": None}
    found = _previous(
        {**running, "AMT_ANNUITY": 300.0}, {**running, "AMT_ANNUITY": 900.0, "NAME_CONTRACT_TYPE": "Revolving loans"}
    )

    assert (found["PREVIOUS_RUNNING_COUNT"], found["PREVIOUS_RUNNING_ANNUITY_SUM"]) == (2, 300)


@pytest.mark.parametrize("mark", [{"FLAG_LAST_APPL_PER_CONTRACT": "N"}, {"NFLAG_LAST_APPL_IN_DAY": 0}])
def test_clerical_repetition_is_no_refusal(mark: dict[str, float | str]) -> None:
    """An entry that was made again counts neither as a request nor as a refusal, and is counted on its own."""
    found = _previous({"DAYS_DECISION": -10}, {"DAYS_DECISION": -10, "NAME_CONTRACT_STATUS": "Refused", **mark})

    assert (found["PREVIOUS_APPLICATIONS_COUNT"], found["PREVIOUS_REFUSED_COUNT"]) == (1, 0)
    assert found["PREVIOUS_REPEATED_COUNT"] == 1


def test_amounts_in_another_currency_are_not_added() -> None:
    """A credit in another currency counts as a credit; its amounts do not add to those of the main one."""
    found = _bureau(
        {"AMT_CREDIT_SUM": 1_000.0, "AMT_CREDIT_SUM_DEBT": 500.0},
        {"AMT_CREDIT_SUM": 9_000.0, "AMT_CREDIT_SUM_DEBT": 9_000.0, "CREDIT_CURRENCY": "currency 2"},
    )

    assert (found["BUREAU_CREDITS_COUNT"], found["BUREAU_FOREIGN_SHARE"]) == (2, 0.5)
    assert (found["BUREAU_CREDIT_MAX"], found["BUREAU_ACTIVE_DEBT_SUM"]) == (1_000, 500)
