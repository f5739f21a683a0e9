"""Fit distributions of single columns; every piece holds enough rows to hide each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from training.population.drawing.marginals import Marginal

if TYPE_CHECKING:
    from numpy.typing import NDArray

# No value, category or piece of the profile rests on fewer rows than this.
MIN_CELL = 20


@dataclass(frozen=True)
class NumberSpec:
    """How to read a numeric column.

    Parameters
    ----------
    step
        Values are multiples of it; 0 for any value.
    atom_share
        Smallest share of rows that makes a value an atom of its own.
    n_intervals
        About how many intervals the other values are cut into.
    decimals
        Decimals kept of the ends of intervals.
    is_lattice
        Whether values that are too rare to be atoms are left out, so that only the common values are drawn.
    """

    step: float = 0.0
    atom_share: float = 0.002
    n_intervals: int = 60
    decimals: int = 5
    is_lattice: bool = False


def number_marginal(
    name: str, values: NDArray[np.float64], spec: NumberSpec, owners: NDArray[np.int64] | None = None
) -> Marginal:
    """Return the distribution of a numeric column, missing first, atoms and intervals in order of value.

    Parameters
    ----------
    owners
        Applicant of each row: a value is an atom only where enough applicants share it. None where a row is one.
    """
    is_known = ~np.isnan(values)
    known = _trimmed(np.sort(values[is_known]), spec)
    shared = known if owners is None else _shared(values[is_known], owners[is_known])
    pieces = _pieces(known, len(values), spec, shared)
    low, high = (pieces[side].to_numpy(float) for side in ("low", "high"))
    # Atoms keep every digit, so that a drawn value equals the real ones; ends of intervals need not.
    low, high = (np.where(low == high, side, np.round(side, spec.decimals)) for side in (low, high))
    shares = pieces["n"].to_numpy(float)
    n_missing = len(values) - len(known)
    if n_missing >= MIN_CELL:
        low, high, shares = np.r_[np.nan, low], np.r_[np.nan, high], np.r_[float(n_missing), shares]
    return Marginal(name, np.round(shares / shares.sum(), 6), low, high, step=spec.step)


def category_marginal(name: str, values: pd.Series, order: pd.Series) -> Marginal:
    """Return the shares of categories, in increasing mean of `order`; rare ones are left out.

    Parameters
    ----------
    order
        Number per row: neighbours on the rank axis should be alike, since trees cut the axis.
    """
    counts = values.value_counts()
    kept = [str(label) for label in counts.index[counts >= MIN_CELL]]
    means = order.groupby(values).mean()
    kept.sort(key=lambda label: float(means[label]))
    numbers = np.arange(len(kept), dtype=float)
    shares = counts[kept].to_numpy(float)
    n_missing = int(values.isna().sum())
    if n_missing >= MIN_CELL:
        numbers, shares = np.r_[np.nan, numbers], np.r_[float(n_missing), shares]
    return Marginal(name, np.round(shares / shares.sum(), 6), numbers, numbers, labels=tuple(kept))


def category_numbers(values: pd.Series, marginal: Marginal) -> NDArray[np.float64]:
    """Return the number of each category, NaN for missing and for categories that were left out."""
    numbers = {label: float(i) for i, label in enumerate(marginal.labels)}
    return np.asarray(values.map(numbers), dtype=np.float64)


def _trimmed(known: NDArray[np.float64], spec: NumberSpec) -> NDArray[np.float64]:
    """Return sorted values with the ends cut: the profile only knows, roughly, where the last twenty rows begin."""
    if len(known) <= 2 * MIN_CELL:
        return known
    first, last = (
        value if np.sum(known == value) >= MIN_CELL else np.round(value, spec.decimals)
        for value in (known[MIN_CELL - 1], known[-MIN_CELL])
    )
    return np.clip(known, first, last)


def _shared(values: NDArray[np.float64], owners: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the values that enough applicants share."""
    n_owners = pd.DataFrame({"value": values, "owner": owners}).groupby("value")["owner"].nunique()
    return n_owners.index[n_owners >= MIN_CELL].to_numpy(float)


def _pieces(known: NDArray[np.float64], n_rows: int, spec: NumberSpec, shared: NDArray[np.float64]) -> pd.DataFrame:
    """Return first value, last value and rows of each piece of sorted values; only `shared` ones may be atoms."""
    unique, counts = np.unique(known, return_counts=True)
    is_atom = (counts >= max(MIN_CELL, spec.atom_share * n_rows)) & np.isin(unique, shared)
    run = np.cumsum(is_atom | np.r_[False, is_atom[:-1]])
    per_interval = max(MIN_CELL, int(counts[~is_atom].sum() / spec.n_intervals))
    table = pd.DataFrame({"value": unique, "n": counts, "run": run})
    before = table.groupby("run")["n"].cumsum() - table["n"]
    table["part"] = np.where(is_atom, 0, before // per_interval)
    if spec.is_lattice:
        table = table[is_atom]
    pieces = table.groupby(["run", "part"]).agg(low=("value", "min"), high=("value", "max"), n=("n", "sum"))
    return _without_small(pieces.reset_index())


def _without_small(pieces: pd.DataFrame) -> pd.DataFrame:
    """Give the rows of pieces that are too small to the piece before them (the first: to the one after)."""
    is_kept = (pieces["n"] >= MIN_CELL).to_numpy()
    group = np.maximum(np.cumsum(is_kept) - 1, 0)
    total = pieces["n"].groupby(group).sum().to_numpy()
    kept = pieces[is_kept].reset_index(drop=True)
    kept["n"] = total
    return kept[["low", "high", "n"]]
