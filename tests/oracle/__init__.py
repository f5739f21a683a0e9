"""The same features in pandas: the oracle of the tests, and what the benchmark times beside the SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from features.tables import load_table
from tests.oracle import (
    bureau,
    bureau_balance,
    credit_card_balance,
    installments_payments,
    pos_cash_balance,
    previous_application,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# By table: what computes its features, and the tables it reads.
PANDAS_FEATURES: dict[str, tuple[Callable[..., dict[str, pd.Series]], tuple[str, ...]]] = {
    "bureau": (bureau.features, ("bureau",)),
    "bureau_balance": (bureau_balance.features, ("bureau_balance", "bureau")),
    "previous_application": (previous_application.features, ("previous_application",)),
    "POS_CASH_balance": (pos_cash_balance.features, ("POS_CASH_balance",)),
    "installments_payments": (installments_payments.features, ("installments_payments", "previous_application")),
    "credit_card_balance": (credit_card_balance.features, ("credit_card_balance",)),
}


def feature_frame(folder: Path) -> pd.DataFrame:
    """Return the applications of a folder of Parquet files with their aggregates, the way a notebook does it."""
    applications = pd.concat([_read(folder, name) for name in ("application_train", "application_test")])
    frame = applications.set_index("SK_ID_CURR").sort_index()
    for compute, sources in PANDAS_FEATURES.values():
        aggregates = pd.DataFrame(compute(*(_read(folder, name) for name in sources)))
        frame = frame.join(aggregates, validate="one_to_one")
    return frame


def _read(folder: Path, name: str) -> pd.DataFrame:
    """Read a table whole; sentinels become missing."""
    rows = pd.read_parquet(folder / f"{name}.parquet")
    for column in load_table("application" if name.startswith("application_") else name).columns:
        if column.sentinel is not None:
            rows[column.name] = rows[column.name].mask(rows[column.name] == column.sentinel)
    return rows
