"""Fit the chain that draws applications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from training.population.drawing.applications import BUILDINGS, Follower, model_values
from training.population.drawing.marginals import CODE_SCALE
from training.population.fitting.chain import ChainSettings
from training.population.fitting.correction import CorrectionSettings
from training.population.fitting.followers import PAIRS, fit_followers
from training.population.fitting.marginals import NumberSpec
from training.population.fitting.tables import COUNT, fit_table, numbered

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from training.population.drawing.chain import Chain
    from training.population.drawing.codes import Codes

_DAYS = NumberSpec(step=1.0, atom_share=0.005, n_intervals=120, decimals=0)
_EXTERNAL = NumberSpec(atom_share=0.01, n_intervals=80, decimals=4)
_LATTICE = NumberSpec(step=0.0001, atom_share=0.0006, n_intervals=60, decimals=4)
_COARSE = NumberSpec(atom_share=0.0, is_lattice=True)
_COARSE_BUILDINGS = {
    "ELEVATORS",
    "ENTRANCES",
    "FLOORSMAX",
    "FLOORSMIN",
    "NONLIVINGAPARTMENTS",
    "YEARS_BEGINEXPLUATATION",
}
_RATIO = NumberSpec(atom_share=0.004, n_intervals=25, decimals=4)
_MONEY = NumberSpec(step=4.5, atom_share=0.0, n_intervals=60, decimals=1)

SPECS: dict[str, NumberSpec] = {
    "DAYS_BIRTH": _DAYS,
    "DAYS_EMPLOYED": _DAYS,
    "DAYS_REGISTRATION": _DAYS,
    "ID_LAG": _DAYS,
    "DAYS_LAST_PHONE_CHANGE": _DAYS,
    "OWN_CAR_AGE": COUNT,
    "AMT_INCOME_TOTAL": _MONEY,
    "AMT_GOODS_PRICE": _MONEY,
    "CREDIT_RATIO": NumberSpec(atom_share=0.0, decimals=6, is_lattice=True),
    "ANNUITY_RATIO": NumberSpec(atom_share=0.0, n_intervals=200, decimals=6),
    "EXT_SOURCE_1": _EXTERNAL,
    "EXT_SOURCE_2": _EXTERNAL,
    "EXT_SOURCE_3": NumberSpec(atom_share=0.0, is_lattice=True),
    "REGION_POPULATION_RELATIVE": NumberSpec(atom_share=0.0, decimals=6, is_lattice=True),
    **{f"{building}_AVG": _COARSE if building in _COARSE_BUILDINGS else _LATTICE for building in BUILDINGS},
    **{f"{name}_RATIO": _RATIO for name, _ in PAIRS},
}

_FIRST = [
    "NAME_CONTRACT_TYPE",
    "CODE_GENDER",
    "DAYS_BIRTH",
    "NAME_INCOME_TYPE",
    "FLAG_EMP_PHONE",
    "ORGANIZATION_TYPE",
    "DAYS_EMPLOYED",
    "OCCUPATION_TYPE",
    "NAME_EDUCATION_TYPE",
    "NAME_FAMILY_STATUS",
    "CNT_CHILDREN",
    "ADULTS",
    "NAME_HOUSING_TYPE",
    "REGION_POPULATION_RELATIVE",
    "REGION_RATING_CLIENT",
    "REGION_RATING_CLIENT_W_CITY",
    "AMT_INCOME_TOTAL",
    "FLAG_OWN_CAR",
    "OWN_CAR_AGE",
    "FLAG_OWN_REALTY",
    "EXT_SOURCE_2",
    "EXT_SOURCE_1",
    "EXT_SOURCE_3",
    "GOODS_KNOWN",
    "AMT_GOODS_PRICE",
    "CREDIT_RATIO",
    "ANNUITY_RATIO",
    "DAYS_REGISTRATION",
    "ID_LAG",
    "DAYS_LAST_PHONE_CHANGE",
]
# What only makes sense within another column's value.
_STRATA = {
    "ORGANIZATION_TYPE": "NAME_INCOME_TYPE",
    "DAYS_EMPLOYED": "NAME_INCOME_TYPE",
    "OCCUPATION_TYPE": "NAME_INCOME_TYPE",
    "ADULTS": "NAME_FAMILY_STATUS",
    "NAME_TYPE_SUITE": "NAME_FAMILY_STATUS",
    "REGION_RATING_CLIENT": "REGION_POPULATION_RELATIVE",
    "REGION_RATING_CLIENT_W_CITY": "REGION_RATING_CLIENT",
    "OWN_CAR_AGE": "FLAG_OWN_CAR",
    "GOODS_KNOWN": "NAME_CONTRACT_TYPE",
    "CREDIT_RATIO": "NAME_CONTRACT_TYPE",
    "ANNUITY_RATIO": "NAME_CONTRACT_TYPE",
}
_REPLACED = {
    "SK_ID_CURR",
    "TARGET",
    "AMT_CREDIT",
    "AMT_ANNUITY",
    "DAYS_ID_PUBLISH",
    "CNT_FAM_MEMBERS",
    "OBS_60_CNT_SOCIAL_CIRCLE",
    "DEF_60_CNT_SOCIAL_CIRCLE",
    *(name for name, _ in PAIRS),
}


@dataclass(frozen=True)
class FittedApplications:
    """The fitted chain, the followers, and the codes of the real rows (which stay in memory)."""

    chain: Chain
    followers: tuple[Follower, ...]
    codes: dict[str, Codes]


def fit_applications(
    applications: pd.DataFrame, is_test: NDArray[np.bool_], settings: ChainSettings | None = None
) -> FittedApplications:
    """Fit the application tables.

    Parameters
    ----------
    applications
        Training applications followed by test applications.
    is_test
        Which rows are test applications.
    settings
        How fine the chain is fitted.
    """
    # Categories with alike default rates are neighbours: a tree cuts them apart with one comparison.
    categories, values = numbered(applications, applications["TARGET"].astype(float))
    is_revolving = (applications["NAME_CONTRACT_TYPE"] == "Revolving loans").to_numpy()
    values = model_values(values, is_revolving)
    followers = fit_followers(values)
    for follower in followers:
        values[follower.ratio_name] = follower.ratio(values[follower.base], values[follower.name])
    given = {"IS_TEST": np.where(is_test, CODE_SCALE, 0).astype(np.uint16)}
    columns = _ordered(list(values))
    chain = fit_table(
        "application", columns, values, categories, SPECS, given, settings or _SETTINGS,
        _corrections(columns),
        strata=_STRATA,
    )  # fmt: skip
    rng = np.random.default_rng(1)
    codes = {m.name: m.codes(m.ranks(values[m.name], rng)) for m in chain.marginals}
    return FittedApplications(chain, followers, given | codes)


def _ordered(names: list[str]) -> list[str]:
    """Return the drawn columns: strong ones first, then flags and counts, buildings, and ratios of buildings."""
    rest = [n for n in names if n not in _FIRST and n not in _REPLACED]
    ratios = [n for n in rest if n.endswith("_RATIO")]
    houses = [n for n in rest if n.endswith(("_AVG", "_MODE"))]
    others = [n for n in rest if n not in {*ratios, *houses}]
    return [*_FIRST, *others, *houses, *ratios]


_SETTINGS = ChainSettings(n_leaves=180, min_leaf=200)
# Blocks of many columns: the trees of a correction each see half of them.
_WIDE = CorrectionSettings(n_rounds=2, n_trees=200, min_leaf=300, n_candidates=4, feature_fraction=0.5)
_LIGHT = CorrectionSettings(n_rounds=1, n_trees=60, n_leaves=8, n_candidates=2, feature_fraction=0.5)


def _corrections(columns: list[str]) -> dict[str, CorrectionSettings]:
    """Return the blocks that are corrected together: strong columns, flags and counts, buildings."""
    first_house = min(i for i, name in enumerate(columns) if name.endswith(("_AVG", "_MODE")))
    return {
        _FIRST[-1]: _WIDE,
        columns[first_house - 1]: _LIGHT,
        columns[-1]: _WIDE,
    }
