"""The default rate of applications whose outcome is not known, if nothing but the mix of good and bad has changed.

The fixed point that Saerens, Latinne and Decaestecker (2002) reach by expectation and maximisation: the rate under
which the probabilities of the window are the likeliest. Valid for calibrated probabilities, and where applicants of
either kind look as they did; a change of the relation between inputs and default is beyond it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq

from metrics.intervals import normal_interval
from metrics.values import NotApplicable

if TYPE_CHECKING:
    from scoring.contract import Estimate

_LOWEST, _HIGHEST = 1e-6, 1 - 1e-6


def shifted_default_rate(
    probability: np.ndarray, reference_rate: float, weight: np.ndarray | float = 1.0
) -> Estimate | NotApplicable:
    """Return the likeliest default rate of a window, with the interval of its likelihood.

    Parameters
    ----------
    probability
        Calibrated probabilities of default of the window, shape ``(n_applications,)``.
    reference_rate
        Default rate for which they are calibrated.
    weight
        For how many applications each counts, none for more than 1.

    Examples
    --------
    >>> shifted_default_rate(np.full(100, 0.1), 0.1).reason
    'les probabilités ne distinguent pas les demandes'
    """
    if not 0 < reference_rate < 1:
        return NotApplicable("le taux de défaut de référence n’est pas entre 0 et 1")
    if not np.ptp(probability):
        return NotApplicable("les probabilités ne distinguent pas les demandes")
    as_default = probability / reference_rate
    as_good = (1 - probability) / (1 - reference_rate)

    def slopes(rate: float) -> np.ndarray:
        return np.asarray((as_default - as_good) / (rate * as_default + (1 - rate) * as_good))

    def score(rate: float) -> float:
        return float(np.sum(weight * slopes(rate)))

    # The likelihood is concave: its slope falls from end to end.
    if score(_LOWEST) <= 0 or score(_HIGHEST) >= 0:
        return NotApplicable("aucun taux de défaut entre 0 et 1 n’explique ces probabilités")
    rate = float(brentq(score, _LOWEST, _HIGHEST))
    error = float(1 / np.sqrt(np.sum(weight * slopes(rate) ** 2)))
    return normal_interval(rate, error, low=0.0, high=1.0)
