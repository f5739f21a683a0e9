"""The scorecard: a few characteristics in monotone bins, one logistic regression over their weights of evidence.

It is read as a card: each bin adds its points, and nothing else does. As neutral form it is one tree a
characteristic, so that graph, attributions and the proof of directions are those of every other family.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from scoring.contract import Text
from training.candidates.binning import BinningRule, Bins, bin_categories, bin_numbers
from training.candidates.family import Family
from training.candidates.logistic import fit_signed
from training.candidates.search_space import SearchSpace
from training.compiler.ensembles import LEAF, Tree, TreeEnsemble, single_leaf

if TYPE_CHECKING:
    from training.candidates import Fit, Settings
    from training.compiler.columns import Columns

_LARGEST = float(np.finfo(np.float64).max)


@dataclass(frozen=True, slots=True)
class Characteristic:
    """A column of the card.

    Attributes
    ----------
    feature
        Its place in the feature matrix.
    coefficient
        Of its weight of evidence; never negative, so that bins keep their order.
    cover
        Weighted applications of training by bin, the missing last; shape ``(n_bins + 1,)``.
    """

    feature: int
    bins: Bins
    coefficient: float
    cover: np.ndarray

    @property
    def terms(self) -> np.ndarray:
        """Log-odds that each bin adds, the missing one last; shape ``(n_bins + 1,)``."""
        return self.coefficient * np.append(self.bins.evidence, self.bins.missing)

    @property
    def mean(self) -> float:
        """Mean term over the training rows."""
        return float(self.cover @ self.terms / self.cover.sum())

    def term(self, features: np.ndarray) -> np.ndarray:
        """Return what it adds to the score of each row."""
        return np.asarray(self.terms[self.bins.numbers(features[:, self.feature])])

    def tree(self) -> Tree:
        """Return its bins as a tree: first whether there is a value, then halves of the bins that are left."""
        grown = _Grown(self.feature, self.bins.edges, self.terms, self.cover)
        last = len(self.bins.evidence) - 1
        # What is missing goes right at the root, and no value does.
        grown.split(_LARGEST, (0, last), (last + 1, last + 1))
        return grown.tree()


@dataclass(frozen=True, slots=True)
class _Grown:
    """A tree on one column, node by node, parents first."""

    feature: int
    edges: np.ndarray
    terms: np.ndarray
    cover: np.ndarray
    nodes: list[tuple[float, ...]] = field(default_factory=list)

    def split(self, threshold: float, below: tuple[int, int], above: tuple[int, int]) -> int:
        """Add a node over the bins of two runs, each given by its ends, and all below it; return its place."""
        place = len(self.nodes)
        self.nodes.append(())
        left, right = self._run(*below), self._run(*above)
        cover = float(self.cover[below[0] : above[1] + 1].sum())
        self.nodes[place] = (self.feature, threshold, False, left, right, 0.0, cover)
        return place

    def _run(self, first: int, last: int) -> int:
        if first == last:
            self.nodes.append((LEAF, 0.0, False, 0, 0, self.terms[first], self.cover[first]))
            return len(self.nodes) - 1
        middle = (first + last) // 2
        return self.split(float(self.edges[middle]), (first, middle), (middle + 1, last))

    def tree(self) -> Tree:
        """Return what has grown."""
        feature, threshold, default_left, left, right, value, cover = zip(*self.nodes, strict=True)
        return Tree(
            feature=np.array(feature, np.int64),
            threshold=np.array(threshold, np.float64),
            default_left=np.array(default_left, bool),
            left=np.array(left, np.int64),
            right=np.array(right, np.int64),
            value=np.array(value, np.float64),
            cover=np.array(cover, np.float64),
        )


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A trained card; its score is the log-odds before calibration."""

    intercept: float
    characteristics: tuple[Characteristic, ...]
    n_features: int

    def score(self, features: np.ndarray) -> np.ndarray:
        """Return the intercept and what each characteristic adds."""
        return self.intercept + sum((one.term(features) for one in self.characteristics), np.zeros(len(features)))

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """Return each term less its training mean, and the mean score."""
        values = np.zeros((len(features), self.n_features + 1))
        for one in self.characteristics:
            values[:, one.feature] = one.term(features) - one.mean
        values[:, -1] = self.intercept + sum(one.mean for one in self.characteristics)
        return values

    def neutral_form(self) -> TreeEnsemble:
        """Return one tree a characteristic, after that of the intercept."""
        return TreeEnsemble(
            (single_leaf(self.intercept), *(one.tree() for one in self.characteristics)), self.n_features
        )


def _learn(settings: Settings, seed: int) -> Fit:
    """Use the settings of `SCORECARD`."""
    del seed  # nothing is random in it
    rule = BinningRule(int(settings["most_bins"]), float(settings["least_share"]), float(settings["special_share"]))

    def fit(
        features: np.ndarray, default: np.ndarray, columns: Columns, weight: np.ndarray | None = None, /
    ) -> Scorecard:
        rows = np.ones(len(default)) if weight is None else weight
        binned = [_bin(features[:, place], default, rows, columns, place, rule) for place in range(features.shape[1])]
        evidence = np.column_stack([bins.weigh(values) for bins, values in zip(binned, features.T, strict=True)])
        chosen = _characteristics(
            evidence,
            default,
            rows,
            most=int(settings["most_characteristics"]),
            highest_correlation=float(settings["highest_correlation"]),
        )
        intercept, coefficients = fit_signed(
            evidence[:, chosen], default, np.ones(len(chosen), np.int64), penalty=float(settings["C"]), weight=weight
        )
        return Scorecard(
            intercept,
            tuple(
                Characteristic(
                    place, binned[place], float(coefficient), _cover(binned[place], features[:, place], rows)
                )
                for place, coefficient in zip(chosen, coefficients, strict=True)
                if coefficient > 0
            ),
            features.shape[1],
        )

    return fit


def _bin(
    values: np.ndarray, default: np.ndarray, weight: np.ndarray, columns: Columns, place: int, rule: BinningRule
) -> Bins:
    n_codes, direction = int(columns.n_codes[place]), int(columns.directions[place])
    if n_codes:
        return bin_categories(values, default, weight, n_codes=n_codes, rule=rule)
    return bin_numbers(values, default, weight, direction=direction, rule=rule)


def _cover(bins: Bins, values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return np.bincount(bins.numbers(values), weights=weight, minlength=len(bins.evidence) + 1)


def _characteristics(
    evidence: np.ndarray, default: np.ndarray, weight: np.ndarray, *, most: int, highest_correlation: float
) -> list[int]:
    """Return the columns that say most of default, none of which says what a better one says already.

    Parameters
    ----------
    evidence
        Weights of evidence, shape ``(n_applications, n_features)``.
    """
    value = information_values(evidence, default, weight)
    spread = evidence.std(axis=0)
    standard = (evidence - evidence.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    chosen: list[int] = []
    for place in np.argsort(-value, kind="stable").tolist():
        if len(chosen) == most or spread[place] == 0:
            break
        alike = np.abs(standard[:, chosen].T @ standard[:, place]) / len(standard)
        if not (alike > highest_correlation).any():
            chosen.append(place)
    return chosen


def information_values(evidence: np.ndarray, default: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return how far the mean weight of evidence of defaults lies above that of the others, shape ``(n_features,)``.

    Source: Siddiqi (2006), "Credit Risk Scorecards", ch. 6: the sum over bins of (share of bads - share of goods) times
    the weight of evidence.

    >>> information_values(np.array([[0.7], [-0.7]]), np.array([1, 0]), np.ones(2))
    array([1.4])
    """
    bad, good = weight * default, weight * (1 - default)
    return np.asarray((bad / bad.sum() - good / good.sum()) @ evidence)


SCORECARD = Family(
    "scorecard",
    Text(fr="carte de score", en="scorecard"),
    # As easy to read as the regression: the less costly of the two wins.
    complexity=1,
    learn=_learn,
    settings={
        "C": 1.0,
        "most_bins": 8,
        "least_share": 0.02,
        "special_share": 0.1,
        "most_characteristics": 30,
        "highest_correlation": 0.8,
    },
    searchable=frozenset(
        {"C", "most_bins", "least_share", "special_share", "most_characteristics", "highest_correlation"}
    ),
    space=SearchSpace({"most_characteristics": (15, 30, 60), "highest_correlation": (0.6, 0.8), "most_bins": (5, 8)}),
    draws=False,
)
