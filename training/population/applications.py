"""The application tables: relations between columns that hold exactly, around a chain that draws the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from training.population.chain import Values


EMPLOYED_SENTINEL = 365243.0
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
# The year of building is scaled from the newest house down, so its complement is what keeps a ratio.
COMPLEMENTED = frozenset({"YEARS_BUILD"})

SCENES = ("MODE", "MEDI")


def building_ratio(average: NDArray[np.float64], other: NDArray[np.float64], building: str) -> NDArray[np.float64]:
    """Return the ratio of a house's mode (or median) to its average, NaN where the average is 0 or missing."""
    if building in COMPLEMENTED:
        average, other = 1.0 - average, 1.0 - other
    return np.divide(other, average, out=np.full(len(average), np.nan), where=average > 0)


def building_value(average: NDArray[np.float64], ratio: NDArray[np.float64], building: str) -> NDArray[np.float64]:
    """Return mode (or median) from the average and the ratio of `building_ratio`, to four decimals."""
    if building in COMPLEMENTED:
        return np.round(np.clip(1.0 - (1.0 - average) * ratio, 0.0, 1.0), 4)
    return np.round(np.clip(average * ratio, 0.0, 1.0), 4)


def model_values(table: Mapping[str, NDArray[np.float64]]) -> Values:
    """Return the columns the chain draws, from the columns of the table (categories already numbered).

    The inverse is `table_values`.
    """
    found = {name: np.asarray(column, dtype=float) for name, column in table.items()}
    goods, credit = found["AMT_GOODS_PRICE"], found["AMT_CREDIT"]
    found["GOODS_KNOWN"] = (~np.isnan(goods)).astype(float)
    found["AMT_GOODS_PRICE"] = goods = np.where(np.isnan(goods), credit, goods)
    found["CREDIT_RATIO"] = np.round(credit / goods, 4)
    found["ANNUITY_RATIO"] = np.round(found["AMT_ANNUITY"] / credit, 5)
    found["ADULTS"] = found["CNT_FAM_MEMBERS"] - found["CNT_CHILDREN"]
    found["OBS_30_LESS_60"] = found["OBS_30_CNT_SOCIAL_CIRCLE"] - found["OBS_60_CNT_SOCIAL_CIRCLE"]
    found["DEF_30_LESS_60"] = found["DEF_30_CNT_SOCIAL_CIRCLE"] - found["DEF_60_CNT_SOCIAL_CIRCLE"]
    for building in BUILDINGS:
        for scene in SCENES:
            average, other = found[f"{building}_AVG"], found[f"{building}_{scene}"]
            found[f"{building}_{scene}_RATIO"] = building_ratio(average, other, building)
    return found


def table_values(drawn: Values) -> Values:
    """Return the columns of the table from the columns the chain drew."""
    found = dict(drawn)
    _add_amounts(found)
    found["CNT_FAM_MEMBERS"] = found["CNT_CHILDREN"] + found["ADULTS"]
    for kind in ("OBS", "DEF"):
        at_30 = found[f"{kind}_30_CNT_SOCIAL_CIRCLE"]
        found[f"{kind}_60_CNT_SOCIAL_CIRCLE"] = np.maximum(at_30 - np.nan_to_num(found[f"{kind}_30_LESS_60"]), 0.0)
    for building in BUILDINGS:
        for scene in SCENES:
            average, ratio = found[f"{building}_AVG"], found[f"{building}_{scene}_RATIO"]
            found[f"{building}_{scene}"] = building_value(average, np.nan_to_num(ratio, nan=1.0), building)
    return found


def _add_amounts(found: Values) -> None:
    """Add credit and annuity, multiples of the money step, from the price of the goods and the two ratios."""
    goods = found["AMT_GOODS_PRICE"]
    found["AMT_CREDIT"] = _money(goods * found["CREDIT_RATIO"])
    found["AMT_ANNUITY"] = _money(found["AMT_CREDIT"] * found["ANNUITY_RATIO"])
    found["AMT_GOODS_PRICE"] = np.where(found["GOODS_KNOWN"] > 0, goods, np.nan)


def _money(amount: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.round(amount / MONEY_STEP) * MONEY_STEP
