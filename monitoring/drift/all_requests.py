"""How all requests differ from the reference, by the profile that the function leaves of them: nothing is sampled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from metrics.distances import psi
from metrics.significance import counts_p_value
from metrics.values import Measured, NotApplicable, Pair
from monitoring.drift.input_profiles import profile_input

if TYPE_CHECKING:
    from monitoring.windows.profiles import RequestProfile
    from monitoring.windows.protocol import ReadableWindow
    from scoring.contract import Contract, Input


@dataclass(frozen=True, slots=True)
class InputOfAll:
    """One input in all requests.

    Attributes
    ----------
    p_value
        Chance of as much without any drift, if each request is an applicant of its own.
    declared_share, left_out_share
        Of all requests: those that say there is no value, and those that say nothing.
    """

    name: str
    psi: float
    p_value: float
    missing_share: Pair
    declared_share: float
    left_out_share: float
    unusual_share: Pair
    rare_share: Pair


@dataclass(frozen=True, slots=True)
class AllRequests:
    """All requests of the period, retries and simulations included.

    Attributes
    ----------
    coverage
        Share of the scored applications that the profile counted.
    refusal_rate
        Share of them that were refused.
    inputs
        In the order of the contract.
    """

    n_applications: int
    coverage: Measured
    refusal_rate: float
    inputs: tuple[InputOfAll, ...]


def measure_all_requests(
    contract: Contract, reference: ReadableWindow, profile: RequestProfile | NotApplicable
) -> AllRequests | NotApplicable:
    """Return what a profile says of every input beside the reference window."""
    if isinstance(profile, NotApplicable):
        return profile
    return AllRequests(
        n_applications=profile.n_applications,
        coverage=profile.coverage,
        refusal_rate=profile.decisions["refuse"] / profile.n_applications,
        inputs=tuple(_of_all(contract, item, reference, profile) for item in contract.inputs),
    )


def _of_all(contract: Contract, item: Input, reference: ReadableWindow, profile: RequestProfile) -> InputOfAll:
    before = profile_input(reference, item, contract.reference.inputs[item.name])
    after, n = profile.counts[item.name], profile.n_applications
    counts = before.counts
    if item.kind == "category":
        # What the contract does not know is refused, and told with the fields of refused requests.
        counts = np.append(np.bincount(item.told_cells, weights=counts[:-2]), counts[-2:].sum())
    return InputOfAll(
        name=item.name,
        psi=psi(counts, after),
        p_value=counts_p_value(counts, after),
        missing_share=Pair(before.missing_share, profile.missing(item.name) / n),
        declared_share=profile.declared(item.name) / n,
        left_out_share=profile.left_out[item.name] / n,
        unusual_share=Pair(before.unusual_share, profile.unusual[item.name] / n),
        rare_share=Pair(before.rare_share, profile.rare[item.name] / n),
    )
