"""The preparation that public notebooks write in pandas: no check, means, extremes and sums of every number.

Run as a program: ``python -m benchmarks.scale.plain_pandas FOLDER FILE``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

_AGGREGATES = ["mean", "max", "min", "sum"]
_OWNER = "SK_ID_CURR"


def main(folder: Path, out: Path) -> None:
    """Read the CSV tables of a folder, aggregate each history by applicant, merge, and write one table."""
    applications = pd.concat([pd.read_csv(folder / f"application_{part}.csv") for part in ("train", "test")])
    bureau = pd.read_csv(folder / "bureau.csv")
    months = _aggregated(pd.read_csv(folder / "bureau_balance.csv"), "SK_ID_BUREAU", "BALANCE")
    histories = {"BUREAU": bureau.merge(months, on="SK_ID_BUREAU", how="left")}
    for name in ("previous_application", "POS_CASH_balance", "installments_payments", "credit_card_balance"):
        histories[name.upper()] = pd.read_csv(folder / f"{name}.csv")
    for name in list(histories):
        applications = applications.merge(_aggregated(histories.pop(name), _OWNER, name), on=_OWNER, how="left")
    applications.to_parquet(out)


def _aggregated(rows: pd.DataFrame, owner: str, prefix: str) -> pd.DataFrame:
    """Return the usual aggregates of every numeric column by owner."""
    numbers = rows.select_dtypes("number").drop(columns=["SK_ID_PREV", "SK_ID_BUREAU"], errors="ignore")
    numbers[owner] = rows[owner]
    grouped = numbers.groupby(owner).agg(_AGGREGATES)
    grouped.columns = pd.Index([f"{prefix}_{'_'.join(pair).upper()}" for pair in grouped.columns.tolist()])
    return grouped.reset_index()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
