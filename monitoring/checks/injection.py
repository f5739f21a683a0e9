"""Known drifts of known strength, put into a window to see from where on they are detected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scoring.contract import MONEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitoring.windows.arrays import Columns
    from scoring.contract import Contract, Input

RENAMED = "VALEUR_RENOMMEE"
CENTS = 100

type Changed = dict[str, np.ndarray]
type Change = Callable[[Contract, Columns, float, np.random.Generator], Changed]


@dataclass(frozen=True, slots=True)
class Injection:
    """One way to go wrong, at several strengths.

    Attributes
    ----------
    title
        French name, with what the strength is.
    change
        Gives the changed columns; the given ones stay as they are.
    outcome_odds
        Strength is the factor on the odds of default instead, and no column changes.
    """

    key: str
    title: str
    strengths: tuple[float, ...]
    change: Change
    outcome_odds: bool = False


def _most_important(contract: Contract, wanted: Callable[[Input], bool]) -> Input | None:
    fitting = [item for item in contract.inputs if wanted(item)]
    return max(fitting, key=lambda item: contract.coverage.weights[item.name], default=None)


def feed_gone(contract: Contract, columns: Columns, strength: float, generator: np.random.Generator) -> Changed:
    """Lose the most important number for a share of the applications."""
    changed = dict(columns)
    item = _most_important(contract, lambda one: one.kind == "number" and not one.required)
    if item is not None:
        lost = generator.random(len(columns[item.name])) < strength
        changed[item.name] = np.where(lost, np.nan, columns[item.name])
    return changed


def cents(contract: Contract, columns: Columns, strength: float, generator: np.random.Generator) -> Changed:
    """Send every amount of a share of the applications in cents."""
    changed = dict(columns)
    hit = generator.random(len(next(iter(columns.values())))) < strength
    for item in contract.inputs:
        if item.unit == MONEY:
            changed[item.name] = np.where(hit, columns[item.name] * CENTS, columns[item.name])
    return changed


def renamed(contract: Contract, columns: Columns, strength: float, generator: np.random.Generator) -> Changed:
    """Send another word for the commonest category of the most important one, for a share of its applications."""
    changed = dict(columns)
    item = _most_important(contract, lambda one: one.kind == "category")
    if item is not None:
        values = columns[item.name]
        known, counts = np.unique([value for value in values if value is not None], return_counts=True)
        hit = (values == known[counts.argmax()]) & (generator.random(len(values)) < strength)
        changed[item.name] = np.where(hit, RENAMED, values)
    return changed


def shifted(contract: Contract, columns: Columns, strength: float, generator: np.random.Generator) -> Changed:
    """Draw applicants with a lower value of the most important number more often: ``exp(-strength * z)`` times."""
    item = _most_important(contract, lambda one: one.kind == "number")
    n = len(next(iter(columns.values())))
    if item is None:
        return dict(columns)
    values = columns[item.name]
    score = np.nan_to_num((values - np.nanmean(values)) / (np.nanstd(values) or 1.0))
    weight = np.exp(-strength * score)
    places = generator.choice(n, n, p=weight / weight.sum())
    return {name: column[places] for name, column in columns.items()}


def unchanged(_: Contract, columns: Columns, __: float, ___: np.random.Generator) -> Changed:
    """Change no column: what changes is what becomes of the applicants."""
    return dict(columns)


INJECTIONS = (
    Injection(
        "flux_perdu",
        "Flux perdu : part des demandes sans la variable la plus importante",
        (0.02, 0.05, 0.2, 1.0),
        feed_gone,
    ),
    Injection("centimes", "Euros devenus centimes : part des demandes", (0.002, 0.01, 0.05, 1.0), cents),
    Injection("modalite", "Modalité renommée : part de la plus fréquente", (0.001, 0.01, 0.1, 1.0), renamed),
    Injection(
        "population",
        "Population déplacée : écarts-types de la variable la plus importante",
        (0.1, 0.2, 0.4, 0.8),
        shifted,
    ),
    Injection(
        "concept",
        "Lien changé : facteur sur les chances de défaut, issues connues",
        (1.1, 1.3, 1.6, 2.0),
        unchanged,
        outcome_odds=True,
    ),
)
