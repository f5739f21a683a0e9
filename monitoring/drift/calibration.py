"""What outcomes say once they have come: truth beside the estimate, and how right the probabilities were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from metrics.bins import bin_of
from metrics.quality import calibration_bin
from metrics.significance import difference_p_value
from metrics.values import Measured, NotApplicable
from monitoring.drift.performance import Performance, estimated_performance, realised_performance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring.windows.predictions import Predictions
    from scoring.contract import CalibrationBin, DecisionPolicy

_NO_OUTCOME = "aucune issue connue : les défauts ne se voient qu’après plusieurs mois"


@dataclass(frozen=True, slots=True)
class Vintage:
    """Applications of one period whose outcomes are known: what was expected of them, and what came.

    Attributes
    ----------
    known_share
        Share of the period's applications whose outcome is known; estimate and truth are about those alone.
    """

    period: str
    known_share: float
    estimated: Performance
    realised: Performance


def performance_by_vintage(predictions: Predictions, policy: DecisionPolicy) -> tuple[Vintage, ...] | NotApplicable:
    """Return estimate and truth of each period with known outcomes, oldest first."""
    if predictions.outcome is None:
        return NotApplicable(_NO_OUTCOME)
    if predictions.vintage is None:
        return NotApplicable("la fenêtre ne dit pas de quand date chaque demande (colonne MILLESIME)")
    periods = []
    for period in sorted(set(predictions.vintage)):
        of_period = predictions.vintage == period
        known = of_period & ~np.isnan(predictions.outcome)
        if not known.any():
            continue
        part = _part(predictions, known)
        realised = realised_performance(part, policy)
        if not isinstance(realised, NotApplicable):
            share = float(known.sum() / of_period.sum())
            periods.append(Vintage(str(period), share, estimated_performance(part, policy), realised))
    return tuple(periods)


def calibration_curve(predictions: Predictions, edges: Sequence[float]) -> tuple[CalibrationBin, ...] | NotApplicable:
    """Return foretold and observed default rates over the contract's bins of the probability."""
    if predictions.outcome is None:
        return NotApplicable(_NO_OUTCOME)
    known = ~np.isnan(predictions.outcome)
    probability, outcome = predictions.probability[known], predictions.outcome[known]
    place = bin_of(edges, probability)
    return tuple(calibration_bin(probability[place == one], outcome[place == one]) for one in np.unique(place))


def calibration_gap(predictions: Predictions) -> Measured:
    """Return the distance of the mean probability from the default rate, relative to the latter."""
    if predictions.outcome is None:
        return NotApplicable(_NO_OUTCOME)
    known = ~np.isnan(predictions.outcome)
    default_rate = float(predictions.outcome[known].mean())
    if not default_rate:
        return NotApplicable("aucun défaut parmi les issues connues")
    return abs(float(predictions.probability[known].mean()) - default_rate) / default_rate


def calibration_p_value(predictions: Predictions) -> float | None:
    """Return the chance that right probabilities are as far from the outcomes in total; ``None`` without outcomes.

    The number of defaults is a sum of independent draws, each with the probability that was foretold.
    """
    if predictions.outcome is None:
        return None
    known = ~np.isnan(predictions.outcome)
    probability = predictions.probability[known]
    missed = float(predictions.outcome[known].sum() - probability.sum())
    return difference_p_value(missed, float(np.sqrt(np.sum(probability * (1 - probability)))))


def _part(predictions: Predictions, held: np.ndarray) -> Predictions:
    """Return some of the predictions."""
    outcome = None if predictions.outcome is None else predictions.outcome[held]
    vintage = None if predictions.vintage is None else predictions.vintage[held]
    return type(predictions)(predictions.probability[held], predictions.refused[held], outcome, vintage)
