"""Real applicants told from drawn ones by all that their tables say together, and by the order of their months."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from benchmarks.population.likeness import tell_apart
from features.tables import CREDIT_KEY, MONTH
from training.features.build import build_features
from training.features.learning_data import stored_inputs
from training.sources import load_sources

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from benchmarks.population.likeness import TellingApart

type Tables = Mapping[str, pd.DataFrame]

APPLICATIONS = ("application_train", "application_test")
# The payments of the real sample are scattered ones: what they add up to says nothing.
HISTORIES = ("bureau", "bureau_balance", "previous_application", "POS_CASH_balance", "credit_card_balance")
# Tables with a row a month, with the key of the credit that the months are of.
MONTHLY = {"bureau_balance": "SK_ID_BUREAU", "POS_CASH_balance": CREDIT_KEY, "credit_card_balance": CREDIT_KEY}
_N_MONTHS = 12
_N_GIVEAWAYS = 3


def joined_likeness(real: Tables, sample: Tables, applicants: Sequence[NDArray[Any]]) -> dict[str, Any]:
    """Return how well the features of each table, all of them together, and sequences of months tell the sides apart.

    Parameters
    ----------
    applicants
        Those of each side whose histories are complete.
    """
    sides = [_with_histories(side, ids) for side, ids in zip((real, sample), applicants, strict=True)]
    (features, of_table), (drawn, _) = (_features(side) for side in sides)
    found = {table: _apart(features, drawn, names) for table, names in of_table.items()}
    everything = [name for names in of_table.values() for name in names]
    known, made = sides
    months = {
        table: tell_apart(in_sequence(known[table], key), in_sequence(made[table], key))
        for table, key in MONTHLY.items()
    }
    return {
        "n": [len(features), len(drawn)],
        "n_features": len(everything),
        "tables": {table: _told(one) for table, one in found.items()},
        "all": _told(_apart(features, drawn, everything)),
        "months": {table: _told(one) for table, one in months.items()},
    }


def in_sequence(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return one row a credit: each column of its last twelve months, the last month first.

    Parameters
    ----------
    rows
        One row a credit and month.
    key
        Column that names the credit.
    """
    owner = [name for name in ("SK_ID_CURR", key) if name in rows]
    age = rows.groupby(key)[MONTH].transform("max") - rows[MONTH]
    recent = rows.assign(age=age)[age < _N_MONTHS].drop_duplicates([key, "age"])
    values = [name for name in rows if name not in (*owner, CREDIT_KEY, MONTH)]
    wide = recent.pivot_table(index=owner, columns="age", values=values, aggfunc="first")
    columns = {f"{label[0]}_{label[1]}_BEFORE": str(label[0]) for label in wide.columns.tolist()}
    wide.columns = pd.Index(columns)
    numbers = [column for column, name in columns.items() if pd.api.types.is_numeric_dtype(rows[name])]
    return wide.astype(dict.fromkeys(numbers, float)).reset_index()


def _with_histories(side: Tables, ids: NDArray[Any]) -> dict[str, pd.DataFrame]:
    """Return the tables of some applicants."""
    tables = {name: side[name] for name in (*APPLICATIONS, *HISTORIES) if name != "bureau_balance"}
    kept = {name: rows[rows["SK_ID_CURR"].isin(ids)] for name, rows in tables.items()}
    months = side["bureau_balance"]
    kept["bureau_balance"] = months[months["SK_ID_BUREAU"].isin(kept["bureau"]["SK_ID_BUREAU"])]
    return kept


def _features(tables: Tables) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """Return the feature table, and the names of the features of each raw table."""
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in tables.items():
            rows.to_parquet(Path(folder) / f"{name}.parquet", index=False)
        built = build_features(
            load_sources(Path(folder), tables=HISTORIES, labelled=False), Path(folder) / "all.parquet"
        )
        rows = pd.read_parquet(built.path)
    of_table: dict[str, list[str]] = {}
    for entry in stored_inputs(built):
        of_table.setdefault(entry.table, []).append(entry.name)
    return rows, of_table


def _apart(real: pd.DataFrame, drawn: pd.DataFrame, names: Sequence[str]) -> TellingApart:
    columns = ["SK_ID_CURR", *names]
    return tell_apart(real[columns], drawn[columns])


def _told(found: TellingApart) -> dict[str, Any]:
    shares = found.giveaways.head(_N_GIVEAWAYS)
    return {"auc": found.auc, "giveaways": [{"column": str(name), "share": float(one)} for name, one in shares.items()]}
