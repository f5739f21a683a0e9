"""Scoring a whole feature table with a bundle, in batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from scoring.contract import MODEL_FILE, load_contract
from scoring.decision import Decision
from scoring.errors import ContractError
from scoring.model import Model
from training.dataset import encode_column
from training.errors import DataError
from training.files import written_file
from training.tables import HISTORY_TABLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BATCH = 50_000


def score_table(bundle: Path, table: Path, out: Path, *, advance: Callable[[int], object] = lambda _: None) -> int:
    """Write ``SK_ID_CURR``, ``probabilite_de_defaut`` and ``classe`` of every application; return their number.

    Parameters
    ----------
    table
        Feature table; an input it does not hold is missing throughout.
    advance
        Called with the number of applications of each batch.
    """
    try:
        contract = load_contract(bundle)
        model = Model(bundle / MODEL_FILE, n_inputs=len(contract.inputs), n_features=len(contract.features))
    except ContractError as error:
        raise DataError("TRN171", f"the bundle cannot be used: {error}") from error
    source = pq.ParquetFile(table)
    stored = set(source.schema_arrow.names)
    columns = ["SK_ID_CURR", *(item.name for item in contract.inputs if item.name in stored)]
    total = 0
    with written_file(out) as temporary, pq.ParquetWriter(temporary, _SCHEMA) as writer:
        for batch in source.iter_batches(BATCH, columns=columns):
            rows = np.full((batch.num_rows, len(contract.inputs)), np.nan)
            for index, item in enumerate(contract.inputs):
                if item.name in stored:
                    categories = item.categories if item.kind == "category" else ()
                    rows[:, index] = encode_column(batch.column(item.name), item.name, categories)
            writer.write_table(_answers(batch.column("SK_ID_CURR"), model, rows, contract.decision.threshold))
            total += batch.num_rows
            advance(batch.num_rows)
    return total


def history_tables(bundle: Path) -> list[str]:
    """Return the history tables that a bundle's inputs are made from.

    Raises
    ------
    DataError
        ``TRN171`` when the bundle cannot be used.
    """
    try:
        inputs = load_contract(bundle).inputs
    except ContractError as error:
        raise DataError("TRN171", f"the bundle cannot be used: {error}") from error
    used = {item.table for item in inputs}
    # A balance hangs on its bureau loan: the one cannot be read without the other.
    return [name for name in HISTORY_TABLES if name in used or (name == "bureau" and "bureau_balance" in used)]


_SCHEMA = pa.schema([("SK_ID_CURR", pa.int64()), ("probabilite_de_defaut", pa.float64()), ("classe", pa.string())])


def _answers(ids: pa.Array, model: Model, rows: np.ndarray, threshold: float) -> pa.Table:
    probability = model.score(rows).default_probability
    decision = np.where(probability >= threshold, Decision.REFUSE.value, Decision.ACCEPT.value)
    return pa.table([ids.cast(pa.int64()), pa.array(probability), pa.array(decision)], schema=_SCHEMA)
