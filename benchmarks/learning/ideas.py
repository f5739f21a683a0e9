"""Ideas for features that the dictionary does not have, as columns to measure beside those that it has.

Each is of public solutions for this data; what none of them brings to cost or log loss is not worth a line of SQL, nor
a field of the contract. The rate of interest of the credit asked for is not among them: its term is in no table.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from training.features.feature_space import FeatureSpace
from training.schema import load_derived

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from training.schema import InputEntry
    from training.selection.development import Development

KEY = "SK_ID_CURR"
LAST_PAYMENTS = (2, 3, 5)
SLOPE_PAYMENTS = (12, 24, 60)
REGION = "REGION_POPULATION_RELATIVE"


def developments_with_ideas(
    development: Development, ids: np.ndarray, folder: Path
) -> Iterator[tuple[str, Development]]:
    """Yield each idea with the applications that have its columns beside their own.

    Parameters
    ----------
    ids
        ``SK_ID_CURR`` of the applications of `development`, shape ``(n_applications,)``.
    folder
        The tables as Parquet.
    """
    payments = _payments(folder)
    for name, frame in (("last payments", last_payments(payments)), ("slopes of overpayment", slopes(payments))):
        yield name, _with_numbers(development, frame.reindex(ids))
    missing = pd.DataFrame({"MISSING_NUMBER": np.isnan(development.rows).sum(axis=1).astype(float)})
    yield "number of missing fields", _with_numbers(development, missing)
    yield "region as a level", _with_region_as_level(development)


def _payments(folder: Path) -> pd.DataFrame:
    """Return the instalments of each applicant, paid in full on the day of the last part, the newest first."""
    rows = pd.read_parquet(folder / "installments_payments.parquet")
    keys = [KEY, "SK_ID_PREV", "NUM_INSTALMENT_VERSION", "NUM_INSTALMENT_NUMBER", "DAYS_INSTALMENT"]
    parts = rows.groupby(keys).agg(
        due=("AMT_INSTALMENT", "max"), paid=("AMT_PAYMENT", "sum"), paid_on=("DAYS_ENTRY_PAYMENT", "max")
    )
    payments = parts.reset_index()
    payments["delay"] = payments.paid_on - payments.DAYS_INSTALMENT
    payments["overpaid"] = payments.paid / payments.due.where(payments.due > 0) - 1.0
    payments = payments.sort_values([KEY, "DAYS_INSTALMENT", "SK_ID_PREV"], ascending=[True, False, False])
    payments["recency"] = payments.groupby(KEY).cumcount()
    return payments


def last_payments(payments: pd.DataFrame) -> pd.DataFrame:
    """Return by applicant the mean delay and overpayment of the last two, three and five payments."""
    parts = []
    for count in LAST_PAYMENTS:
        means = payments[payments.recency < count].groupby(KEY)[["delay", "overpaid"]].mean()
        parts.append(means.add_suffix(f"_LAST{count}_PAYMENTS"))
    return pd.concat(parts, axis=1)


def slopes(payments: pd.DataFrame) -> pd.DataFrame:
    """Return by applicant what a payment more adds to the overpayment, by least squares over the last payments."""
    found = {}
    for count in SLOPE_PAYMENTS:
        last = payments[(payments.recency < count) & payments.overpaid.notna()]
        place, height = -last.recency.astype(float), last.overpaid
        sums = pd.DataFrame({"n": 1.0, "x": place, "y": height, "xx": place * place, "xy": place * height})
        total = sums.groupby(last[KEY]).sum()
        spread = total.n * total.xx - total.x * total.x
        found[f"OVERPAID_SLOPE_LAST{count}_PAYMENTS"] = (total.n * total.xy - total.x * total.y) / spread.where(
            spread > 0
        )
    return pd.DataFrame(found)


def further_input(like: InputEntry, name: str) -> InputEntry:
    """Return a number that the dictionary does not have, under a name for which the input policy has no direction."""
    return replace(like, name=f"PREVIOUS_IDEA_{name}", kind="number", categories=())


def _with_numbers(development: Development, frame: pd.DataFrame) -> Development:
    entries = [further_input(development.space.inputs[0], str(name)) for name in frame]
    return _with_columns(development, entries, frame.to_numpy(float))


def _with_region_as_level(development: Development) -> Development:
    """Return the applications with the region, told by its population, as a category."""
    names = development.space.input_names
    values = development.rows[:, names.index(REGION)]
    levels = np.unique(values[~np.isnan(values)])
    codes = np.where(np.isnan(values), np.nan, np.searchsorted(levels, values))
    plain = further_input(development.space.inputs[0], "REGION_LEVEL")
    entry = replace(plain, kind="category", categories=tuple(f"{level!r}" for level in levels))
    return _with_columns(development, [entry], codes[:, None])


def _with_columns(development: Development, entries: list[InputEntry], columns: np.ndarray) -> Development:
    space = FeatureSpace.over([*development.space.inputs, *entries], load_derived())
    return development.with_rows(np.hstack([development.rows, columns]), space)
