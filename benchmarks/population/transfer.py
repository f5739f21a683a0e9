"""What a model learned from drawn applications is worth on real ones, and what it finds strong and whom it accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import lightgbm as lgb
import numpy as np
import pandas as pd
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

from benchmarks.learning.models import REAL_SAMPLE
from benchmarks.population.drawing import SEED, drawn_sample
from benchmarks.population.parquet import read_table
from metrics.costs import choose_threshold, costs_per_application

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

type Floats = NDArray[np.float64]

_PARAMETERS = {
    "objective": "binary",
    "learning_rate": 0.03,
    "num_leaves": 24,
    "min_data_in_leaf": 80,
    "feature_fraction": 0.3,
    "lambda_l2": 5.0,
    "num_threads": 1,
    "verbose": -1,
    "seed": 0,
}
_N_ROUNDS, _N_FOLDS, _N_STRONGEST = 400, 3, 20
_NOT_READ = ("SK_ID_CURR", "TARGET")
# Groups whose acceptance is compared; protected, and no input of the models here either.
GROUPS = {"sex": "CODE_GENDER", "family status": "NAME_FAMILY_STATUS", "age": "DAYS_BIRTH"}
_PROTECTED = ("CODE_GENDER", "NAME_FAMILY_STATUS")
_AGES = (0, 30, 40, 50, 60, 120)
# A group with fewer applications has no acceptance worth comparing.
_FEWEST = 1_000


def measure_population_transfer(real: Path = REAL_SAMPLE, *, seed: int = SEED) -> dict[str, Any] | None:
    """Compare models learned from real and from drawn applications, judged on the same real ones.

    ``None`` without the real applications. The model of real rows is judged out of fold; the model of drawn rows has as
    many to learn from as each fold gives.
    """
    if not real.is_dir():
        return None
    train = read_table(real, "application_train")
    n_learned = len(train) * (_N_FOLDS - 1) // _N_FOLDS
    with drawn_sample(len(train), seed) as folder:
        drawn = read_table(folder, "application_train")
    real_inputs, drawn_inputs = _inputs(train, drawn)
    default = train["TARGET"].to_numpy()
    own, own_gain = _out_of_fold(real_inputs, default)
    booster = _learned(drawn_inputs.head(n_learned), drawn["TARGET"].to_numpy()[:n_learned])
    carried = np.asarray(booster.predict(real_inputs))
    drawn_own, _ = _out_of_fold(drawn_inputs, drawn["TARGET"].to_numpy())
    gains = _strongest(own_gain, booster)
    return {
        "n": len(train),
        "seed": seed,
        "real": _judged(own, default),
        "carried": _judged(carried, default),
        "drawn": _judged(drawn_own, drawn["TARGET"].to_numpy()),
        "strongest": {"n": _N_STRONGEST, "rank_correlation": gains},
        "acceptance": _acceptance({"real": (train, own), "sample": (drawn, drawn_own)}),
    }


def _inputs(*sides: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the inputs of each side, categories numbered alike, with the ratios that models lean on."""
    joined = pd.concat(sides, keys=range(len(sides)))
    table = joined.drop(columns=[*_NOT_READ, *_PROTECTED])
    strings = [name for name in table if not pd.api.types.is_numeric_dtype(table[name])]
    table = table.astype(dict.fromkeys(strings, "category"))
    table["ANNUITY_SHARE"] = table["AMT_ANNUITY"] / table["AMT_CREDIT"]
    table["GOODS_SHARE"] = table["AMT_CREDIT"] / table["AMT_GOODS_PRICE"]
    table["EXT_MEAN"] = table[[f"EXT_SOURCE_{i}" for i in (1, 2, 3)]].mean(axis=1)
    table["EMPLOYED_SHARE"] = table["DAYS_EMPLOYED"].where(table["DAYS_EMPLOYED"] < 0) / table["DAYS_BIRTH"]
    ends = np.cumsum([len(side) for side in sides])
    return [table.iloc[end - len(side) : end].reset_index(drop=True) for end, side in zip(ends, sides, strict=True)]


def _learned(inputs: pd.DataFrame, default: NDArray[np.int64]) -> lgb.Booster:
    return lgb.train(_PARAMETERS, lgb.Dataset(inputs, default), num_boost_round=_N_ROUNDS)


def _out_of_fold(inputs: pd.DataFrame, default: NDArray[np.int64]) -> tuple[Floats, pd.Series]:
    """Return probabilities out of fold, and the gain of each input over the folds."""
    probability, gains = np.zeros(len(default)), np.zeros(inputs.shape[1])
    for learn, judge in StratifiedKFold(_N_FOLDS, shuffle=True, random_state=0).split(inputs, default):
        booster = _learned(inputs.iloc[learn], default[learn])
        probability[judge] = booster.predict(inputs.iloc[judge])
        gains += booster.feature_importance("gain")
    return probability, pd.Series(gains, index=inputs.columns)


def _strongest(own_gain: pd.Series, carried: lgb.Booster) -> float:
    """Return the rank correlation of gains, over the inputs that are strongest on real rows."""
    other = pd.Series(carried.feature_importance("gain"), index=carried.feature_name())
    names = own_gain.sort_values(ascending=False).head(_N_STRONGEST).index
    return float(spearmanr(own_gain[names], other[names]).statistic)


def _judged(probability: Floats, default: NDArray[np.int64]) -> dict[str, float]:
    """Return AUC and cost at the threshold that is best there."""
    threshold = choose_threshold(probability, default, seed=0).threshold
    cost = float(np.mean(costs_per_application(probability, default, threshold=threshold)))
    return {"auc": float(roc_auc_score(default, probability)), "cost": cost}


def _acceptance(sides: Mapping[str, tuple[pd.DataFrame, Floats]]) -> dict[str, dict[str, float]]:
    """Return the lowest acceptance over the highest, by attribute and side."""
    return {
        attribute: {
            side: _ratio(_group(rows[column]), probability, rows["TARGET"].to_numpy())
            for side, (rows, probability) in sides.items()
        }
        for attribute, column in GROUPS.items()
    }


def _group(column: pd.Series) -> pd.Series:
    """Return groups of a column: ages in bands, anything else as it is."""
    return pd.cut(-column / 365.25, _AGES).astype(str) if pd.api.types.is_numeric_dtype(column) else column


def _ratio(group: pd.Series, probability: Floats, default: NDArray[np.int64]) -> float:
    """Return the lowest acceptance rate over the highest, among groups that are large enough."""
    accepted = pd.Series(probability < choose_threshold(probability, default, seed=0).threshold)
    by_group = accepted.groupby(group.to_numpy()).agg(["mean", "size"])
    rates = by_group["mean"][by_group["size"] >= _FEWEST]
    return float(rates.min() / rates.max())
