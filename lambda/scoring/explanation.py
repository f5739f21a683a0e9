"""Exact local attributions, from tables that training prepared.

Trees: path-dependent TreeSHAP (Lundberg et al., 2020, "From local explanations to global understanding with
explainable AI for trees", alg. 1). For one leaf the Shapley values depend on the applicant only through which of the
path's d features satisfy their interval, so there are ``2^d`` outcomes and training tabulates them all; explaining is
then comparisons, one look-up per leaf and a sum per feature. Linear winners: each feature's own term less its mean.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from scoring.contract import EXPLAINER_FILE
from scoring.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from scoring.bundle import Bundle

_NO_TABLES = "{} does not hold attribution tables; export the bundle again"


class Explainer(Protocol):
    """What every family's explainer gives."""

    base_value: float
    n_features: int

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """Return log-odds per feature of one row, shape ``(n_features,)``; with `base_value` they sum to the margin."""

    def margin_range(self, features: np.ndarray, unknown: np.ndarray) -> tuple[float, float]:
        """Return margins that those of all completions lie between.

        Parameters
        ----------
        features
            One row, shape ``(n_features,)``.
        unknown
            Which of them may have any value, missing included; the same shape.
        """


@dataclass(frozen=True, slots=True)
class _LeafGroup:
    """Leaves whose paths have the same number d of features.

    Attributes
    ----------
    intervals
        Which interval each leaf asks of its j-th feature, shape ``(d, n_leaves)``.
    offsets
        Row of `table` where each leaf's ``2^d`` outcomes begin, divided by ``2^d``: the number of the leaf.
    table
        Shapley values, shape ``(n_leaves * 2^d, d)``.
    value, tree
        What each leaf adds to the margin, and the number of its tree; shape ``(n_leaves,)``.
    """

    intervals: np.ndarray
    offsets: np.ndarray
    table: np.ndarray
    value: np.ndarray
    tree: np.ndarray

    def values(self, satisfied: np.ndarray) -> np.ndarray:
        """Look up each leaf's values, shape ``(n_leaves * d,)``; `satisfied` says 0 or 1 for each interval."""
        # Horner's scheme: the leaf's number, then one bit a feature, the last feature first.
        outcome = self.offsets.copy()
        for interval in self.intervals[::-1]:
            outcome += outcome
            outcome += satisfied.take(interval)
        return self.table.take(outcome, axis=0).ravel()


class TreeExplainer:
    """Attributions of a sum of trees.

    Parameters
    ----------
    arrays
        As written by ``training.compiler.leaf_tables``: ``base_value``, ``n_features``, ``thresholds`` and
        ``threshold_feature`` (sorted by feature, then value), the distinct intervals ``interval_feature``,
        ``interval_low``, ``interval_high``, ``interval_takes_missing``, ``depths``, and for each depth d
        ``intervals_<d>``, ``table_<d>``, ``value_<d>`` and ``tree_<d>``; ``constant`` is what trees without a split and
        the calibration add.
    """

    def __init__(self, arrays: Mapping[str, np.ndarray]) -> None:
        self.base_value = float(arrays["base_value"])
        self.n_features = int(arrays["n_features"])
        self._thresholds = arrays["thresholds"]
        self._threshold_feature = arrays["threshold_feature"]
        self._feature = arrays["interval_feature"]
        self._low = arrays["interval_low"]
        self._high = arrays["interval_high"]
        self._takes_missing = arrays["interval_takes_missing"]
        self._groups = tuple(
            # Indices of the machine's own size: numpy would convert any other at each look-up.
            _LeafGroup(
                intervals.astype(np.intp),
                np.arange(intervals.shape[1]),
                *(arrays[f"{name}_{depth}"] for name in ("table", "value", "tree")),
            )
            for depth in arrays["depths"].tolist()
            for intervals in [arrays[f"intervals_{depth}"]]
        )
        self._constant = float(arrays["constant"])
        self._n_trees = 1 + max((int(group.tree.max()) for group in self._groups), default=-1)
        # The feature each looked-up value belongs to: leaf by leaf, as `_LeafGroup.values` gives them.
        owners = [self._feature[group.intervals.T].ravel() for group in self._groups]
        self._owner = np.concatenate([np.empty(0, np.int64), *owners])

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """Return log-odds per feature of one row, shape ``(n_features,)``."""
        satisfied = self._satisfied(features).astype(np.int64)
        values = np.concatenate([np.empty(0), *(group.values(satisfied) for group in self._groups)])
        return np.bincount(self._owner, weights=values, minlength=self.n_features)

    def margin_range(self, features: np.ndarray, unknown: np.ndarray) -> tuple[float, float]:
        """Return the sums of each tree's lowest and highest leaf that some completion may reach.

        Each tree is completed by itself, so the true range may be narrower, and is never wider.
        """
        possible = self._satisfied(features) | unknown[self._feature]
        lowest, highest = np.full(self._n_trees, np.inf), np.full(self._n_trees, -np.inf)
        for group in self._groups:
            reached = possible[group.intervals].all(axis=0)
            np.minimum.at(lowest, group.tree[reached], group.value[reached])
            np.maximum.at(highest, group.tree[reached], group.value[reached])
        split = np.isfinite(lowest)
        return self._constant + float(lowest[split].sum()), self._constant + float(highest[split].sum())

    def _satisfied(self, features: np.ndarray) -> np.ndarray:
        """Say for each interval whether the row's value lies in it."""
        # Ranks among a feature's thresholds turn two float comparisons an interval into two of small integers.
        below = self._thresholds < features[self._threshold_feature]
        rank = np.bincount(self._threshold_feature, weights=below, minlength=self.n_features).astype(np.int16)
        missing = np.isnan(features)
        # A missing value has the rank -1, which no interval begins at.
        rank[missing] = -1
        ranks = rank[self._feature]
        inside = (self._low <= ranks) & (ranks <= self._high)
        return np.asarray(inside | (self._takes_missing & missing[self._feature]))


class LinearExplainer:
    """Attributions of a sum of one-feature terms.

    Parameters
    ----------
    arrays
        ``slope``, ``lowest``, ``highest``, ``mean_term`` per feature, shape ``(n_features,)``, and
        ``category_terms`` of shape ``(n_features, n_codes)`` with ``is_category`` telling which row is read.
    """

    def __init__(self, arrays: Mapping[str, np.ndarray]) -> None:
        self.base_value = float(arrays["base_value"])
        self.n_features = len(arrays["slope"])
        self._arrays = dict(arrays)

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """Return log-odds per feature of one row, shape ``(n_features,)``."""
        return np.asarray(self._terms(features) - self._arrays["mean_term"])

    def margin_range(self, features: np.ndarray, unknown: np.ndarray) -> tuple[float, float]:
        """Return the sum of the terms with the lowest and the highest of each unknown one."""
        a = self._arrays
        ends = np.stack([a["slope"] * a["lowest"], a["slope"] * a["highest"]])
        listed = np.where(a["is_category"][:, None], a["category_terms"], 0.0)
        lowest = np.where(a["is_category"], listed.min(axis=1), ends.min(axis=0))
        highest = np.where(a["is_category"], listed.max(axis=1), ends.max(axis=0))
        terms, constant = self._terms(features), self.base_value - float(a["mean_term"].sum())
        return (
            constant + float(np.where(unknown, lowest, terms).sum()),
            constant + float(np.where(unknown, highest, terms).sum()),
        )

    def _terms(self, features: np.ndarray) -> np.ndarray:
        """Return what each feature adds to the margin, shape ``(n_features,)``."""
        a = self._arrays
        numeric = a["slope"] * np.clip(features, a["lowest"], a["highest"])
        codes = np.where(a["is_category"], features, 0.0).astype(np.int64).clip(0, a["category_terms"].shape[1] - 1)
        listed = a["category_terms"][np.arange(len(features)), codes]
        return np.asarray(np.where(a["is_category"], listed, numeric))


def explainer_of(bundle: Bundle) -> Explainer:
    """Return the attributions of a bundle's model.

    Raises
    ------
    ContractError
        ``SCR205`` when the bundle holds no such tables, or those of another model.
    """
    explainer = read_explainer(bundle.content[EXPLAINER_FILE], source=bundle.folder / EXPLAINER_FILE)
    if explainer.n_features != len(bundle.contract.features):
        raise ContractError("SCR205", f"{EXPLAINER_FILE} is of another model; export the bundle again")
    return explainer


def read_explainer(content: bytes, *, source: Path | str = EXPLAINER_FILE) -> Explainer:
    """Read attribution tables; nothing is unpickled.

    Raises
    ------
    ContractError
        ``SCR205`` when `content` is no such tables; `source` names it in the message.
    """
    kinds: dict[str, Callable[[Mapping[str, np.ndarray]], Explainer]] = {
        "tree": TreeExplainer,
        "linear": LinearExplainer,
    }
    arrays = read_tables(content, source=source)
    try:
        return kinds[str(arrays["kind"])](arrays)
    except (ValueError, TypeError, KeyError) as error:
        raise ContractError("SCR205", _NO_TABLES.format(source)) from error


def read_tables(content: bytes, *, source: Path | str = EXPLAINER_FILE) -> dict[str, np.ndarray]:
    """Read the arrays of attribution tables; nothing is unpickled.

    Raises
    ------
    ContractError
        ``SCR205`` when `content` is no archive of arrays; `source` names it in the message.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except (OSError, EOFError, ValueError, TypeError, KeyError, zipfile.BadZipFile) as error:
        raise ContractError("SCR205", _NO_TABLES.format(source)) from error
