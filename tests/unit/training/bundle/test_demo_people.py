"""The people that are shown: each is chosen by its recipe, nobody twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from training.bundle.demo_people import RECIPES, Judged, chosen_people

if TYPE_CHECKING:
    from collections.abc import Sequence

THRESHOLD, USUAL = 0.1, 0.05


def judged(
    probability: float,
    *,
    debt: float = 0.0,
    delays: Sequence[int] = (),
    income_type: str = "Working",
    known: float = 1.0,
) -> Judged:
    """Return an applicant with an income of 100, one loan elsewhere, and payments with these delays."""
    loans = [{"CREDIT_ACTIVE": "Active", "AMT_CREDIT_SUM_DEBT": debt}]
    payments = [{"DAYS_INSTALMENT": -50, "DAYS_ENTRY_PAYMENT": -50 + delay} for delay in delays]
    dossier: dict[str, Any] = {
        "application": {"AMT_INCOME_TOTAL": 100.0, "NAME_INCOME_TYPE": income_type},
        "bureau": loans,
        "previous_application": [],
        "installments_payments": payments,
    }
    return Judged(dossier, probability, THRESHOLD, known, USUAL)


@pytest.fixture
def applicants() -> dict[int, Judged]:
    """Return one applicant for every recipe, and one for none."""
    newcomer = judged(0.02)
    newcomer.dossier["bureau"].clear()
    return {
        1: judged(0.05),
        2: judged(0.101),
        3: judged(0.4, debt=900.0),
        4: judged(0.4, delays=[5] * 12),
        5: judged(0.03, known=0.3),
        6: newcomer,
        7: judged(0.04, income_type="Pensioner"),
        8: judged(0.02),
    }


def test_everyone_is_chosen_by_one_recipe(applicants: dict[int, Judged]) -> None:
    """Each recipe finds the applicant that was made for it."""
    assert chosen_people(applicants) == {place: recipe.name for place, recipe in enumerate(RECIPES, start=1)}


def test_a_recipe_without_anybody_chooses_nobody(applicants: dict[int, Judged]) -> None:
    """Where nobody is refused, nobody is shown as refused."""
    accepted = {key: one for key, one in applicants.items() if not one.is_refused}

    assert not {"refused_for_debt", "refused_for_lateness"} & set(chosen_people(accepted).values())


def test_few_payments_are_no_habit() -> None:
    """A share of late payments takes ten of them."""
    assert judged(0.4, delays=[5] * 9).late_share == 0.0
    assert judged(0.4, delays=[5] * 5 + [0] * 5).late_share == 0.5
