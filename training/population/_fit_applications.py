"""Fit the chain that draws applications."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.population._fit_chain import ChainSettings
from training.population._fit_marginals import NumberSpec
from training.population._fit_tables import COUNT, fit_table, numbered
from training.population.applications import BUILDINGS, COMPLEMENTED, SCENES, model_values

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from training.population.chain import Chain, Codes

_DAYS = NumberSpec(step=1.0, atom_share=0.01, n_intervals=60, decimals=0)
_EXTERNAL = NumberSpec(atom_share=0.01, n_intervals=80, decimals=4)
_LATTICE = NumberSpec(step=0.0001, atom_share=0.0006, n_intervals=60, decimals=4)
_RATIO = NumberSpec(atom_share=0.004, n_intervals=25, decimals=4)
_MONEY = NumberSpec(step=4.5, atom_share=0.0, n_intervals=60, decimals=1)

SPECS: dict[str, NumberSpec] = {
    "DAYS_BIRTH": _DAYS,
    "DAYS_EMPLOYED": _DAYS,
    "DAYS_REGISTRATION": _DAYS,
    "DAYS_ID_PUBLISH": _DAYS,
    "DAYS_LAST_PHONE_CHANGE": _DAYS,
    "OWN_CAR_AGE": COUNT,
    "AMT_INCOME_TOTAL": _MONEY,
    "AMT_GOODS_PRICE": _MONEY,
    "CREDIT_RATIO": NumberSpec(atom_share=0.0, n_intervals=10, decimals=4),
    "ANNUITY_RATIO": NumberSpec(atom_share=0.0004, n_intervals=200, decimals=5),
    "EXT_SOURCE_1": _EXTERNAL,
    "EXT_SOURCE_2": _EXTERNAL,
    "EXT_SOURCE_3": _EXTERNAL,
    "REGION_POPULATION_RELATIVE": NumberSpec(atom_share=0.0, n_intervals=5, decimals=6),
    "TOTALAREA_MODE": _LATTICE,
    **{f"{building}_AVG": _LATTICE for building in BUILDINGS},
    **{f"{building}_{scene}_RATIO": _RATIO for building in BUILDINGS for scene in SCENES},
}

_FIRST = (
    "NAME_CONTRACT_TYPE CODE_GENDER DAYS_BIRTH NAME_INCOME_TYPE FLAG_EMP_PHONE ORGANIZATION_TYPE DAYS_EMPLOYED "
    "OCCUPATION_TYPE NAME_EDUCATION_TYPE NAME_FAMILY_STATUS CNT_CHILDREN ADULTS NAME_HOUSING_TYPE "
    "REGION_POPULATION_RELATIVE REGION_RATING_CLIENT REGION_RATING_CLIENT_W_CITY AMT_INCOME_TOTAL FLAG_OWN_CAR "
    "OWN_CAR_AGE FLAG_OWN_REALTY EXT_SOURCE_2 EXT_SOURCE_1 EXT_SOURCE_3 GOODS_KNOWN AMT_GOODS_PRICE CREDIT_RATIO "
    "ANNUITY_RATIO DAYS_REGISTRATION DAYS_ID_PUBLISH DAYS_LAST_PHONE_CHANGE"
).split()
_REPLACED = {
    "SK_ID_CURR",
    "TARGET",
    "AMT_CREDIT",
    "AMT_ANNUITY",
    "CNT_FAM_MEMBERS",
    "OBS_60_CNT_SOCIAL_CIRCLE",
    "DEF_60_CNT_SOCIAL_CIRCLE",
    *(f"{building}_{scene}" for building in BUILDINGS for scene in SCENES),
}


def fit_applications(applications: pd.DataFrame, is_test: NDArray[np.bool_]) -> tuple[Chain, dict[str, Codes]]:
    """Return the fitted chain and the codes of the real rows (which stay in memory).

    Parameters
    ----------
    applications
        Training applications followed by test applications.
    is_test
        Which rows are test applications.
    """
    # Categories with alike default rates are neighbours: a tree cuts them apart with one comparison.
    categories, values = numbered(applications, applications["TARGET"].astype(float))
    values = model_values(values)
    _settle_ratios(values)
    given = {"IS_TEST": np.where(is_test, 65535, 0).astype(np.uint16)}
    columns = _ordered(list(values))
    chain = fit_table("application", columns, values, categories, SPECS, given, ChainSettings())
    rng = np.random.default_rng(1)
    return chain, given | {m.name: m.codes(m.ranks(values[m.name], rng)) for m in chain.marginals}


def _ordered(names: list[str]) -> list[str]:
    """Return the drawn columns: strong ones first, then flags and counts, buildings, and ratios of buildings."""
    rest = [n for n in names if n not in _FIRST and n not in _REPLACED]
    ratios = [n for n in rest if n.endswith("_RATIO")]
    return [*_FIRST, *(n for n in rest if n not in ratios), *ratios]


def _settle_ratios(values: dict[str, NDArray[np.float64]]) -> None:
    """Bring ratios of buildings that differ by the rounding of the data alone to their commonest value."""
    for building in BUILDINGS:
        average = values[f"{building}_AVG"]
        scale = 1.0 - average if building in COMPLEMENTED else average
        for scene in SCENES:
            ratio = values[f"{building}_{scene}_RATIO"]
            common = _commonest(ratio, scale)
            same = np.abs(ratio - common) * scale <= 0.00021  # noqa: PLR2004
            settled = np.where(same | (np.isnan(ratio) & ~np.isnan(average)), common, ratio)
            values[f"{building}_{scene}_RATIO"] = np.round(settled, 4)


def _commonest(ratio: NDArray[np.float64], scale: NDArray[np.float64]) -> float:
    """Return the commonest ratio, read where the scale is large and rounding matters least."""
    is_large = scale > np.nanquantile(scale, 0.7)
    rounded = np.round(ratio[is_large & ~np.isnan(ratio)], 3)
    unique, counts = np.unique(rounded, return_counts=True)
    near = rounded[np.abs(rounded - unique[np.argmax(counts)]) <= 0.0011]  # noqa: PLR2004
    return float(np.mean(near))
