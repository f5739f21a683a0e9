"""The application tables: relations between columns that hold exactly, around a chain that draws the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from training.population.drawing.codes import Values
    from training.population.drawing.tariffs import Tariffs


type Floats = NDArray[np.float64]

# Money of the data set comes in multiples of 4.5 (an anonymising factor on whole amounts).
MONEY_STEP = 4.5

# Building measures exist as average, mode and median of the same house; the last two follow the first.
BUILDINGS = (
    "APARTMENTS",
    "BASEMENTAREA",
    "YEARS_BEGINEXPLUATATION",
    "YEARS_BUILD",
    "COMMONAREA",
    "ELEVATORS",
    "ENTRANCES",
    "FLOORSMAX",
    "FLOORSMIN",
    "LANDAREA",
    "LIVINGAPARTMENTS",
    "LIVINGAREA",
    "NONLIVINGAPARTMENTS",
    "NONLIVINGAREA",
)


# A follower with no more common values than this takes only them: floors come in whole numbers.
_COARSE = 120


@dataclass(frozen=True)
class Follower:
    """A measure of a building that nearly always has one value given another measure of it.

    Parameters
    ----------
    name, base
        The measure, and the one it follows.
    is_complemented
        Whether measures are compared by their complements to 1: years are scaled from the newest house down.
    slope
        Usual ratio of the measure to its base.
    bases, values
        Usual value of the measure at frequent values of the base, which rounding and lattices bend away from `slope`.
    """

    name: str
    base: str
    is_complemented: bool
    slope: float
    bases: Floats
    values: Floats

    @property
    def ratio_name(self) -> str:
        """Return the column of the chain that holds the ratio to the usual value."""
        return f"{self.name}_RATIO"

    def usual(self, base: Floats) -> Floats:
        """Return the usual value of the measure; where the base is unknown, that of a usual base."""
        known = np.where(np.isnan(base), _USUAL_BASE, base)
        value = 1.0 - (1.0 - known) * self.slope if self.is_complemented else known * self.slope
        if not len(self.bases):
            return np.round(value, 4)
        place = np.minimum(np.searchsorted(self.bases, known - _HALF_STEP), len(self.bases) - 1)
        is_listed = np.abs(self.bases[place] - known) < _HALF_STEP
        return np.where(is_listed, self.values[place], np.round(value, 4))

    def ratio(self, base: Floats, value: Floats) -> Floats:
        """Return the ratio of the measure to its usual value, NaN where it is missing."""
        usual = self.usual(base)
        if self.is_complemented:
            usual, value = 1.0 - usual, 1.0 - value
        ratio = np.divide(value, usual, out=np.where(np.isnan(value), np.nan, 1.0), where=usual > 0)
        return np.round(np.where(np.abs(value - usual) < _HALF_STEP, 1.0, ratio), 4)

    def value(self, base: Floats, ratio: Floats) -> Floats:
        """Return the measure from base and ratio, to the four decimals of the data set."""
        usual = self.usual(base)
        other = 1.0 - (1.0 - usual) * ratio if self.is_complemented else usual * ratio
        other = np.round(np.clip(other, 0.0, 1.0), 4)
        lattice = np.unique(self.values)
        if 1 < len(lattice) <= _COARSE:
            other = np.where(np.isnan(ratio), np.nan, lattice[_nearest(lattice, other)])
        # A large base has a usual value beyond the scale of the measure.
        return np.where(ratio == 1.0, np.clip(usual, 0.0, 1.0), other)


# Half of the last decimal of building measures.
_HALF_STEP = 0.00005
_USUAL_BASE = 0.1


def _nearest(lattice: Floats, values: Floats) -> NDArray[np.int64]:
    """Return the index of the nearest element of a sorted lattice."""
    between = (lattice[1:] + lattice[:-1]) / 2
    return np.searchsorted(between, values)


# The instalment of a revolving loan as a share of its credit.
REVOLVING_SHARE = 0.05


def model_values(table: Mapping[str, Floats], is_revolving: NDArray[np.bool_]) -> Values:
    """Return the columns the chain draws, from the columns of the table (categories already numbered).

    The inverse is `table_values`; the ratios of followers are added where they are fitted.
    """
    found = {name: np.asarray(column, dtype=float) for name, column in table.items()}
    goods, credit = found["AMT_GOODS_PRICE"], found["AMT_CREDIT"]
    found["GOODS_KNOWN"] = (~np.isnan(goods)).astype(float)
    found["AMT_GOODS_PRICE"] = goods = np.where(np.isnan(goods), credit, goods)
    found["CREDIT_RATIO"] = np.round(credit / goods, 6)
    share = np.round(found["AMT_ANNUITY"] / credit, 6)
    found["ANNUITY_RATIO"] = np.where(is_revolving, REVOLVING_SHARE, share)
    found["ID_LAG"] = found["DAYS_ID_PUBLISH"] - _last_renewal(found["DAYS_BIRTH"])
    found["ADULTS"] = found["CNT_FAM_MEMBERS"] - found["CNT_CHILDREN"]
    found["OBS_30_LESS_60"] = found["OBS_30_CNT_SOCIAL_CIRCLE"] - found["OBS_60_CNT_SOCIAL_CIRCLE"]
    found["DEF_30_LESS_60"] = found["DEF_30_CNT_SOCIAL_CIRCLE"] - found["DEF_60_CNT_SOCIAL_CIRCLE"]
    return found


def table_values(rng: np.random.Generator, drawn: Values, followers: Sequence[Follower], tariffs: Tariffs) -> Values:
    """Return the columns of the table from the columns the chain drew; cash loans follow the price list."""
    found = dict(drawn)
    offered = tariffs.nearest(rng, found["AMT_GOODS_PRICE"], found["CREDIT_RATIO"], found["ANNUITY_RATIO"])
    # A revolving loan has no list: its credit is the price, and its instalment a twentieth of it.
    is_listed = found["ANNUITY_RATIO"] != REVOLVING_SHARE
    for name, ratio in zip(("CREDIT_RATIO", "ANNUITY_RATIO"), offered, strict=True):
        found[name] = np.where(is_listed, np.where(np.isnan(found[name]), np.nan, ratio), found[name])
    _add_amounts(found)
    _add_days(found)
    found["CNT_FAM_MEMBERS"] = found["CNT_CHILDREN"] + found["ADULTS"]
    for kind in ("OBS", "DEF"):
        at_30 = found[f"{kind}_30_CNT_SOCIAL_CIRCLE"]
        found[f"{kind}_60_CNT_SOCIAL_CIRCLE"] = np.maximum(at_30 - np.nan_to_num(found[f"{kind}_30_LESS_60"]), 0.0)
    for days in (30, 60):
        observed, defaulted = (found[f"{kind}_{days}_CNT_SOCIAL_CIRCLE"] for kind in ("OBS", "DEF"))
        # Who has defaulted was observed.
        found[f"DEF_{days}_CNT_SOCIAL_CIRCLE"] = np.where(defaulted > observed, observed, defaulted)
    for follower in followers:
        found[follower.name] = follower.value(found[follower.base], found[follower.ratio_name])
    return found


def _add_amounts(found: Values) -> None:
    """Add credit and annuity, multiples of the money step, from the price of the goods and the two ratios."""
    goods = found["AMT_GOODS_PRICE"]
    found["AMT_CREDIT"] = _money(goods * found["CREDIT_RATIO"])
    found["AMT_ANNUITY"] = _money(found["AMT_CREDIT"] * found["ANNUITY_RATIO"])
    found["AMT_GOODS_PRICE"] = np.where(found["GOODS_KNOWN"] > 0, goods, np.nan)


def _add_days(found: Values) -> None:
    """Add the day of the identity document, and keep every day of a life inside it."""
    born = found["DAYS_BIRTH"]
    found["DAYS_ID_PUBLISH"] = np.clip(_last_renewal(born) + found["ID_LAG"], born, 0.0)
    found["DAYS_REGISTRATION"] = np.maximum(found["DAYS_REGISTRATION"], born)
    employed = found["DAYS_EMPLOYED"]
    is_day = employed <= 0
    found["DAYS_EMPLOYED"] = np.where(is_day, np.maximum(employed, np.minimum(born + _WORKING_AGE, 0.0)), employed)


def _last_renewal(born: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the day an applicant last reached an age at which identity documents are renewed."""
    age = np.where(-born >= _RENEWALS[1], _RENEWALS[1], _RENEWALS[0])
    return np.round(born + age)


# Documents are renewed at 20 and at 45 years; nobody of the data set works before 18. In days.
_RENEWALS = (20 * 365.25, 45 * 365.25)
_WORKING_AGE = 6540.0


def _money(amount: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.round(amount / MONEY_STEP) * MONEY_STEP
