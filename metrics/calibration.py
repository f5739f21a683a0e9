"""How outcomes correct probabilities: the logistic recalibration of Cox (1958), by its slope and its intercept.

A right model has slope 1 and intercept 0. A slope below 1 says that probabilities are too far apart, one of 0 that they
rank nothing; the intercept, with the slope held at 1, says by how much all log-odds are too low.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from metrics.intervals import normal_interval
from metrics.values import NotApplicable

if TYPE_CHECKING:
    from scoring.contract import Estimate

# Of either outcome; below, the normal interval around a logistic fit says more than is known.
FEWEST_OF_EACH = 10
STEPS = 50
SMALL_STEP = 1e-9
# Log-odds of 0 and 1 are infinite; these are beyond what any model says.
LOWEST, HIGHEST = 1e-9, 1 - 1e-9


def calibration_slope(
    probability: np.ndarray, default: np.ndarray, weight: np.ndarray | None = None
) -> Estimate | NotApplicable:
    """Return the slope of the outcomes' log-odds over the foretold ones, 1 where probabilities are right.

    A weight says for how many applications one counts, none for more than 1.

    >>> calibration_slope(np.array([0.1, 0.9]), np.array([0, 1])).reason
    'moins de 10 défauts ou de 10 bons payeurs connus'
    """
    if _too_few(default):
        return _reason()
    log_odds = _log_odds(probability)
    if not np.ptp(log_odds):
        return NotApplicable("une seule probabilité : pas de pente")
    fitted = _fitted(np.column_stack([np.ones_like(log_odds), log_odds]), default, np.zeros(len(log_odds)), weight)
    return fitted if isinstance(fitted, NotApplicable) else fitted[1]


def calibration_intercept(
    probability: np.ndarray, default: np.ndarray, weight: np.ndarray | None = None
) -> Estimate | NotApplicable:
    """Return what all foretold log-odds lack at slope 1, 0 where probabilities are right in total.

    >>> round(calibration_intercept(np.full(2000, 0.5), np.arange(2000) % 5 == 0).value, 3)
    -1.386
    """
    if _too_few(default):
        return _reason()
    log_odds = _log_odds(probability)
    fitted = _fitted(np.ones((len(log_odds), 1)), default, log_odds, weight)
    return fitted if isinstance(fitted, NotApplicable) else fitted[0]


def _too_few(default: np.ndarray) -> bool:
    defaults = int(np.sum(default))
    return min(defaults, len(default) - defaults) < FEWEST_OF_EACH


def _reason() -> NotApplicable:
    return NotApplicable(f"moins de {FEWEST_OF_EACH} défauts ou de {FEWEST_OF_EACH} bons payeurs connus")


def _log_odds(probability: np.ndarray) -> np.ndarray:
    kept = np.clip(probability, LOWEST, HIGHEST)
    return np.asarray(np.log(kept / (1 - kept)))


def _fitted(
    columns: np.ndarray, default: np.ndarray, offset: np.ndarray, weight: np.ndarray | None
) -> list[Estimate] | NotApplicable:
    """Return the coefficients of a logistic regression, by Newton's steps on its likelihood."""
    coefficients = np.zeros(columns.shape[1])
    each = np.ones(len(default)) if weight is None else weight
    for _ in range(STEPS):
        expected = 1 / (1 + np.exp(-np.clip(offset + columns @ coefficients, -700, 700)))
        information = columns.T @ (columns * (each * expected * (1 - expected))[:, None])
        if np.linalg.cond(information) > 1 / SMALL_STEP:
            break
        step = np.linalg.solve(information, columns.T @ (each * (default - expected)))
        coefficients = coefficients + step
        if np.abs(step).max() < SMALL_STEP:
            errors = np.sqrt(np.diag(np.linalg.inv(information)))
            return [normal_interval(float(one), float(error)) for one, error in zip(coefficients, errors, strict=True)]
    return NotApplicable("les issues sont séparées sans reste : la pente n’a pas de valeur finie")
