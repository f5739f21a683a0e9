"""What refused applicants might have cost: a range over stated multiples of their foretold odds, never a model.

Fuzzy augmentation (Hand and Henley, 1993): each refused applicant counts as a default with the probability that its
foretold odds have once multiplied, and as good with the rest. Nothing observed says which multiple is right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from metrics.costs import costs_of, decision_costs, least_cost_threshold
from metrics.values import NotApplicable
from monitoring.drift.outcomes import judging, periods_of

if TYPE_CHECKING:
    from monitoring.config import Maturity
    from monitoring.windows.predictions import Predictions
    from scoring.contract import DecisionPolicy

MULTIPLES = (1.0, 1.5, 2.0, 4.0)


@dataclass(frozen=True, slots=True)
class RefusedScenario:
    """Cost per application as decided, and best threshold, if refused odds were so many times the foretold ones."""

    multiple: float
    cost: float
    threshold: float


def refused_scenarios(
    predictions: Predictions | None, policy: DecisionPolicy, maturity: Maturity
) -> tuple[RefusedScenario, ...]:
    """Return a scenario for each multiple; none where no refused applicant of a mature period lacks its outcome."""
    rows = None if predictions is None else _with_refused(predictions, maturity)
    if rows is None or rows.outcome is None:
        return ()
    return tuple(_scenario(rows, rows.outcome, policy, multiple) for multiple in MULTIPLES)


def _with_refused(predictions: Predictions, maturity: Maturity) -> Predictions | None:
    """Return those that may judge together with the refused of their periods whose outcome will never be known."""
    judges = judging(predictions, maturity)
    if predictions.outcome is None or isinstance(judges, NotApplicable):
        return None
    mature = np.isin(periods_of(predictions), periods_of(judges))
    unknown = np.isnan(predictions.outcome) & predictions.refused & mature
    return predictions.at(mature & (unknown | ~np.isnan(predictions.outcome))) if unknown.any() else None


def _scenario(rows: Predictions, outcome: np.ndarray, policy: DecisionPolicy, multiple: float) -> RefusedScenario:
    odds = multiple * rows.probability / np.maximum(1 - rows.probability, np.finfo(float).tiny)
    default = np.where(np.isnan(outcome), odds / (1 + odds), outcome)
    costs = costs_of(policy)
    return RefusedScenario(
        multiple=multiple,
        cost=float(np.average(decision_costs(rows.refused, default, costs=costs), weights=rows.weight)),
        threshold=least_cost_threshold(rows.probability, default, costs=costs, weight=rows.weight),
    )
