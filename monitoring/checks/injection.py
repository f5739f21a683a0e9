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
type Draw = Callable[[np.ndarray, float, np.random.Generator], np.ndarray]
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
    outcomes
        Draws what becomes of the applicants from their probabilities; ``None`` where that is not known.
    places
        Draws anew which applicants there are, from their probabilities.
    weights
        Draws as the API audits, and gives for how many applications each that is left counts, 0 for the others.
    rows
        Applications of the current window, where it is smaller than those of the other drifts.
    is_drift
        Whether there is something to see: what is none has to stay silent at every strength.
    """

    key: str
    title: str
    strengths: tuple[float, ...]
    change: Change
    outcomes: Draw | None = None
    places: Draw | None = None
    weights: Draw | None = None
    rows: int | None = None
    is_drift: bool = True


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


def scaled(contract: Contract, columns: Columns, strength: float, _: np.random.Generator) -> Changed:
    """Multiply every amount of every application by one plus the strength."""
    return {**columns} | {name: columns[name] * (1 + strength) for name in _amounts(contract)}


def one_cent(contract: Contract, columns: Columns, strength: float, _: np.random.Generator) -> Changed:
    """Add so many cents to every amount of every application."""
    return {**columns} | {name: columns[name] + strength / CENTS for name in _amounts(contract)}


def _amounts(contract: Contract) -> list[str]:
    return [item.name for item in contract.inputs if item.unit == MONEY]


def one_kind_goes(contract: Contract, columns: Columns, strength: float, generator: np.random.Generator) -> Changed:
    """Lose a share of the applicants of the second commonest value of the most important category, for others."""
    item = _most_important(contract, lambda one: one.kind == "category")
    n = len(next(iter(columns.values())))
    if item is None:
        return dict(columns)
    values = columns[item.name]
    known, counts = np.unique([value for value in values if value is not None], return_counts=True)
    if len(known) < 2:  # noqa: PLR2004  with one category there is no mix
        return dict(columns)
    leaves = (values == known[np.argsort(counts)[-2]]) & (generator.random(n) < strength)
    places = generator.choice(np.flatnonzero(~leaves), n)
    return {name: column[places] for name, column in columns.items()}


def feed_dead(contract: Contract, columns: Columns, _: float, __: np.random.Generator) -> Changed:
    """Lose the number that is missing least often, of all applications."""
    optional = [item for item in contract.inputs if item.kind == "number" and not item.required]
    missing = {item.name: float(np.isnan(columns[item.name]).mean()) for item in optional}
    name = min(missing, key=missing.__getitem__)
    return {**columns, name: np.full(len(columns[name]), np.nan)}


def with_odds(probability: np.ndarray, factor: float, generator: np.random.Generator) -> np.ndarray:
    """Draw outcomes whose odds of default are so many times what the model says."""
    odds = factor * probability / (1 - probability)
    return _drawn(odds / (1 + odds), generator)


def without_ranking(probability: np.ndarray, share: float, generator: np.random.Generator) -> np.ndarray:
    """Draw outcomes that are independent of the score for a share of the applicants, at the same default rate."""
    blind = generator.random(len(probability)) < share
    return _drawn(np.where(blind, probability.mean(), probability), generator)


def too_far_apart(probability: np.ndarray, slope: float, generator: np.random.Generator) -> np.ndarray:
    """Draw outcomes of applicants whose log-odds are nearer to their mean than the model says, by a factor."""
    log_odds = np.log(probability / (1 - probability))
    mean = log_odds.mean()
    return _drawn(1 / (1 + np.exp(-(mean + slope * (log_odds - mean)))), generator)


def defaults_alone(probability: np.ndarray, share: float, generator: np.random.Generator) -> np.ndarray:
    """Draw right outcomes and tell the defaults among them, and of the good payers none but a share."""
    outcome = _drawn(probability, generator)
    return np.where((outcome == 1) | (generator.random(len(outcome)) < share), outcome, np.nan)


def _drawn(chance: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    return np.asarray(generator.random(len(chance)) < chance, float)


def more_defaults(probability: np.ndarray, factor: float, generator: np.random.Generator) -> np.ndarray:
    """Draw applicants anew, those who will default so many times as often: the mix of good and bad has changed."""
    weight = np.where(generator.random(len(probability)) < probability, factor, 1.0)
    return generator.choice(len(weight), len(weight), p=weight / weight.sum())


def audited(probability: np.ndarray, share: float, generator: np.random.Generator) -> np.ndarray:
    """Keep half of the applications, those nearest to the median, and of the others a share, as the API would."""
    distance = np.abs(probability - np.median(probability))
    near = distance < np.median(distance)
    kept = near | (generator.random(len(probability)) < share)
    return np.where(kept, np.where(near, share, 1.0), 0.0)


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
        outcomes=with_odds,
    ),
    Injection(
        "classement",
        "Classement perdu : part des demandes à l’issue indépendante du score, issues connues",
        (0.1, 0.3, 0.6, 1.0),
        unchanged,
        outcomes=without_ranking,
    ),
    Injection(
        "pente",
        "Probabilités trop écartées : pente de calibration, issues connues",
        (0.9, 0.7, 0.5, 0.3),
        unchanged,
        outcomes=too_far_apart,
    ),
    Injection("montants", "Montants majorés : de la part", (0.01, 0.05, 0.1, 0.5), scaled),
    Injection(
        "melange",
        "Mélange changé : part disparue de la deuxième modalité de la catégorie la plus importante",
        (0.1, 0.3, 0.6, 1.0),
        one_kind_goes,
    ),
    Injection(
        "defauts",
        "Plus de mauvais payeurs, issues inconnues : facteur sur leur nombre",
        (1.5, 2.0, 4.0, 8.0),
        unchanged,
        places=more_defaults,
    ),
    Injection("flux_muet", "Flux muet chez un petit prêteur : fenêtre de 60 demandes", (1.0,), feed_dead, rows=60),
    Injection(
        "centime", "Pas une dérive : centimes de plus sur tous les montants", (1.0, 10.0), one_cent, is_drift=False
    ),
    Injection(
        "immature",
        "Pas une dérive : défauts connus, et cette part seulement des bons payeurs",
        (0.0, 0.5, 0.8),
        unchanged,
        outcomes=defaults_alone,
        is_drift=False,
    ),
    Injection(
        "audit",
        "Pas une dérive : la moitié proche gardée, et cette part seulement du reste",
        (0.1, 0.3, 0.9),
        unchanged,
        weights=audited,
        is_drift=False,
    ),
)
