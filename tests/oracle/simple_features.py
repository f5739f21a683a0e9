"""The aggregates of the best-known public kernel for this data, "LightGBM with simple features", to measure beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from features.tables import load_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

KEY = "SK_ID_CURR"
_WIDE = ("min", "max", "mean")
_SPREAD = ("min", "max", "mean", "var")
_BUREAU: Mapping[str, Sequence[str]] = {
    "DAYS_CREDIT": _SPREAD,
    "DAYS_CREDIT_ENDDATE": _WIDE,
    "DAYS_CREDIT_UPDATE": ("mean",),
    "CREDIT_DAY_OVERDUE": ("max", "mean"),
    "AMT_CREDIT_MAX_OVERDUE": ("mean",),
    "AMT_CREDIT_SUM": ("max", "mean", "sum"),
    "AMT_CREDIT_SUM_DEBT": ("max", "mean", "sum"),
    "AMT_CREDIT_SUM_OVERDUE": ("mean",),
    "AMT_CREDIT_SUM_LIMIT": ("mean", "sum"),
    "AMT_ANNUITY": ("max", "mean"),
    "CNT_CREDIT_PROLONG": ("sum",),
    "MONTHS_MIN": ("min",),
    "MONTHS_MAX": ("max",),
    "MONTHS_SIZE": ("mean", "sum"),
}
_PREVIOUS: Mapping[str, Sequence[str]] = {
    "AMT_ANNUITY": _WIDE,
    "AMT_APPLICATION": _WIDE,
    "AMT_CREDIT": _WIDE,
    "APP_CREDIT_PERC": _SPREAD,
    "AMT_DOWN_PAYMENT": _WIDE,
    "AMT_GOODS_PRICE": _WIDE,
    "HOUR_APPR_PROCESS_START": _WIDE,
    "RATE_DOWN_PAYMENT": _WIDE,
    "DAYS_DECISION": _WIDE,
    "CNT_PAYMENT": ("mean", "sum"),
}
_POS: Mapping[str, Sequence[str]] = {
    "MONTHS_BALANCE": ("max", "mean", "size"),
    "SK_DPD": ("max", "mean"),
    "SK_DPD_DEF": ("max", "mean"),
}
_INSTALMENTS: Mapping[str, Sequence[str]] = {
    "NUM_INSTALMENT_VERSION": ("nunique",),
    "DPD": ("max", "mean", "sum"),
    "DBD": ("max", "mean", "sum"),
    "PAYMENT_PERC": ("max", "mean", "sum", "var"),
    "PAYMENT_DIFF": ("max", "mean", "sum", "var"),
    "AMT_INSTALMENT": ("max", "mean", "sum"),
    "AMT_PAYMENT": ("min", "max", "mean", "sum"),
    "DAYS_ENTRY_PAYMENT": ("max", "mean", "sum"),
}


def simple_features(folder: Path) -> pd.DataFrame:
    """Return the kernel's columns of the labelled applications, by ``SK_ID_CURR``; categories are one column each."""
    own = _read(folder, "application_train", "application")
    frame = pd.concat([_dummies(own.set_index(KEY)), _ratios(own.set_index(KEY))], axis=1)
    parts = (*_of_bureau(folder), *_of_previous(folder), *_of_payments(folder))
    return frame.join([part for part in parts if len(part.columns)]).replace([np.inf, -np.inf], np.nan).sort_index()


def _ratios(own: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "DAYS_EMPLOYED_PERC": own.DAYS_EMPLOYED / own.DAYS_BIRTH,
            "INCOME_CREDIT_PERC": own.AMT_INCOME_TOTAL / own.AMT_CREDIT,
            "INCOME_PER_PERSON": own.AMT_INCOME_TOTAL / own.CNT_FAM_MEMBERS,
            "ANNUITY_INCOME_PERC": own.AMT_ANNUITY / own.AMT_INCOME_TOTAL,
            "PAYMENT_RATE": own.AMT_ANNUITY / own.AMT_CREDIT,
        }
    )


def _of_bureau(folder: Path) -> list[pd.DataFrame]:
    months = _read(folder, "bureau_balance").groupby("SK_ID_BUREAU").MONTHS_BALANCE.agg(["min", "max", "size"])
    months.columns = pd.Index(["MONTHS_MIN", "MONTHS_MAX", "MONTHS_SIZE"])
    rows = _read(folder, "bureau").join(months, on="SK_ID_BUREAU")
    states = {"BURO": rows.index == rows.index, "ACTIVE": rows.CREDIT_ACTIVE == "Active"}
    states["CLOSED"] = rows.CREDIT_ACTIVE == "Closed"
    return [_aggregated(rows[mask], _BUREAU, name, categories=name == "BURO") for name, mask in states.items()]


def _of_previous(folder: Path) -> list[pd.DataFrame]:
    rows = _read(folder, "previous_application")
    rows["APP_CREDIT_PERC"] = rows.AMT_APPLICATION / rows.AMT_CREDIT
    states = {"PREV": rows.index == rows.index, "APPROVED": rows.NAME_CONTRACT_STATUS == "Approved"}
    states["REFUSED"] = rows.NAME_CONTRACT_STATUS == "Refused"
    return [_aggregated(rows[mask], _PREVIOUS, name, categories=name == "PREV") for name, mask in states.items()]


def _of_payments(folder: Path) -> list[pd.DataFrame]:
    paid = _read(folder, "installments_payments")
    paid["PAYMENT_PERC"] = paid.AMT_PAYMENT / paid.AMT_INSTALMENT
    paid["PAYMENT_DIFF"] = paid.AMT_INSTALMENT - paid.AMT_PAYMENT
    paid["DPD"] = (paid.DAYS_ENTRY_PAYMENT - paid.DAYS_INSTALMENT).clip(lower=0)
    paid["DBD"] = (paid.DAYS_INSTALMENT - paid.DAYS_ENTRY_PAYMENT).clip(lower=0)
    card = _read(folder, "credit_card_balance").drop(columns="SK_ID_PREV")
    numbers = [name for name in card.select_dtypes("number") if name != KEY]
    every = dict.fromkeys(numbers, ("min", "max", "mean", "sum", "var"))
    return [
        _aggregated(_read(folder, "POS_CASH_balance"), _POS, "POS", categories=True),
        _aggregated(paid, _INSTALMENTS, "INSTAL", categories=False),
        _aggregated(card, every, "CC", categories=True),
    ]


def _aggregated(
    rows: pd.DataFrame, measures: Mapping[str, Sequence[str]], prefix: str, *, categories: bool
) -> pd.DataFrame:
    """Aggregate numbers as named, and the share of each category."""
    numbers = rows.groupby(KEY).agg({name: list(how) for name, how in measures.items()})
    numbers.columns = pd.Index([f"{prefix}_{name}_{how}" for name, how in numbers.columns])
    if not categories:
        return numbers
    shares = _dummies(rows.select_dtypes("object").assign(**{KEY: rows[KEY]})).groupby(KEY).mean()
    return numbers.join(shares.add_prefix(f"{prefix}_"))


def _dummies(rows: pd.DataFrame) -> pd.DataFrame:
    texts = list(rows.select_dtypes("object"))
    return pd.get_dummies(rows, columns=texts, dtype=float)


def _read(folder: Path, name: str, table: str | None = None) -> pd.DataFrame:
    """Read a table; only the sentinel of days becomes missing, as in the kernel."""
    rows = pd.read_parquet(folder / f"{name}.parquet")
    for column in load_table(table or name).columns:
        if column.sentinel:
            rows[column.name] = rows[column.name].mask(rows[column.name] == column.sentinel)
        elif column.type != "category" and column.name in rows:
            rows[column.name] = rows[column.name].astype(float)
    return rows
