"""Small made-up dossiers: one applicant's raw tables as a client sends them, within their declared vocabularies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from features.tables import HISTORY_TABLES, TABLE_NAMES, load_table
from tests.builders.home_credit import small_tables
from training.schema import load_inputs

if TYPE_CHECKING:
    import pandas as pd

type Dossier = dict[str, Any]

APPLICANT = 100_001


def a_dossier(*, seed: int = 0, applicant: int = APPLICANT) -> Dossier:
    """Return one applicant with rows in every history and what the contract requires, as read from JSON."""
    tables = small_tables(n_train=4, n_test=0, seed=seed)
    required = [entry.name for entry in load_inputs() if entry.required]
    applications = tables["application_train"]
    applications[required] = applications[required].ffill().bfill()
    return dossier_of(tables, applicant)


def dossier_of(tables: dict[str, pd.DataFrame], applicant: int) -> Dossier:
    """Return the rows of one applicant out of whole tables."""
    loans = tables["bureau"].loc[tables["bureau"]["SK_ID_CURR"] == applicant, "SK_ID_BUREAU"]
    dossier: Dossier = {"application": _records(tables["application_train"], "SK_ID_CURR", {applicant})[0]}
    for name in HISTORY_TABLES:
        key, owners = ("SK_ID_BUREAU", set(loans)) if name == "bureau_balance" else ("SK_ID_CURR", {applicant})
        dossier[name] = _records(tables[name], key, owners)
    return dossier


def all_columns() -> dict[str, tuple[str, ...]]:
    """Return every column of every table."""
    return {name: tuple(column.name for column in load_table(name).columns) for name in TABLE_NAMES}


def _records(rows: pd.DataFrame, key: str, owners: set[int]) -> list[dict[str, Any]]:
    return list(json.loads(rows[rows[key].isin(owners)].to_json(orient="records", double_precision=15)))
