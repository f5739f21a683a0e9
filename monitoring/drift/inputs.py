"""How far each input of the model moved between two windows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial.distance import jensenshannon
from scipy.stats import wasserstein_distance

from metrics.bins import expected_counts
from metrics.distances import psi
from metrics.significance import counts_p_value, samples_p_value, shares_p_value
from metrics.values import Measured, NotApplicable, Pair
from monitoring.drift.input_profiles import InputProfile, profile_input

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitoring.config import MonitoringConfig
    from monitoring.windows.protocol import ReadableWindow
    from scoring.contract import Contract, Input


@dataclass(frozen=True, slots=True)
class CategoryMove:
    """The category whose share moved most."""

    category: str
    share: Pair


@dataclass(frozen=True, slots=True)
class InputChances:
    """Chance of as much without any drift, before the correction for many looks; ``None`` where nothing was tested."""

    psi: float
    psi_since_modelling: float
    distance: float | None
    missing_share: float
    unusual_share: float


@dataclass(frozen=True, slots=True)
class InputDrift:
    """What is measured of one input, on all rows of both windows.

    Attributes
    ----------
    importance
        Share of the model's importance that rests on this input; all inputs sum to one.
    weighted_psi
        Importance times PSI: what the movement weighs.
    psi
        Current window against reference window, on the contract's bins.
    psi_since_modelling
        Current window against the shares the contract was written with.
    psi_known, psi_known_since_modelling
        The same two among the known values alone.
    distance
        Wasserstein in standard deviations (numbers), Jensen-Shannon (categories). Numbers count as the nearest value of
        the usual range: one income of 117 million would otherwise be a drift of its own. Both need enough known values.
    unusual_share
        Outside the usual range.
    impossible_share
        Outside the hard bounds, or a category the contract does not know.
    rare_share
        A category that the contract calls rare: scored as missing and sent to a person.
    median
        Of a number; ``None`` for a category.
    most_moved
        Of a category; ``None`` for a number.
    new_categories
        Unknown categories borne by enough applications to be named.
    """

    name: str
    label: str
    kind: str
    unit: str
    importance: float
    weighted_psi: float
    psi: float
    psi_since_modelling: float
    psi_known: float
    psi_known_since_modelling: float
    distance: Measured
    missing_share: Pair
    unusual_share: Pair
    impossible_share: Pair
    rare_share: Pair
    median: Pair | None
    most_moved: CategoryMove | None
    new_categories: tuple[str, ...]
    chances: InputChances


def measure_inputs(
    contract: Contract,
    reference: ReadableWindow,
    current: ReadableWindow,
    *,
    config: MonitoringConfig,
    advance: Callable[[str], object] = lambda _: None,
) -> tuple[InputDrift, ...]:
    """Return the drift of every input, in the order of the contract.

    Parameters
    ----------
    advance
        Called with the name of each input that is done.
    """
    importance = contract.coverage.weights
    drifts = []
    for item in contract.inputs:
        bins = contract.reference.inputs[item.name]
        before, after = profile_input(reference, item, bins), profile_input(current, item, bins)
        modelling = expected_counts(bins, contract.reference.n_applications)
        drifts.append(_drift(item, before, after, modelling, importance[item.name], config))
        advance(item.name)
    return tuple(drifts)


def _drift(
    item: Input,
    before: InputProfile,
    after: InputProfile,
    modelling: np.ndarray,
    importance: float,
    config: MonitoringConfig,
) -> InputDrift:
    distance, distance_chance = _distance(item, before, after, minimum=config.fewest_rows)
    moved = psi(before.counts, after.counts)
    sizes = {"n_reference": float(before.counts.sum()), "n_current": float(after.counts.sum())}
    missing = Pair(before.missing_share, after.missing_share)
    unusual = Pair(before.unusual_share, after.unusual_share)
    return InputDrift(
        name=item.name,
        label=item.label.fr,
        kind=item.kind,
        unit=item.unit,
        importance=importance,
        weighted_psi=importance * moved,
        psi=moved,
        psi_since_modelling=psi(modelling, after.counts),
        psi_known=psi(before.counts[:-1], after.counts[:-1]),
        psi_known_since_modelling=psi(modelling[:-1], after.counts[:-1]),
        distance=distance,
        missing_share=missing,
        unusual_share=unusual,
        impossible_share=Pair(before.impossible_share, after.impossible_share),
        rare_share=Pair(before.rare_share, after.rare_share),
        median=_medians(before, after),
        most_moved=_most_moved(item, before, after),
        new_categories=tuple(sorted(value for value, n in after.unknown.items() if n >= config.named_categories_from)),
        chances=InputChances(
            psi=counts_p_value(before.counts, after.counts),
            psi_since_modelling=counts_p_value(modelling, after.counts),
            distance=distance_chance,
            missing_share=shares_p_value(missing, **sizes),
            unusual_share=shares_p_value(unusual, **sizes),
        ),
    )


def _distance(item: Input, before: InputProfile, after: InputProfile, *, minimum: int) -> tuple[Measured, float | None]:
    """Return the distance and its p-value."""
    known = min(before.counts[:-1].sum(), after.counts[:-1].sum())
    if known < minimum:
        return NotApplicable(f"{known:.0f} valeurs renseignées dans une fenêtre, il en faut {minimum}"), None
    if item.kind == "category":
        counts = before.counts[:-1], after.counts[:-1]
        return float(jensenshannon(*counts)), counts_p_value(*counts)
    usual = [np.clip(profile.values, item.usual_low, item.usual_high) for profile in (before, after)]
    weights = before.weights, after.weights
    scale = _spread(usual[0], weights[0])
    if not scale:
        return NotApplicable("valeur constante dans la fenêtre de référence"), None
    if all(one is None for one in weights):
        # Both sort what they are given, by slower ways than this one: sorted values cost them next to nothing.
        usual = [np.sort(values) for values in usual]
    return float(wasserstein_distance(*usual, *weights)) / scale, samples_p_value(usual[0], usual[1], weights)


def _spread(values: np.ndarray, weights: np.ndarray | None) -> float:
    """Return the standard deviation."""
    return float(np.sqrt(np.average((values - np.average(values, weights=weights)) ** 2, weights=weights)))


def _medians(before: InputProfile, after: InputProfile) -> Pair | None:
    if not len(before.values) or not len(after.values):
        return None
    return Pair(median_of(before.values, before.weights), median_of(after.values, after.weights))


def median_of(values: np.ndarray, weights: np.ndarray | None) -> float:
    """Return the median; with weights, the first value that half of them lie at or below.

    >>> median_of(np.array([3.0, 1.0, 2.0]), np.array([1.0, 0.1, 0.1]))
    3.0
    """
    if weights is None:
        return float(np.median(values))
    order = np.argsort(values, kind="stable")
    cumulated = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(cumulated, cumulated[-1] / 2)])


def _most_moved(item: Input, before: InputProfile, after: InputProfile) -> CategoryMove | None:
    if item.kind != "category":
        return None
    shares = before.counts / before.counts.sum(), after.counts / after.counts.sum()
    place = int(np.argmax(np.abs(shares[1] - shares[0])))
    names = [*before.categories, "(inconnue du contrat)", "(absente)"]
    return CategoryMove(names[place], Pair(float(shares[0][place]), float(shares[1][place])))
