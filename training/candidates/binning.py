"""Monotone binning: a column becomes a few bins, each with the weight of evidence that default has in it.

Own code on scipy's isotonic regression, not a package: ``docs/decisions/0026-monotone-binning-of-our-own.md`` says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
from scipy.optimize import isotonic_regression
from scipy.special import logit, xlogy
from scipy.stats import chi2

if TYPE_CHECKING:
    from collections.abc import Sequence

# Quantiles that a column is cut at before bins are merged: finer cuts find the same bins.
_FINEST = 50
# Two neighbours stay apart where one rate for both would be this unlikely.
_SIGNIFICANCE = 0.01
_LEAST_LOSS = float(chi2.isf(_SIGNIFICANCE, df=1))


@dataclass(frozen=True, slots=True)
class BinningRule:
    """How fine a column may be cut.

    Attributes
    ----------
    most_bins
        Bins of one trend, at most; special values have bins of their own beside them.
    least_share
        Share of the applications that a bin holds, at least.
    special_share
        A single value that so many applications have is special where no direction is declared: none, or "the usual",
        is no point on the way from little to much, and has a bin that follows no trend.
    """

    most_bins: int
    least_share: float
    special_share: float


@dataclass(frozen=True, slots=True)
class Counts:
    """Weighted applications and defaults of some bins, shape ``(n_bins,)`` each."""

    applications: np.ndarray
    defaults: np.ndarray

    @classmethod
    def of(cls, bins: np.ndarray, default: np.ndarray, weight: np.ndarray, n_bins: int) -> Self:
        """Count the applications of each bin; `bins` numbers the bin of each, shape ``(n_applications,)``."""
        return cls(
            np.bincount(bins, weights=weight, minlength=n_bins),
            np.bincount(bins, weights=weight * default, minlength=n_bins),
        )

    @property
    def rate(self) -> np.ndarray:
        """Share of defaults of each bin; bins are not empty."""
        return np.asarray(self.defaults / self.applications)

    def merged(self, starts: Sequence[int] | np.ndarray) -> Counts:
        """Return the counts of runs of neighbours, each beginning at one of `starts`."""
        return Counts(np.add.reduceat(self.applications, starts), np.add.reduceat(self.defaults, starts))


@dataclass(frozen=True, slots=True)
class Bins:
    """A step function of one column.

    Attributes
    ----------
    edges
        Upper ends of all bins but the last, rising: bin i holds ``edges[i-1] < value <= edges[i]``; of a category,
        halves between codes that do not weigh the same.
    evidence
        Weight of evidence of each bin: log-odds of default in it less those of everybody, so that more is worse.
    missing
        The same of a missing value; never below that of the middle applicant, whatever the data says.
    """

    edges: np.ndarray
    evidence: np.ndarray
    missing: float

    def numbers(self, values: np.ndarray) -> np.ndarray:
        """Return the number of each value's bin; a missing one has that after the last."""
        numbers = np.searchsorted(self.edges, values, side="left")
        return np.where(np.isnan(values), len(self.evidence), numbers)

    def weigh(self, values: np.ndarray) -> np.ndarray:
        """Return the weight of evidence of each value, shape as given."""
        return np.asarray(np.append(self.evidence, self.missing)[self.numbers(values)])


def bin_numbers(
    values: np.ndarray, default: np.ndarray, weight: np.ndarray, *, direction: int, rule: BinningRule
) -> Bins:
    """Cut a column of numbers so that the risk follows one trend from bin to bin.

    Parameters
    ----------
    values, default, weight
        Shape ``(n_applications,)``; NaN is missing.
    direction
        1 where the risk may only rise with the value, -1 where it may only fall; 0 takes the trend that says more.

    >>> x = np.arange(1000.0)
    >>> bins = bin_numbers(x, (x > 700).astype(float), np.ones(1000), direction=1, rule=BinningRule(5, 0.05, 0.2))
    >>> bins.edges.tolist(), bool(np.all(np.diff(bins.evidence) > 0))
    ([700.0], True)
    """
    known = ~np.isnan(values)
    given, outcome, share = values[known], default[known], weight[known]
    special = [] if direction else _special_values(given, rule)
    plain = ~np.isin(given, special)
    edges = _trend_edges(given[plain], outcome[plain], share[plain], direction=direction, rule=rule)
    # A special value is the bin between the double before it and itself.
    cuts = np.unique(np.concatenate([edges, special, np.nextafter(special, -np.inf)]))
    return _with_evidence(cuts, values, default, weight)


def bin_categories(
    values: np.ndarray, default: np.ndarray, weight: np.ndarray, *, n_codes: int, rule: BinningRule
) -> Bins:
    """Group the codes of a category that are alike in risk; a code nobody has weighs nothing.

    Parameters
    ----------
    values
        Codes from 0 to ``n_codes - 1``, shape ``(n_applications,)``; NaN is missing.
    """
    known = ~np.isnan(values)
    counts = Counts.of(values[known].astype(np.int64), default[known], weight[known], n_codes)
    had = np.flatnonzero(counts.applications > 0)
    order = had[np.argsort(counts.defaults[had] / counts.applications[had], kind="stable")]
    ordered = Counts(counts.applications[order], counts.defaults[order])
    starts = _grouped(ordered, np.arange(len(order)), rule)
    evidence = np.zeros(n_codes)
    if len(order):
        lengths = np.diff(np.append(starts, len(order)))
        evidence[order] = np.repeat(_evidence(ordered.merged(starts), _overall(default, weight)), lengths)
    differs = np.flatnonzero(np.diff(evidence))
    edges, evidence = differs + 0.5, evidence[np.append(differs, n_codes - 1)]
    return Bins(edges, evidence, _missing_evidence(~known, default, weight, evidence, values, edges))


def _special_values(given: np.ndarray, rule: BinningRule) -> list[float]:
    """Return the single values that many applications have, unless there is hardly anything beside them."""
    found, counts = np.unique(given, return_counts=True)
    special = found[counts >= max(rule.special_share, rule.least_share) * max(len(given), 1)]
    # A column of a few values each of which is frequent has no trend that something could fall out of.
    return [] if len(found) - len(special) < 2 else special.tolist()  # noqa: PLR2004  a trend needs two


def _trend_edges(
    given: np.ndarray, default: np.ndarray, weight: np.ndarray, *, direction: int, rule: BinningRule
) -> np.ndarray:
    """Return the edges of bins whose default rates only rise, or only fall."""
    if not len(given):
        return np.empty(0)
    finest = np.unique(np.quantile(given, np.linspace(0, 1, _FINEST + 1)[1:-1], method="inverted_cdf"))
    edges = finest[finest < given.max()]
    counts = Counts.of(np.searchsorted(edges, given, side="left"), default, weight, len(edges) + 1)
    trends = [_grouped(counts, _pooled(counts, one), rule) for one in ([direction] if direction else [1, -1])]
    starts = max(trends, key=lambda one: _log_likelihood(counts.merged(one)))
    return np.asarray(edges[starts[1:] - 1])


def _pooled(counts: Counts, direction: int) -> np.ndarray:
    """Return where runs begin once neighbours that go against the direction are one (pool adjacent violators)."""
    pooled = isotonic_regression(counts.rate, weights=counts.applications, increasing=direction > 0)
    return np.asarray(pooled.blocks[:-1])


def _grouped(counts: Counts, starts: np.ndarray, rule: BinningRule) -> np.ndarray:
    """Merge neighbours, the most alike first, until each bin is large enough, significant, and there are few.

    Rates in order stay in order: that of two neighbours lies between theirs.
    """
    least = rule.least_share * counts.applications.sum()
    runs = [int(start) for start in starts]
    while len(runs) > 1:
        merged = counts.merged(runs)
        loss = _losses(merged)
        small = merged.applications < least
        touched = small[:-1] | small[1:]
        if touched.any():
            place = int(np.argmin(np.where(touched, loss, np.inf)))
        elif len(runs) > rule.most_bins or loss.min() < _LEAST_LOSS:
            place = int(np.argmin(loss))
        else:
            break
        del runs[place + 1]
    return np.array(runs, np.int64)


def _losses(counts: Counts) -> np.ndarray:
    """Return twice the log-likelihood that merging each pair of neighbours loses, shape ``(n_bins - 1,)``."""
    first, second = (Counts(counts.applications[cut], counts.defaults[cut]) for cut in (slice(-1), slice(1, None)))
    both = Counts(first.applications + second.applications, first.defaults + second.defaults)
    return np.asarray(2 * (_fit(first) + _fit(second) - _fit(both)))


def _fit(counts: Counts) -> np.ndarray:
    """Return the log-likelihood of each bin at its own rate."""
    good = counts.applications - counts.defaults
    return np.asarray(xlogy(counts.defaults, counts.rate) + xlogy(good, good / counts.applications))


def _log_likelihood(counts: Counts) -> float:
    return float(_fit(counts).sum())


def _with_evidence(edges: np.ndarray, values: np.ndarray, default: np.ndarray, weight: np.ndarray) -> Bins:
    """Weigh the bins that some edges make; one that nobody is in goes to the next one up, the last to that before."""
    known = ~np.isnan(values)
    held = np.unique(np.searchsorted(edges, values[known], side="left"))
    kept = edges[held[:-1]]
    counts = Counts.of(np.searchsorted(kept, values[known], side="left"), default[known], weight[known], len(kept) + 1)
    evidence = _evidence(counts, _overall(default, weight)) if known.any() else np.zeros(1)
    return Bins(kept, evidence, _missing_evidence(~known, default, weight, evidence, values, kept))


def _overall(default: np.ndarray, weight: np.ndarray) -> float:
    return float(logit(weight @ default / weight.sum()))


def _evidence(counts: Counts, overall: float) -> np.ndarray:
    """Return log-odds less the overall ones; half an application keeps a bin without any default finite, in order."""
    half = 0.5 / counts.applications.min()
    return np.asarray(logit(np.clip(counts.rate, half, 1 - half)) - overall)


def _missing_evidence(
    missing: np.ndarray,
    default: np.ndarray,
    weight: np.ndarray,
    evidence: np.ndarray,
    values: np.ndarray,
    edges: np.ndarray,
) -> float:
    """Return what a missing value weighs: as its applications turned out, and never better than the middle one."""
    if missing.all():
        return float(evidence[0])
    middle = float(np.quantile(values[~missing], 0.5, method="inverted_cdf"))
    typical = float(evidence[np.searchsorted(edges, middle, side="left")])
    if not missing.any():
        return typical
    counts = Counts(np.array([weight[missing].sum()]), np.array([weight[missing] @ default[missing]]))
    return max(typical, float(_evidence(counts, _overall(default, weight))[0]))
