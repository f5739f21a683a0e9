"""What the model predicted in a window, checked at the door."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from monitoring.errors import MonitoringError
from scoring.decision import Decision, refuses


@dataclass(frozen=True, slots=True)
class Predictions:
    """Predictions of one window.

    Attributes
    ----------
    probability
        Probability of default, shape ``(n_applications,)``.
    refused
        True where the application was refused.
    outcome
        1 default, 0 none, NaN not known yet; ``None`` when the window has no outcomes at all.
    vintage
        Period each application was made in, such as ``2026-11``; ``None`` when the window does not tell.
    weights
        For how many applications each counts, none for more than 1; ``None`` where each is one.
    """

    probability: np.ndarray
    refused: np.ndarray
    outcome: np.ndarray | None
    vintage: np.ndarray | None = None
    weights: np.ndarray | None = None

    @property
    def weight(self) -> np.ndarray:
        """For how many applications each counts, shape ``(n_applications,)``."""
        return np.ones(len(self.probability)) if self.weights is None else self.weights

    def at(self, places: np.ndarray) -> Predictions:
        """Return the predictions at some places, or where an array of the same length is true."""
        rest = (None if one is None else one[places] for one in (self.outcome, self.vintage, self.weights))
        return Predictions(self.probability[places], self.refused[places], *rest)


def checked_predictions(
    *,
    probability: np.ndarray,
    decision: np.ndarray,
    outcome: np.ndarray | None,
    threshold: float | np.ndarray,
    source: str,
    vintage: np.ndarray | None = None,
    weights: np.ndarray | None = None,
) -> Predictions:
    """Return the predictions, or say why they cannot be used.

    Parameters
    ----------
    threshold
        In force for all applications, or for each.

    Raises
    ------
    MonitoringError
        ``MON906`` applications without a prediction, ``MON907`` predictions that are not probabilities, ``MON908``
        decisions taken at another threshold than the contract's.
    """
    absent = int(np.isnan(probability).sum())
    if absent:
        raise MonitoringError(
            "MON906", f"{source} has no prediction for {absent:,} application(s); score the window again"
        )
    impossible = int(((probability < 0) | (probability > 1)).sum())
    if impossible:
        raise MonitoringError(
            "MON907", f"{source} has {impossible:,} prediction(s) outside [0, 1]; score the window again"
        )
    refused = np.asarray(decision == Decision.REFUSE.value)
    other = int((refused != refuses(probability, threshold=threshold)).sum())
    if other:
        detail = f"{other:,} decision(s) were not taken at the threshold of this bundle"
        raise MonitoringError("MON908", f"{source}: {detail}; give the bundle that decided, or score the window again")
    known = outcome is not None and not np.isnan(outcome).all()
    return Predictions(probability, refused, outcome if known else None, vintage, weights)
