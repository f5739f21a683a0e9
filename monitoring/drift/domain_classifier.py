"""The domain classifier: it tries to tell the current window from the reference (only importer of scikit-learn).

It sees what moved *together*, which no single input shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.inspection import permutation_importance
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from metrics.bins import bin_of, edges_between
from metrics.significance import auc_p_value
from metrics.values import NotApplicable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from monitoring.config import DomainClassifierConfig, MonitoringConfig
    from monitoring.windows.protocol import ReadableWindow
    from scoring.contract import Contract, Input


@dataclass(frozen=True, slots=True)
class GiveAway:
    """An input that gives the current window away: how much of the separation is lost when it is shuffled."""

    name: str
    auc_fall: float


@dataclass(frozen=True, slots=True)
class Separation:
    """How well the two windows can be told apart by all inputs together, out of fold.

    Attributes
    ----------
    auc
        0.5 where nothing tells them apart, 1 where everything does.
    p_value
        Chance of as much between two windows of one population (Mann-Whitney).
    give_aways
        The inputs it rests on, the most telling first; none where chance explains the separation.
    """

    auc: float
    p_value: float
    rows: tuple[int, int]
    give_aways: tuple[GiveAway, ...]


def measure_separation(
    contract: Contract, reference: ReadableWindow, current: ReadableWindow, config: MonitoringConfig
) -> Separation | NotApplicable:
    """Return how well a boosted classifier tells drawn samples of both windows apart, on the mean of several draws."""
    settings = config.domain_classifier
    names = [item.name for item in contract.inputs]
    pools = [window.sample(names, rows=settings.rows * settings.draws) for window in (reference, current)]
    rows = (min(settings.rows, len(pools[0])), min(settings.rows, len(pools[1])))
    if min(rows) < settings.fewest_rows:
        return NotApplicable(f"{min(rows)} demandes dans une fenêtre, il en faut {settings.fewest_rows}")
    edges = {item.name: _edges(pools[0][item.name], settings) for item in contract.inputs if item.kind != "category"}
    # Draws are runs of rows, and the order of the rows may be that of time.
    shuffled = np.random.default_rng(settings.seed)
    encoded = [shuffled.permutation(_encoded(pool, contract.inputs, edges)) for pool in pools]
    is_current = np.repeat([0, 1], rows)
    # One thread: on a busy machine the threads of the trees wait for each other far longer than they work.
    with threadpool_limits(limits=1):
        draws = [
            _Draw.of(
                np.vstack([_turn(pool, turn, n) for pool, n in zip(encoded, rows, strict=True)]), is_current, settings
            )
            for turn in range(_n_draws(encoded, rows))
        ]
        auc = float(np.mean([draw.auc for draw in draws]))
        # Cautious: the mean of several draws strays less than one, but draws may share rows.
        p_value = auc_p_value(auc, n_reference=rows[0], n_current=rows[1])
        told_apart = p_value < config.false_alarm_rate
        give_aways = draws[0].give_aways(names, settings) if told_apart else ()
    return Separation(auc, p_value, rows, give_aways)


def _n_draws(encoded: Sequence[np.ndarray], rows: tuple[int, int]) -> int:
    """Return how many draws give one of the windows other rows each time."""
    return max(1, *(len(pool) // n for pool, n in zip(encoded, rows, strict=True)))


def _turn(pool: np.ndarray, turn: int, n: int) -> np.ndarray:
    """Return the rows of one draw: the next ones of the window, from the beginning again where it is short."""
    start = n * (turn % (len(pool) // n))
    return pool[start : start + n]


def _edges(values: pd.Series, settings: DomainClassifierConfig) -> np.ndarray:
    return edges_between(values.to_numpy(float, na_value=np.nan), settings.bins)


def _encoded(rows: pd.DataFrame, inputs: Sequence[Input], edges: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the rows as numbers: categories by the contract's order, unknown ones after the last.

    A number is its place among the reference's own values, in steps: with the very amounts a tree would find the one
    cent that was added to all of them, and call two like windows another world.
    """
    columns = []
    for item in inputs:
        values = rows[item.name]
        if item.kind == "category":
            columns.append(_codes(values, item))
        else:
            numbers = values.to_numpy(float, na_value=np.nan)
            columns.append(np.where(np.isnan(numbers), np.nan, bin_of(edges[item.name], numbers)))
    return np.column_stack(columns)


def _codes(values: pd.Series, item: Input) -> np.ndarray:
    order = {category: float(place) for place, category in enumerate(item.categories)}
    codes = [np.nan if value is None or value != value else order.get(value, len(order)) for value in values]  # noqa: PLR0124  NaN
    return np.array(codes)


type _Fold = tuple[HistGradientBoostingClassifier, np.ndarray]


@dataclass(frozen=True, slots=True)
class _Draw:
    """A sample of both windows and the classifiers that were fitted on its folds."""

    encoded: np.ndarray
    is_current: np.ndarray
    auc: float
    models: Sequence[_Fold]

    @classmethod
    def of(cls, encoded: np.ndarray, is_current: np.ndarray, settings: DomainClassifierConfig) -> _Draw:
        """Fit the classifiers and measure what they tell apart out of fold."""
        chance, models = _out_of_fold(encoded, is_current, settings)
        return cls(encoded, is_current, float(roc_auc_score(is_current, chance)), models)

    def give_aways(self, names: Sequence[str], settings: DomainClassifierConfig) -> tuple[GiveAway, ...]:
        """Return the inputs whose shuffling loses the most, on the rows a model has not seen."""
        model, held = self.models[0]
        lost = permutation_importance(
            model,
            self.encoded[held],
            self.is_current[held],
            scoring="roc_auc",
            n_repeats=1,
            random_state=settings.seed,
        ).importances_mean
        telling = sorted(zip(names, lost, strict=True), key=lambda one: -one[1])[: settings.shown]
        return tuple(GiveAway(name, float(fall)) for name, fall in telling if fall > 0)


def _out_of_fold(
    encoded: np.ndarray, is_current: np.ndarray, settings: DomainClassifierConfig
) -> tuple[np.ndarray, list[_Fold]]:
    """Return the chance of being current of each row, by a model that has not seen it, and the models."""
    chance, models = np.empty(len(encoded)), []
    folds = StratifiedKFold(settings.folds, shuffle=True, random_state=settings.seed)
    for seen, held in folds.split(encoded, is_current):
        model = HistGradientBoostingClassifier(
            max_iter=settings.trees,
            max_leaf_nodes=settings.leaves,
            max_bins=settings.bins,
            learning_rate=settings.learning_rate,
            early_stopping=False,
            random_state=settings.seed,
        ).fit(encoded[seen], is_current[seen])
        chance[held] = model.predict_proba(encoded[held])[:, 1]
        models.append((model, held))
    return chance, models
