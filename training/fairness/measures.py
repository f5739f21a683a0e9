"""Figures by group with bootstrap intervals: the same resamples for all, so that distances have intervals too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from metrics.costs import costs_per_application
from metrics.intervals import RESAMPLES, percentile_interval
from scoring.decision import refuses
from scoring.fairness import AttributeAudit, GroupFigures
from training.fairness.groups import say_group

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.contract import Estimate
    from training.fairness.groups import Grouping

# Defaults, and credits repaid: a smaller group says more about chance than about the model.
LEAST_OUTCOMES_A_GROUP = 30
FIGURES = (
    "default_rate",
    "refusal_rate",
    "false_refusal_rate",
    "missed_default_rate",
    "mean_probability",
    "calibration_gap",
    "cost",
)


@dataclass(frozen=True, slots=True)
class Decided:
    """Applications with the model's answers and what became of them.

    Attributes
    ----------
    default_probability, default
        Answers and outcomes, shape ``(n_applications,)``.
    threshold
        Where the model refuses.
    """

    default_probability: np.ndarray
    default: np.ndarray
    threshold: float

    def addends(self) -> np.ndarray:
        """Return what the figures are ratios of sums of, shape ``(7, n_applications)``."""
        refused = refuses(self.default_probability, threshold=self.threshold)
        good = self.default == 0
        costs = costs_per_application(self.default_probability, self.default, threshold=self.threshold)
        counted = [np.ones(len(good)), ~good, refused, good & refused, ~good & ~refused]
        return np.array([*counted, self.default_probability, costs], np.float64)


def audit_attribute(decided: Decided, grouping: Grouping, *, seed: int, resamples: int = RESAMPLES) -> AttributeAudit:
    """Measure each group of one attribute, and the distances between the groups that are large enough."""
    figures = _resampled_figures(decided, grouping, seed=seed, resamples=resamples)
    counts = np.bincount(grouping.codes, minlength=len(grouping.groups))
    defaults = np.bincount(grouping.codes, weights=decided.default, minlength=len(grouping.groups)).astype(int)
    judged = np.flatnonzero(np.minimum(defaults, counts - defaults) >= LEAST_OUTCOMES_A_GROUP)
    groups = tuple(
        GroupFigures(
            group=name,
            label=say_group(name),
            n_applications=int(counts[code]),
            n_defaults=int(defaults[code]),
            judged=bool(code in judged),
            **{figure: _estimate(figures[figure][:, code]) for figure in FIGURES},
        )
        for code, name in enumerate(grouping.groups)
        if counts[code]
    )
    return AttributeAudit(
        attribute=grouping.attribute,
        label=grouping.label,
        groups=groups,
        **_distances({name: values[:, judged] for name, values in figures.items()}),
    )


def _resampled_figures(decided: Decided, grouping: Grouping, *, seed: int, resamples: int) -> dict[str, np.ndarray]:
    """Return each figure of each group, shape ``(1 + resamples, n_groups)``; the first row is the whole."""
    generator = np.random.default_rng(seed)
    size, n_groups, addends = len(grouping.codes), len(grouping.groups), decided.addends()
    sums = np.empty((1 + resamples, len(addends), n_groups))
    for resample in range(1 + resamples):
        weight = np.bincount(generator.integers(size, size=size), minlength=size) if resample else np.ones(size)
        for row, addend in enumerate(addends):
            sums[resample, row] = np.bincount(grouping.codes, weights=weight * addend, minlength=n_groups)
    return _figures(sums)


def _figures(sums: np.ndarray) -> dict[str, np.ndarray]:
    n, bad, refused, good_refused, bad_granted, probability, cost = np.moveaxis(sums, 1, 0)
    return {
        "default_rate": _ratio(bad, n),
        "refusal_rate": _ratio(refused, n),
        "false_refusal_rate": _ratio(good_refused, n - bad),
        "missed_default_rate": _ratio(bad_granted, bad),
        "mean_probability": _ratio(probability, n),
        "calibration_gap": _ratio(probability - bad, n),
        "cost": _ratio(cost, n),
    }


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Divide; a rate among nobody is 0, and its group is too small to be judged."""
    return np.asarray(np.divide(part, whole, out=np.zeros_like(part), where=whole > 0))


def _distances(judged: dict[str, np.ndarray]) -> dict[str, Estimate | None]:
    """Return the distances between groups; none where fewer than two are judged."""
    accepted = 1 - judged["refusal_rate"]
    if accepted.shape[1] < 2:  # noqa: PLR2004  a distance is between two
        return dict.fromkeys(("acceptance_ratio", "false_refusal_difference", "calibration_gap", "cost_difference"))
    gaps = judged["calibration_gap"]
    worst = gaps[:, np.abs(gaps[0]).argmax()]
    return {
        "acceptance_ratio": _between_extremes(accepted, _ratio),
        "false_refusal_difference": _between_extremes(judged["false_refusal_rate"], lambda low, high: high - low),
        "calibration_gap": _estimate(worst),
        "cost_difference": _between_extremes(judged["cost"], lambda low, high: high - low),
    }


def _between_extremes(values: np.ndarray, distance: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Estimate:
    """Compare the groups that are lowest and highest on the whole; resamples do not choose them anew."""
    low, high = values[0].argmin(), values[0].argmax()
    return _estimate(distance(values[:, low], values[:, high]))


def _estimate(values: np.ndarray) -> Estimate:
    return percentile_interval(values[0], values[1:])
