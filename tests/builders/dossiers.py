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
# Values that go together: drawn each on its own they would break the rules across fields.
COHERENT = {
    "NAME_CONTRACT_TYPE": "Cash loans",
    "FLAG_OWN_CAR": "Y",
    "OWN_CAR_AGE": 5,
    "CNT_CHILDREN": 1,
    "CNT_FAM_MEMBERS": 3,
    "AMT_INCOME_TOTAL": 180_000.0,
    "AMT_CREDIT": 450_000.0,
    "AMT_ANNUITY": 22_500.0,
    "AMT_GOODS_PRICE": 420_000.0,
    "NAME_INCOME_TYPE": "Working",
    "OCCUPATION_TYPE": "Laborers",
    "ORGANIZATION_TYPE": "Business Entity Type 3",
    "DAYS_BIRTH": -15_000,
    "DAYS_EMPLOYED": -2_000,
    "DAYS_REGISTRATION": -4_000,
    "DAYS_ID_PUBLISH": -3_000,
    "DAYS_LAST_PHONE_CHANGE": -500,
}


def a_dossier(*, seed: int = 0, applicant: int = APPLICANT) -> Dossier:
    """Return one applicant with rows in every history and what the contract requires, as read from JSON."""
    tables = small_tables(n_train=4, n_test=0, seed=seed)
    required = [entry.name for entry in load_inputs() if entry.required]
    applications = tables["application_train"]
    applications[required] = applications[required].ffill().bfill()
    dossier = dossier_of(tables, applicant)
    dossier["application"] |= COHERENT
    return dossier


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
