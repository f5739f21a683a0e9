"""The policy simulator: what refusing at another threshold, or at other costs, would have done."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RATIOS = (1, 50)
# Refusing nobody below it costs more than anybody would pay: it is not worth the length of a slider or of an axis.
HIGHEST_THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class SimulatedPolicy:
    """What refusing from a threshold on does to some applications.

    Attributes
    ----------
    cost
        Per application; a good applicant declined counts the false-positive cost.
    default_rate_accepted, default_rate_refused
        None where nobody is accepted, or refused.
    """

    threshold: float
    n_applications: int
    cost: float
    refusal_rate: float
    default_rate_accepted: float | None
    default_rate_refused: float | None


def simulate(
    segment: Mapping[str, Any], edges: Sequence[float], *, false_negative_cost: float, false_positive_cost: float
) -> tuple[SimulatedPolicy, ...]:
    """Return the policy of every threshold that the simulator knows.

    Parameters
    ----------
    segment
        Counts of ``good`` and ``defaulted`` applications by bin, ``edges[i-1] <= probability < edges[i]``.

    >>> segment = {"good": [6, 2], "defaulted": [1, 1]}
    >>> policy, = simulate(segment, [0.1], false_negative_cost=10, false_positive_cost=1)
    >>> policy.cost, policy.refusal_rate
    (1.2, 0.3)
    """
    good, defaulted = segment["good"], segment["defaulted"]
    n_good, n_defaulted = sum(good), sum(defaulted)
    accepted = zip(accumulate(good), accumulate(defaulted), edges, strict=False)
    return tuple(
        _simulated(
            edge,
            accepted=(good_accepted, defaulted_accepted),
            refused=(n_good - good_accepted, n_defaulted - defaulted_accepted),
            costs=(false_negative_cost, false_positive_cost),
        )
        for good_accepted, defaulted_accepted, edge in accepted
    )


def cheapest(policies: Sequence[SimulatedPolicy]) -> SimulatedPolicy:
    """Return the policy of least cost."""
    return min(policies, key=lambda policy: policy.cost)


def nearest(policies: Sequence[SimulatedPolicy], threshold: float) -> SimulatedPolicy:
    """Return the policy whose threshold is nearest to one."""
    return min(policies, key=lambda policy: abs(policy.threshold - threshold))


def everybody(simulator: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the counts of all applications together."""
    return next(one for one in simulator["segments"] if one["variable"] is None)


def variables(simulator: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the inputs that the simulator can cut the applications by."""
    return tuple(dict.fromkeys(one["variable"] for one in simulator["segments"] if one["variable"] is not None))


def segments_of(simulator: Mapping[str, Any], variable: str) -> tuple[Mapping[str, Any], ...]:
    """Return the segments of one variable."""
    return tuple(one for one in simulator["segments"] if one["variable"] == variable)


def _simulated(
    threshold: float, *, accepted: tuple[int, int], refused: tuple[int, int], costs: tuple[float, float]
) -> SimulatedPolicy:
    n = sum(accepted) + sum(refused)
    return SimulatedPolicy(
        threshold=float(threshold),
        n_applications=n,
        cost=(costs[0] * accepted[1] + costs[1] * refused[0]) / n if n else 0.0,
        refusal_rate=sum(refused) / n if n else 0.0,
        default_rate_accepted=accepted[1] / sum(accepted) if sum(accepted) else None,
        default_rate_refused=refused[1] / sum(refused) if sum(refused) else None,
    )
