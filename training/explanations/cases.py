"""A few applications, chosen by rule: clear ones, borderline ones, and those the outcome surprised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scoring.decision import refuses
from scoring.errors import InvalidApplicationError
from scoring.service import ScoredApplication, ScoringService
from training.explanations.lime_check import LimeCheck, check_by_lime
from training.features.feature_space import split_among_inputs

if TYPE_CHECKING:
    from scoring.features import Value
    from scoring.reasons import Reason
    from training.explanations.overall import Explained

# Away from the extremes: the most extreme application of all is often an odd one.
CLEAR = 0.02


@dataclass(frozen=True, slots=True)
class Case:
    """One application with its answer, its exact reasons and what LIME says of it.

    Attributes
    ----------
    title
        What it is an example of.
    defaulted
        What became of it.
    by_input
        Exact contribution of each input in log-odds, a derivation's spread evenly over the inputs it comes from.
    """

    title: str
    default_probability: float
    decision: str
    defaulted: bool
    reasons: tuple[Reason, ...]
    by_input: np.ndarray
    lime: LimeCheck


def choose_cases(explained: Explained, *, seed: int = 0) -> list[Case]:
    """Choose the applications and explain each."""
    service = ScoringService(explained.contract, explained.model, explained.explainer)
    found = []
    for title, candidates in _ranked(explained):
        chosen = _first_judged(explained, service, candidates)
        if chosen is not None:
            found.append(_case(title, *chosen, explained, seed))
    return found


def _first_judged(
    explained: Explained, service: ScoringService, candidates: np.ndarray
) -> tuple[int, ScoredApplication] | None:
    """Return the first application of some that the service judges; one that shows too little it does not."""
    for row in candidates.tolist():
        try:
            return row, service.score(application_of(explained, explained.rows[row]))
        except InvalidApplicationError:
            continue
    return None


def _ranked(explained: Explained) -> list[tuple[str, np.ndarray]]:
    """Return for each title the rows that it fits, the best first."""
    probability, threshold = explained.default_probability, explained.contract.decision.threshold
    refused, defaulted = refuses(probability, threshold=threshold), explained.default == 1
    low, high = np.quantile(probability, [CLEAR, 1 - CLEAR])
    asked = [
        ("Acceptation nette", ~refused & ~defaulted, np.abs(probability - low)),
        ("Refus net", refused & defaulted, np.abs(probability - high)),
        ("Accepté de justesse", ~refused, threshold - probability),
        ("Refusé de justesse", refused, probability - threshold),
        ("Surprise : accepté sans hésiter, et en défaut", ~refused & defaulted, probability),
        ("Surprise : refusé sans hésiter, et remboursé", refused & ~defaulted, -probability),
    ]
    return [
        (title, np.flatnonzero(candidates)[np.argsort(distance[candidates], kind="stable")])
        for title, candidates, distance in asked
    ]


def _case(title: str, row: int, scored: ScoredApplication, explained: Explained, seed: int) -> Case:
    values = explained.rows[row]
    features = explained.model.score(values[None]).features[0]
    by_input = spread_over_inputs(explained, explained.explainer.contributions(features))
    return Case(
        title=title,
        default_probability=scored.default_probability,
        decision=scored.decision.value,
        defaulted=bool(explained.default[row]),
        reasons=scored.reasons,
        by_input=by_input,
        lime=check_by_lime(explained, values, by_input, seed=seed),
    )


def application_of(explained: Explained, values: np.ndarray) -> dict[str, Value]:
    """Return raw values as a client would send them."""
    sent: dict[str, Value] = {}
    for item, value in zip(explained.contract.inputs, values.tolist(), strict=True):
        known = item.categories[int(value)] if item.categories and not np.isnan(value) else value
        sent[item.name] = None if np.isnan(value) else known
    return sent


def spread_over_inputs(explained: Explained, contributions: np.ndarray) -> np.ndarray:
    """Add contributions up by input, shape ``(n_inputs,)``; a derivation's goes in equal parts to its inputs."""
    contract = explained.contract
    sources, names = [feature.inputs for feature in contract.features], [item.name for item in contract.inputs]
    return np.array(list(split_among_inputs(contributions.tolist(), sources, names).values()))
