"""The judgement of the outcomes: what was expected of the very applications whose outcome is known, and what came.

The expectation is that of the model for these rows alone, so that a selection of applications (the accepted, the
first months) is no error of the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from metrics.calibration import calibration_intercept, calibration_slope
from metrics.costs import costs_of
from metrics.intervals import NORMAL_QUANTILE
from metrics.significance import SMALLEST_EXPECTED, difference_p_value
from metrics.values import Measured, NotApplicable
from monitoring.drift.outcomes import NO_OUTCOME
from monitoring.drift.performance import Performance, estimated_performance, realised_performance

if TYPE_CHECKING:
    from monitoring.windows.predictions import Predictions
    from scoring.contract import DecisionPolicy, Estimate


@dataclass(frozen=True, slots=True)
class JudgementChances:
    """Chance of as much where the probabilities are right; ``None`` where nothing was tested."""

    auc: float | None
    cost: float | None
    calibration: float | None
    slope: float | None
    intercept: float | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """Expected and realised on the same applications.

    Attributes
    ----------
    auc_shortfall
        Expected AUC minus realised AUC.
    cost_excess
        Rise of the realised cost over the expected one.
    calibration_gap
        Distance of the mean probability from the default rate, relative to the latter.
    slope, intercept
        Of the logistic recalibration: 1 and 0 where the probabilities are right.
    """

    expected: Performance
    realised: Performance
    auc_shortfall: Measured
    cost_excess: Measured
    calibration_gap: Measured
    slope: Estimate | NotApplicable
    intercept: Estimate | NotApplicable
    chances: JudgementChances

    @property
    def slope_gap(self) -> Measured:
        """Return the distance of the slope from 1."""
        return self.slope if isinstance(self.slope, NotApplicable) else abs(self.slope.value - 1)

    @property
    def intercept_gap(self) -> Measured:
        """Return the distance of the intercept from 0."""
        return self.intercept if isinstance(self.intercept, NotApplicable) else abs(self.intercept.value)


def judged_by_outcomes(judges: Predictions | NotApplicable, policy: DecisionPolicy) -> Judgement | NotApplicable:
    """Return what outcomes say of a model.

    Parameters
    ----------
    judges
        The predictions whose outcome may judge, or why there are none.
    """
    if isinstance(judges, NotApplicable):
        return judges
    realised = realised_performance(judges, policy)
    if isinstance(realised, NotApplicable) or judges.outcome is None:
        return NotApplicable(NO_OUTCOME)
    expected = estimated_performance(judges, policy)
    slope = calibration_slope(judges.probability, judges.outcome, judges.weights)
    intercept = calibration_intercept(judges.probability, judges.outcome, judges.weights)
    shortfall, excess = _shortfall(expected, realised), _excess(expected, realised)
    return Judgement(
        expected=expected,
        realised=realised,
        auc_shortfall=shortfall,
        cost_excess=excess,
        calibration_gap=_gap(expected, realised),
        slope=slope,
        intercept=intercept,
        chances=JudgementChances(
            auc=None if isinstance(shortfall, NotApplicable) else difference_p_value(shortfall, realised.auc_error),
            cost=_cost_p_value(judges, policy, realised.cost.value - expected.cost.value),
            calibration=_total_p_value(judges, judges.outcome),
            slope=_distance_p_value(slope, right=1.0),
            intercept=_distance_p_value(intercept, right=0.0),
        ),
    )


def _shortfall(expected: Performance, realised: Performance) -> Measured:
    if isinstance(expected.auc, NotApplicable):
        return expected.auc
    if isinstance(realised.auc, NotApplicable):
        return realised.auc
    few = expected.n_defaults < SMALLEST_EXPECTED
    return _too_few() if few else expected.auc.value - realised.auc.value


def _excess(expected: Performance, realised: Performance) -> Measured:
    if expected.n_defaults < SMALLEST_EXPECTED:
        return _too_few()
    return realised.cost.value / expected.cost.value - 1


def _gap(expected: Performance, realised: Performance) -> Measured:
    if expected.n_defaults < SMALLEST_EXPECTED:
        return _too_few()
    default_rate = realised.default_rate.value
    if not default_rate:
        return NotApplicable("aucun défaut parmi les issues connues")
    return abs(expected.default_rate.value - default_rate) / default_rate


def _too_few() -> NotApplicable:
    return NotApplicable(f"moins de {SMALLEST_EXPECTED:.0f} défauts attendus parmi les issues connues")


def _total_p_value(judges: Predictions, outcome: np.ndarray) -> float:
    """Return the chance that right probabilities are as far from the outcomes in total.

    The number of defaults is a sum of independent draws, each with the probability that was foretold.
    """
    probability, weight = judges.probability, judges.weight
    missed = float(np.sum(weight * (outcome - probability)))
    return difference_p_value(missed, float(np.sqrt(np.sum(weight * probability * (1 - probability)))))


def _cost_p_value(judges: Predictions, policy: DecisionPolicy, difference: float) -> float:
    """Return the chance that right probabilities cost as much more or less on these very rows.

    A refusal costs where its applicant is good, an acceptance where it defaults: independent draws, as above.
    """
    costs, chance, weight = costs_of(policy), judges.probability, judges.weight
    price = np.where(judges.refused, costs.false_positive, costs.false_negative)
    return difference_p_value(
        difference, float(np.sqrt(np.sum(weight * price**2 * chance * (1 - chance))) / weight.sum())
    )


def _distance_p_value(found: Estimate | NotApplicable, *, right: float) -> float | None:
    if isinstance(found, NotApplicable):
        return None
    return difference_p_value(found.value - right, (found.high - found.low) / (2 * NORMAL_QUANTILE))
