"""How like the real data a sample is: ``python -m benchmarks.population.likeness --real FOLDER --sample FOLDER``."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import lightgbm as lgb
import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from benchmarks.population.parquet import read_table
from training.errors import TrainingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_KEYS = ("SK_ID_CURR", "SK_ID_PREV", "SK_ID_BUREAU", "TARGET")
_N_ROWS = 20_000
_PARAMETERS = {
    "objective": "binary",
    "num_leaves": 31,
    "learning_rate": 0.06,
    "min_data_in_leaf": 30,
    "num_threads": 1,
    "verbose": -1,
    "seed": 0,
}
_N_ROUNDS = 300


@dataclass(frozen=True)
class TellingApart:
    """What a classifier finds that was trained to tell real rows from drawn ones.

    Parameters
    ----------
    auc
        On rows it has not seen; 0.5 when nothing tells them apart.
    giveaways
        Share of the classifier's gain per column, largest first.
    """

    auc: float
    giveaways: pd.Series


def column_distances(real: pd.DataFrame, sample: pd.DataFrame) -> pd.DataFrame:
    """Return per column the distance of its distributions and the missing shares, farthest first.

    The distance is the largest difference of cumulative shares (numbers; missing counts as the lowest value) or half
    the sum of differences of shares (categories): 0 when equal, 1 when nothing is shared.
    """
    names = [name for name in real if name in sample and name not in _KEYS]
    rows = [
        (name, _distance(real[name], sample[name]), real[name].isna().mean(), sample[name].isna().mean())
        for name in names
    ]
    table = pd.DataFrame(rows, columns=["column", "distance", "missing_real", "missing_sample"])
    return table.sort_values("distance", ascending=False, ignore_index=True)


def pair_distances(real: pd.DataFrame, sample: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the rank correlation of each pair of columns on both sides, most different first."""
    names = list(columns)
    both = [table[names].corr("spearman").to_numpy() for table in (real, sample)]
    upper = np.triu_indices(len(names), k=1)
    table = pd.DataFrame(
        {
            "first": [names[i] for i in upper[0]],
            "second": [names[i] for i in upper[1]],
            "real": both[0][upper],
            "sample": both[1][upper],
        }
    )
    table["difference"] = (table["real"] - table["sample"]).abs()
    return table.sort_values("difference", ascending=False, ignore_index=True)


def tell_apart(real: pd.DataFrame, sample: pd.DataFrame, seed: int = 0) -> TellingApart:
    """Train a classifier on the rows of half of the owners of both sides, and judge it on the other half.

    All rows of an applicant (of a loan, where the table names no applicant) fall on one side of the split: rows of one
    card look alike, and a classifier that had met the card would tell its other months by heart.
    """
    n = min(len(real), len(sample), _N_ROWS)
    names = [name for name in real if name in sample and name not in _KEYS]
    sides = [table.sample(n, random_state=seed) for table in (real, sample)]
    rows = _as_numbers(pd.concat([side[names] for side in sides], ignore_index=True))
    is_drawn = np.repeat([0, 1], n)
    learns = np.concatenate([_in_first_half(side, seed) for side in sides])
    learn, judge = np.flatnonzero(learns), np.flatnonzero(~learns)
    booster = lgb.train(_PARAMETERS, lgb.Dataset(rows.iloc[learn], is_drawn[learn]), num_boost_round=_N_ROUNDS)
    auc = float(roc_auc_score(is_drawn[judge], booster.predict(rows.iloc[judge])))
    gain = pd.Series(booster.feature_importance("gain"), index=names).sort_values(ascending=False)
    return TellingApart(auc, gain / max(float(gain.sum()), 1e-12))


def _in_first_half(rows: pd.DataFrame, seed: int) -> NDArray[np.bool_]:
    """Tell which rows belong to a random half of the owners; of the rows, where the table names no owner."""
    rng = np.random.default_rng(seed)
    key = next((name for name in ("SK_ID_CURR", "SK_ID_BUREAU") if name in rows), None)
    owner = np.arange(len(rows)) if key is None else np.unique(rows[key].to_numpy(), return_inverse=True)[1]
    half: NDArray[np.bool_] = rng.random(int(owner.max()) + 1) < 0.5  # noqa: PLR2004 - half
    return half[owner]


def _distance(real: pd.Series, sample: pd.Series) -> float:
    if pd.api.types.is_numeric_dtype(real):
        return _largest_gap(real.to_numpy(float), sample.to_numpy(float))
    shares = [side.fillna("").value_counts(normalize=True) for side in (real, sample)]
    return float(shares[0].sub(shares[1], fill_value=0.0).abs().sum() / 2)


def _largest_gap(real: NDArray[np.float64], sample: NDArray[np.float64]) -> float:
    """Return the Kolmogorov-Smirnov distance, with missing below every value."""
    sides = [np.sort(np.nan_to_num(side, nan=-np.inf)) for side in (real, sample)]
    places = np.concatenate(sides)
    shares = [np.searchsorted(side, places, side="right") / len(side) for side in sides]
    return float(np.max(np.abs(shares[0] - shares[1])))


def _as_numbers(rows: pd.DataFrame) -> pd.DataFrame:
    """Return categories as codes, which LightGBM then treats as categories."""
    strings = [name for name in rows if not pd.api.types.is_numeric_dtype(rows[name])]
    return rows.astype(dict.fromkeys(strings, "category"))


def main() -> int:
    """Print what tells a table of the sample from the real one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.population.likeness", description=__doc__)
    parser.add_argument("--real", type=Path, required=True, help="folder of the real tables as Parquet")
    parser.add_argument("--sample", type=Path, required=True, help="folder of the sample")
    parser.add_argument("--table", default="application_train", help="table to compare")
    args = parser.parse_args()
    try:
        real, sample = read_table(args.real, args.table), read_table(args.sample, args.table)
    except TrainingError as error:
        sys.stderr.write(f"error {error}\n")
        return 2
    found = tell_apart(real, sample)
    sys.stdout.write(f"{args.table}: real against sample, AUC {found.auc:.3f}\n")
    sys.stdout.write(found.giveaways.head(20).to_string(float_format="%.3f") + "\n")
    sys.stdout.write(column_distances(real, sample).to_string(index=False, float_format="%.3f") + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
