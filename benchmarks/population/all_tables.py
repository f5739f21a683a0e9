"""How like the real tables a draw of the sample population is, table by table and across them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from benchmarks.learning.models import REAL_SAMPLE
from benchmarks.population.drawing import APPLICATIONS, SEED, drawn_sample
from benchmarks.population.joined import joined_likeness
from benchmarks.population.likeness import column_distances, pair_distances, tell_apart
from benchmarks.population.parquet import read_tables
from benchmarks.population.side_by_side import default_rates, missing_together, records_per_applicant, set_shift
from training.population.drawing.profile import PROFILE_PATH
from training.population.drawing.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

type Tables = Mapping[str, pd.DataFrame]

SETS = ("application_train", "application_test")
# Tables with an applicant in each row and complete histories in the real sample.
_HISTORIES = ("bureau", "previous_application", "POS_CASH_balance", "credit_card_balance")
_N_GIVEAWAYS = 3
_MOST_PAIRED_ROWS = 60_000
_KEYS = ("SK_ID_CURR", "SK_ID_PREV", "SK_ID_BUREAU")


def measure_population_likeness(
    real: Path = REAL_SAMPLE, *, applications: int = APPLICATIONS, seed: int = SEED
) -> dict[str, Any]:
    """Compare the real tables with a draw; everything returned is an aggregate.

    Raises
    ------
    DataError
        ``TRN155`` when a real table is absent.
    """
    tables = read_tables(real)
    with drawn_sample(applications, seed) as folder:
        sample = read_tables(folder)
    return {"seed": seed, "profile_bytes": PROFILE_PATH.stat().st_size, **likeness(tables, sample)}


def likeness(real: Tables, sample: Tables) -> dict[str, Any]:
    """Return how two sets of tables differ, in aggregates alone."""
    trains = real["application_train"], sample["application_train"]
    ids = {"real": linked_applicants(real), "sample": _all_applicants(sample)}
    return {
        "n_real": {table: len(real[table]) for table in SETS},
        "n_sample": {table: len(sample[table]) for table in SETS},
        "n_linked": len(ids["real"]),
        "tables": {table: _told_apart(real[table], sample[table]) for table in TABLES},
        "missing": _missing(*trains),
        "pairs": {table: _pairs(real[table], sample[table]) for table in TABLES if table != "application_test"},
        "default_rates": _default_rates(*trains),
        "records": {
            table: {
                "real": records_per_applicant(real[table], ids["real"]),
                "sample": records_per_applicant(sample[table], ids["sample"]),
            }
            for table in _HISTORIES
        },
        "shift": _shift(real, sample),
        "joined": joined_likeness(real, sample, (ids["real"], _as_many(real, sample, ids["real"]))),
    }


def linked_applicants(tables: Tables) -> NDArray[np.int64]:
    """Return the applicants whose histories are complete: the first ids of each set, up to the last with a history."""
    has_history = set(tables["previous_application"]["SK_ID_CURR"])
    parts = []
    for part in SETS:
        ids = tables[part]["SK_ID_CURR"].to_numpy()
        last = max(i for i in ids if i in has_history)
        parts.append(ids[ids <= last])
    return np.concatenate(parts)


def _all_applicants(tables: Tables) -> NDArray[np.int64]:
    return np.concatenate([tables[part]["SK_ID_CURR"].to_numpy() for part in SETS])


def _as_many(real: Tables, sample: Tables, ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return as many drawn applicants of each set as there are among some real ones: the sets are not alike."""
    counts = [int(real[part]["SK_ID_CURR"].isin(ids).sum()) for part in SETS]
    return np.concatenate(
        [sample[part]["SK_ID_CURR"].to_numpy()[:count] for part, count in zip(SETS, counts, strict=True)]
    )


def _told_apart(real: pd.DataFrame, sample: pd.DataFrame) -> dict[str, Any]:
    found = tell_apart(real, sample)
    giveaways = found.giveaways.head(_N_GIVEAWAYS).rename_axis("column").rename("share").reset_index()
    distances = column_distances(real, sample)["distance"]
    columns = {"n": len(distances), "median": float(distances.median()), "largest": float(distances.max())}
    return {"auc": found.auc, "giveaways": _rows(giveaways), "columns": columns}


def _missing(real: pd.DataFrame, sample: pd.DataFrame) -> dict[str, Any]:
    found = missing_together(real, sample)
    return {"mean": float(found["difference"].mean()), "farthest": _first(found)}


def _pairs(real: pd.DataFrame, sample: pd.DataFrame) -> dict[str, Any]:
    """Return how far rank correlations differ, over all pairs of numeric columns that vary; no mean without a pair."""
    names = [str(n) for n in real if pd.api.types.is_numeric_dtype(real[n]) and n not in _KEYS and n in sample]
    names = [n for n in names if all(side[n].min() < side[n].max() for side in (real, sample))]
    table = pair_distances(real.head(_MOST_PAIRED_ROWS), sample.head(_MOST_PAIRED_ROWS), names).dropna()
    if table.empty:
        return {"n": 0, "mean": None, "farthest": None}
    return {"n": len(table), "mean": float(table["difference"].mean()), "farthest": _first(table)}


def _default_rates(real: pd.DataFrame, sample: pd.DataFrame) -> dict[str, Any]:
    rates = default_rates(real, sample).drop(columns="error")
    difference = (rates["real"] - rates["sample"]).abs()
    farthest = rates.iloc[[int(difference.argmax())]]
    return {"n": len(rates), "mean": float(difference.mean()), "farthest": _first(farthest)}


def _shift(real: Tables, sample: Tables) -> dict[str, Any]:
    shift = set_shift(*([side[part] for part in SETS] for side in (real, sample)))
    difference = (shift["real"] - shift["sample"]).abs()
    return {"n": len(shift), "mean": float(difference.mean()), "largest": _first(shift)}


def _first(table: pd.DataFrame) -> dict[str, Any]:
    return _rows(table.head(1))[0]


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
