"""A chunk of applicants: what the application shows, the latent traits, the true risk and its outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from training.population.drawing.applications import table_values
from training.population.drawing.chances import happens
from training.population.drawing.marginals import CODE_SCALE
from training.population.drawing.months import DAYS_PER_MONTH
from training.population.drawing.risk import drawn_traits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.population.drawing.codes import Codes, Values
    from training.population.drawing.profile import Profile


# Of two applicants in five the month before the application is not reported yet.
_KNOWN_TO_LAST_MONTH = 0.6
# Every test application has the balances of its loans elsewhere; of the training applications about a third.
_TRAIN_BALANCES = 0.355


@dataclass(frozen=True)
class Applicants:
    """Applicants of one chunk, in the order of their ids.

    Parameters
    ----------
    ids
        ``SK_ID_CURR``.
    is_test
        Which belong to the test applications.
    values
        Columns of the application tables.
    codes
        Codes of drawn columns, for the draws that depend on them.
    traits
        Latent traits by name.
    default_probability
        True probability of default.
    default
        Outcome drawn from it.
    n_bureau, n_previous
        How many loans elsewhere and previous applications each has.
    days_into_month
        On which day of a calendar month each applies: the months of all records are counted from it.
    last_month
        Last month that the lender's monthly records know.
    has_balances
        Whether the monthly balances of the loans elsewhere are known.
    """

    ids: NDArray[np.int64]
    is_test: NDArray[np.bool_]
    values: Values
    codes: dict[str, Codes]
    traits: dict[str, NDArray[np.float64]]
    default_probability: NDArray[np.float64]
    default: NDArray[np.bool_]
    n_bureau: NDArray[np.int64]
    n_previous: NDArray[np.int64]
    days_into_month: NDArray[np.float64]
    last_month: NDArray[np.int64]
    has_balances: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.ids)


def risk_codes(application_risk: NDArray[np.float64]) -> Codes:
    """Return the standardised risk as codes, so that histories can depend on it."""
    codes: Codes = (ndtr(application_risk) * CODE_SCALE).astype(np.uint16)
    return codes


def drawn_applicants(
    profile: Profile, rng: np.random.Generator, ids: NDArray[np.int64], is_test: NDArray[np.bool_]
) -> Applicants:
    """Draw applications, risk and outcome of the applicants with the given ids."""
    n = len(ids)
    set_codes = np.where(is_test, CODE_SCALE, 0).astype(np.uint16)
    drawn = profile.application.draw(rng, n, {"IS_TEST": set_codes})
    risk = profile.risk.application_risk(drawn.codes)
    traits = drawn_traits(rng, n)
    probability = profile.risk.default_probability(risk, traits)
    codes = drawn.codes | {"RISK": risk_codes(risk)}
    counts = profile.counts.draw(rng, n, {name: codes[name] for name in profile.counts.given})
    return Applicants(
        ids,
        is_test,
        table_values(rng, drawn.values, profile.followers, profile.tariffs),
        codes | counts.codes,
        traits,
        probability,
        rng.random(n) < probability,
        counts.values["N_BUREAU"].astype(np.int64),
        counts.values["N_PREVIOUS"].astype(np.int64),
        rng.random(n) * DAYS_PER_MONTH,
        np.where(happens(rng, _KNOWN_TO_LAST_MONTH, n), -1, -2),
        is_test | happens(rng, _TRAIN_BALANCES, n),
    )
