"""What outcomes say once they have come, period by period and over the range of the probability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from metrics.bins import bin_of
from metrics.quality import calibration_bin
from metrics.values import Measured, NotApplicable
from monitoring.drift.outcomes import NO_OUTCOME, is_mature, known_share, periods_of
from monitoring.drift.performance import Performance, estimated_performance, realised_performance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring.config import Maturity
    from monitoring.windows.predictions import Predictions
    from scoring.contract import CalibrationBin, DecisionPolicy


@dataclass(frozen=True, slots=True)
class Vintage:
    """Applications of one period whose outcomes are known: what was expected of them, and what came.

    Attributes
    ----------
    known_accepted, known_refused
        Share of the period's accepted, and refused, applications whose outcome is known; estimate and truth are about
        those alone.
    mature
        Whether the period judges; before that its truth is mostly that of those who defaulted early.
    """

    period: str
    known_accepted: Measured
    known_refused: Measured
    mature: bool
    estimated: Performance
    realised: Performance


def performance_by_vintage(
    predictions: Predictions, policy: DecisionPolicy, maturity: Maturity
) -> tuple[Vintage, ...] | NotApplicable:
    """Return estimate and truth of each period with known outcomes, oldest first."""
    if predictions.outcome is None:
        return NotApplicable(NO_OUTCOME)
    if predictions.vintage is None:
        return NotApplicable("la fenêtre ne dit pas de quand date chaque demande (colonne MILLESIME)")
    known, periods, vintages = ~np.isnan(predictions.outcome), periods_of(predictions), []
    for period in sorted(set(periods)):
        of_period = periods == period
        shown = predictions.at(of_period & known)
        realised = realised_performance(shown, policy)
        if isinstance(realised, NotApplicable):
            continue
        vintages.append(
            Vintage(
                period=str(period),
                known_accepted=known_share(predictions, of_period & ~predictions.refused, "acceptée"),
                known_refused=known_share(predictions, of_period & predictions.refused, "refusée"),
                mature=is_mature(predictions, of_period, period, maturity),
                estimated=estimated_performance(shown, policy),
                realised=realised,
            )
        )
    return tuple(vintages)


def calibration_curve(
    judges: Predictions | NotApplicable, edges: Sequence[float]
) -> tuple[CalibrationBin, ...] | NotApplicable:
    """Return foretold and observed default rates over the contract's bins of the probability.

    Parameters
    ----------
    judges
        The predictions whose outcome may judge, or why there are none.
    """
    if isinstance(judges, NotApplicable):
        return judges
    if judges.outcome is None:
        return NotApplicable(NO_OUTCOME)
    place = bin_of(edges, judges.probability)
    return tuple(
        calibration_bin(
            judges.probability[place == one],
            judges.outcome[place == one],
            None if judges.weights is None else judges.weights[place == one],
        )
        for one in np.unique(place)
    )
