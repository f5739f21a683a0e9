"""What a trained model puts into its contract on who may be judged by machine, and on what an applicant can change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scoring.contract import CoveragePolicy, Lever, ReviewPolicy, Text
from training.schema import load_levers

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from scoring.contract import DecisionPolicy, Feature, Input

# One application in a thousand shows less: the same lower end as the usual range of a value.
REFUSED_TAIL = 0.001
# One in a hundred is incomplete, or unusual, enough for a person to look at it.
REVIEWED_TAIL = 0.01
DECIMALS = 4


def coverage_policy(inputs: Sequence[Input], features: Sequence[Feature], development: np.ndarray) -> CoveragePolicy:
    """Return the weight of each input and the least coverage that may be judged.

    Parameters
    ----------
    development
        Raw rows the model was trained on, shape ``(n_applications, n_inputs)``.
    """
    weights = input_weights(inputs, features)
    coverage = coverage_of(weights, development)
    return CoveragePolicy(
        weights={item.name: float(weight) for item, weight in zip(inputs, weights, strict=True)},
        floor=_lower_quantile(coverage, REFUSED_TAIL),
        tail=REFUSED_TAIL,
        median=_lower_quantile(coverage, 0.5),
        method="quantile of the coverage over development applications",
    )


def input_weights(inputs: Sequence[Input], features: Sequence[Feature]) -> np.ndarray:
    """Split the importance of each feature evenly among its inputs; shape ``(n_inputs,)``, sum 1."""
    place = {item.name: index for index, item in enumerate(inputs)}
    weights = np.zeros(len(inputs))
    for feature in features:
        for name in feature.inputs:
            weights[place[name]] += feature.importance / len(feature.inputs)
    total = weights.sum()
    # A model that never splits looks at nothing: all inputs are then alike.
    return np.asarray(weights / total if total else np.full(len(inputs), 1 / len(inputs)))


def coverage_of(weights: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the share of the picture each row shows, shape ``(n_applications,)``.

    >>> coverage_of(np.array([0.75, 0.25]), np.array([[1.0, 2.0], [1.0, np.nan]])).tolist()
    [1.0, 0.75]
    """
    return np.asarray(np.minimum(~np.isnan(rows) @ weights, 1.0))


def review_policy(
    inputs: Sequence[Input],
    coverage: CoveragePolicy,
    decision: DecisionPolicy,
    development: np.ndarray,
    default_probability: np.ndarray,
) -> ReviewPolicy:
    """Return when a person should decide, and how many applications that is.

    Parameters
    ----------
    default_probability
        Out-of-fold answers to `development`, shape ``(n_applications,)``.
    """
    shown = coverage_of(np.array([coverage.weights[item.name] for item in inputs]), development)
    n_unusual = unusual_counts(inputs, development)
    least = _lower_quantile(shown, REVIEWED_TAIL)
    most = int(np.quantile(n_unusual, 1 - REVIEWED_TAIL, method="higher"))
    low, high = decision.review_band
    reasons = {
        "proche_du_seuil": (low <= default_probability) & (default_probability <= high),
        "incomplete": shown < least,
        "inhabituelle": n_unusual > most,
    }
    reasons["ensemble"] = np.logical_or.reduce(list(reasons.values()))
    return ReviewPolicy(
        coverage_below=least,
        unusual_above=most,
        shares={name: float(held.mean()) for name, held in reasons.items()},  # type: ignore[misc]  # the four names
        method="quantiles over development applications; the band is the interval of the threshold",
    )


def unusual_counts(inputs: Sequence[Input], rows: np.ndarray) -> np.ndarray:
    """Count the values of each row that lie outside their usual range, shape ``(n_applications,)``."""
    low = np.array([-np.inf if item.usual_low is None else item.usual_low for item in inputs])
    high = np.array([np.inf if item.usual_high is None else item.usual_high for item in inputs])
    # A missing value compares false with both: it is not unusual, it is missing.
    return np.asarray(((rows < low) | (rows > high)).sum(axis=1))


def contract_levers(names: Collection[str]) -> tuple[Lever, ...]:
    """Return the levers whose target the model reads; inputs it does not read need not follow."""
    return tuple(
        Lever(
            name=entry.name,
            target=entry.target,
            follows=tuple(name for name in entry.follows if name in names),
            direction=entry.direction,
            step=entry.step,
            limit=entry.limit,
            rounding=entry.rounding,
            label=Text(fr=entry.label_fr, en=entry.label_en),
            sentence=Text(fr=entry.sentence_fr, en=entry.sentence_en),
        )
        for entry in load_levers()
        if entry.target in names
    )


def _lower_quantile(values: np.ndarray, share: float) -> float:
    """Return a quantile rounded down, so that the row it comes from is on the right side however its sum is taken."""
    scale = 10**DECIMALS
    return float(np.floor(np.quantile(values, share, method="lower") * scale) / scale)
