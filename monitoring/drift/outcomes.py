"""Which outcomes may judge: those of periods in which nearly every accepted application has one.

A default is known before a good payer is: while a period is young, its known outcomes are defaults. And whoever was
refused has no outcome at all. What is known of whom is said, and what is too young judges nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from metrics.values import Measured, NotApplicable

if TYPE_CHECKING:
    from monitoring.config import Maturity
    from monitoring.windows.predictions import Predictions

NO_OUTCOME = "aucune issue connue : les défauts ne se voient qu’après plusieurs mois"
WITHOUT_PERIOD = ""


@dataclass(frozen=True, slots=True)
class KnownOutcomes:
    """Of how many applications the outcome is known, and which may judge.

    Attributes
    ----------
    accepted, refused
        Share of the accepted, and of the refused, whose outcome is known.
    mature, immature
        Periods that judge, and those with known outcomes that are too young to.
    n_judging
        Applications with an outcome in the mature periods.
    """

    accepted: Measured
    refused: Measured
    mature: tuple[str, ...]
    immature: tuple[str, ...]
    n_judging: int


def known_outcomes(predictions: Predictions, maturity: Maturity) -> KnownOutcomes | NotApplicable:
    """Return what is known of a window's outcomes."""
    if predictions.outcome is None:
        return NotApplicable(NO_OUTCOME)
    known = _known(predictions)
    periods = periods_of(predictions)
    begun = [period for period in sorted(set(periods)) if known[periods == period].any()]
    mature = [period for period in begun if is_mature(predictions, periods == period, period, maturity)]
    return KnownOutcomes(
        accepted=known_share(predictions, ~predictions.refused, "acceptée"),
        refused=known_share(predictions, predictions.refused, "refusée"),
        mature=tuple(mature),
        immature=tuple(period for period in begun if period not in mature),
        n_judging=int((known & np.isin(periods, mature)).sum()),
    )


def judging(predictions: Predictions, maturity: Maturity) -> Predictions | NotApplicable:
    """Return the predictions whose outcome is known and may judge, or why there are none."""
    found = known_outcomes(predictions, maturity)
    if isinstance(found, NotApplicable):
        return found
    if not found.n_judging:
        return NotApplicable(
            f"les issues connues sont trop jeunes pour juger : moins de {maturity.known_share:.0%} des demandes "
            "acceptées de chaque millésime ont la leur"
        )
    return predictions.at(_known(predictions) & np.isin(periods_of(predictions), found.mature))


def periods_of(predictions: Predictions) -> np.ndarray:
    """Return the period of each application; one for all where the window does not tell."""
    if predictions.vintage is None:
        return np.full(len(predictions.probability), WITHOUT_PERIOD)
    return predictions.vintage


def is_mature(predictions: Predictions, of_period: np.ndarray, period: str, maturity: Maturity) -> bool:
    """Tell whether a period may judge: the lender says so, or nearly all its accepted have their outcome."""
    if period and maturity.until and period <= maturity.until:
        return True
    share = known_share(predictions, of_period & ~predictions.refused, "acceptée")
    return isinstance(share, NotApplicable) or share >= maturity.known_share


def _known(predictions: Predictions) -> np.ndarray:
    """Tell which outcomes are known."""
    if predictions.outcome is None:
        return np.zeros(len(predictions.probability), bool)
    return ~np.isnan(predictions.outcome)


def known_share(predictions: Predictions, among: np.ndarray, called: str) -> Measured:
    """Return the share of known outcomes among some applications."""
    if not among.any():
        return NotApplicable(f"aucune demande {called}")
    return float(np.average(_known(predictions)[among], weights=predictions.weight[among]))
