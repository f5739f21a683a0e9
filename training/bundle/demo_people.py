"""The people that page, README and demo show: drawn applicants, each chosen by a stated recipe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from training.sources.dossiers import Dossier

# Fewer payments say nothing of a habit, and a share below this is no lateness.
_FEWEST_PAYMENTS, _PUNCTUAL = 10, 0.1


@dataclass(frozen=True, slots=True)
class Judged:
    """An applicant to choose from.

    Parameters
    ----------
    dossier
        Raw records of all tables.
    default_probability, threshold
        The trainer's answer, and where refusals begin.
    known_share
        Share of the weight of the inputs that is known.
    usual
        Median probability of the accepted.
    """

    dossier: Dossier
    default_probability: float
    threshold: float
    known_share: float
    usual: float

    @property
    def is_refused(self) -> bool:
        """Tell whether the applicant is refused."""
        return self.default_probability >= self.threshold

    @property
    def debt_in_incomes(self) -> float:
        """Return what is owed on active loans elsewhere, in yearly incomes."""
        debts = [
            one.get("AMT_CREDIT_SUM_DEBT") or 0.0 for one in self.dossier["bureau"] if one["CREDIT_ACTIVE"] == "Active"
        ]
        return float(sum(debts) / self.dossier["application"]["AMT_INCOME_TOTAL"])

    @property
    def late_share(self) -> float:
        """Return the share of instalments paid late, 0 where there are too few to tell."""
        days = [
            one["DAYS_ENTRY_PAYMENT"] - one["DAYS_INSTALMENT"]
            for one in self.dossier["installments_payments"]
            if one["DAYS_ENTRY_PAYMENT"] is not None
        ]
        return sum(day > 0 for day in days) / len(days) if len(days) >= _FEWEST_PAYMENTS else 0.0

    @property
    def has_borrowed(self) -> bool:
        """Tell whether a loan was ever granted, here or elsewhere."""
        granted = (one["NAME_CONTRACT_STATUS"] == "Approved" for one in self.dossier["previous_application"])
        return bool(self.dossier["bureau"]) or any(granted)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one of the people is chosen.

    Parameters
    ----------
    name
        Kept with the golden dossier.
    says
        The recipe in words.
    is_meant
        Whom the recipe may choose.
    distance
        The lowest is chosen.
    """

    name: str
    says: str
    is_meant: Callable[[Judged], bool]
    distance: Callable[[Judged], float]


def _from_usual(one: Judged) -> float:
    return abs(float(np.log(one.default_probability / one.usual)))


RECIPES = (
    Recipe(
        "typical", "accepted, and nearest to the median of the accepted", lambda one: not one.is_refused, _from_usual
    ),
    Recipe(
        "borderline",
        "nearest to the threshold",
        lambda _: True,
        lambda one: abs(float(np.log(one.default_probability / one.threshold))),
    ),
    Recipe(
        "refused_for_debt",
        "refused, owes most on active loans in incomes, and pays in time",
        lambda one: one.is_refused and one.late_share <= _PUNCTUAL,
        lambda one: -one.debt_in_incomes,
    ),
    Recipe(
        "refused_for_lateness",
        "refused, with the largest share of instalments paid late",
        lambda one: one.is_refused and one.late_share > _PUNCTUAL,
        lambda one: -one.late_share,
    ),
    Recipe(
        "incomplete",
        "has borrowed before, and least is known of them",
        lambda one: one.has_borrowed,
        lambda one: one.known_share,
    ),
    Recipe(
        "first_time_borrower",
        "no loan yet, here or elsewhere, and most else is known",
        lambda one: not one.has_borrowed,
        lambda one: -one.known_share,
    ),
    Recipe(
        "pensioner",
        "a pensioner, nearest to the median of the accepted",
        lambda one: one.dossier["application"].get("NAME_INCOME_TYPE") == "Pensioner",
        _from_usual,
    ),
)


def chosen_people(judged: Mapping[int, Judged]) -> dict[int, str]:
    """Return the keys of the people and the recipe that chose each; nobody is chosen twice."""
    people: dict[int, str] = {}
    for recipe in RECIPES:
        meant = [key for key in sorted(judged) if key not in people and recipe.is_meant(judged[key])]
        if meant:
            people[min(meant, key=lambda key: recipe.distance(judged[key]))] = recipe.name
    return people
