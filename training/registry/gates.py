"""The gates on promotion: what a version must show before it may decide about anybody, and the limits it is held to.

``docs/decisions/0040`` says why the limits are what they are; a test compares the two. Those between groups are in
`training.fairness.distances`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from metrics.intervals import normal_interval, paired_difference
from scoring.compatibility import refusals
from training.fairness.distances import ATTRIBUTE_LIMITS, AttributeLimits, distances, say_estimate

if TYPE_CHECKING:
    from datetime import date

    from scoring.contract import Contract
    from scoring.fairness import Fairness
    from training.bundle.candidate_replay import CandidateReplay
    from training.bundle.shadow_record import ShadowRecord


@dataclass(frozen=True, slots=True)
class Limits:
    """What the gates hold a version to.

    Attributes
    ----------
    probability_difference
        Between graph and trained model, at most.
    mean_probability_deviation
        Of the mean probability from the default rate, in standard errors of that rate, at most.
    calibration_error
        Lower end of the interval of the hold-out calibration error, at most.
    cost_difference
        Mean cost above the production version on the same rows, at most; and no excess that is beyond chance.
    fairness
        Distances between groups: of protected attributes, and of age bands.
    changed_share
        Of the decisions, recorded or in the shadow, that the version would take otherwise, at most.
    shadow_requests
        That the version was asked in the shadow, at least.
    shadow_latency_ratio
        Of the 99th percentiles of an answer with and without the shadow, at most.
    """

    probability_difference: float = 1e-6
    mean_probability_deviation: float = 4.0
    calibration_error: float = 0.02
    cost_difference: float = 0.02
    fairness: AttributeLimits = ATTRIBUTE_LIMITS
    changed_share: float = 0.1
    shadow_requests: int = 100
    shadow_latency_ratio: float = 1.15


LIMITS = Limits()
GATES = ("parity", "calibration", "cost", "fairness", "inputs", "replay", "shadow")
# Production equals the validated model: nobody may overrule that.
OVERRIDABLE = GATES[1:]


@dataclass(frozen=True, slots=True)
class GateResult:
    """What one gate found.

    Attributes
    ----------
    findings
        What was measured against which limit, one sentence each.
    breaches
        Those of the findings that are beyond their limit.
    """

    gate: str
    findings: tuple[str, ...]
    breaches: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Say whether nothing is beyond its limit."""
        return not self.breaches


def parity_gate(contract: Contract, *, limits: Limits = LIMITS) -> GateResult:
    """Check that the exported graph is the trained model, on every row it was compared on."""
    parity = contract.parity
    worst = max(parity.worst_probability_difference, parity.worst_contribution_difference)
    sentence = (
        f"worst difference {worst:.1e} over {parity.n_applications} applications (at most "
        f"{limits.probability_difference:.0e}), {parity.changed_decisions} decisions changed (none allowed)"
    )
    sound = worst <= limits.probability_difference and parity.n_applications >= contract.quality.n_applications
    return _result("parity", [(sentence, sound)])


def calibration_gate(contract: Contract, *, limits: Limits = LIMITS) -> GateResult:
    """Check that the answers are probabilities: right on average, and right at each level."""
    quality = contract.quality
    spread = np.sqrt(quality.default_rate * (1 - quality.default_rate) / quality.n_applications)
    deviation = abs(quality.mean_probability.value - quality.default_rate) / spread
    error = quality.calibration_error
    mean = (
        f"mean probability {quality.mean_probability.value:.4f} for a default rate of {quality.default_rate:.4f}: "
        f"{deviation:.1f} standard errors (at most {limits.mean_probability_deviation:g})"
    )
    at_each_level = f"calibration error {say_estimate(error)} (lower end at most {limits.calibration_error:g})"
    return _result(
        "calibration",
        [
            (mean, bool(deviation <= limits.mean_probability_deviation)),
            (at_each_level, error.low <= limits.calibration_error),
        ],
    )


def cost_gate(
    costs: np.ndarray, production_costs: np.ndarray | None, *, rows: str, limits: Limits = LIMITS
) -> GateResult:
    """Check that the version does not cost more than the one in production, decision by decision on the same rows.

    Parameters
    ----------
    costs, production_costs
        Cost of each decision, shape ``(n_applications,)``; ``None`` when nothing is in production yet.
    rows
        Which applications these are.
    """
    if production_costs is None:
        return _result(
            "cost", [(f"{costs.mean():.4f} per application; nothing else in production to compare with", True)]
        )
    difference = normal_interval(*paired_difference(costs, production_costs))
    sentence = (
        f"{costs.mean():.4f} per application against {production_costs.mean():.4f} in production on {len(costs)} "
        f"{rows}: {difference.value:+.4f} [{difference.low:+.4f}, {difference.high:+.4f}] (at most "
        f"{limits.cost_difference:+g}, and an interval that reaches 0)"
    )
    return _result("cost", [(sentence, difference.value <= limits.cost_difference and difference.low <= 0)])


def fairness_gate(fairness: Fairness | None, *, limits: Limits = LIMITS) -> GateResult:
    """Check that no distance between groups is beyond its limit with all of its interval.

    A breach must be established: where the interval reaches the limit the report says *to watch*, and the gate opens.
    """
    if fairness is None:
        return _result("fairness", [("the version's run held no attribute to audit: nothing is known", False)])
    findings = [
        (distance.told(attribute.attribute), not distance.established)
        for attribute in fairness.attributes
        for distance in distances(attribute, limits=limits.fairness)
    ]
    return _result("fairness", findings or [("no attribute has two groups large enough to be compared", True)])


def inputs_gate(contract: Contract, production: Contract | None, *, on: date) -> GateResult:
    """Check that the version takes what partners send today: nothing breaks for them on the day it goes live.

    Parameters
    ----------
    production
        What is served; None when nothing is.
    on
        The day it would go live.
    """
    if production is None:
        return _result("inputs", [("nothing is in production: nobody sends anything yet", True)])
    refused = refusals(production, contract, on=on)
    sound = "every request that production takes is taken"
    return _result("inputs", [(one, False) for one in refused] or [(sound, True)])


def replay_gate(replay: CandidateReplay, *, limits: Limits = LIMITS) -> GateResult:
    """Check that the version decides about recorded applications much as was decided, and at no higher cost.

    Where outcomes are known, a cost that is beyond chance above that of what was decided refuses, whatever changes.
    """
    swap = replay.everybody
    sentence = (
        f"{swap.changed_share:.1%} of the decisions on {swap.n} records would change (at most "
        f"{limits.changed_share:.0%}): {swap.swapped_in:.0f} in, {swap.swapped_out:.0f} out"
    )
    judged = [(sentence, swap.changed_share <= limits.changed_share)]
    if replay.judged is not None:
        difference = replay.judged.difference
        told = (
            f"{difference.value:+.4f} [{difference.low:+.4f}, {difference.high:+.4f}] per application over the "
            f"{replay.judged.n} whose outcome is known (at most {limits.cost_difference:+g}, and an interval that "
            "reaches 0)"
        )
        judged.append((told, difference.value <= limits.cost_difference and difference.low <= 0))
    return _result("replay", judged)


def shadow_gate(record: ShadowRecord, *, limits: Limits = LIMITS) -> GateResult:
    """Check what the version said in the shadow of the one that answers."""
    asked = f"asked {record.n} times in the shadow (at least {limits.shadow_requests}), {record.failed} of them failed"
    changed = 1 - record.agreement
    agreed = (
        f"{changed:.1%} of the decisions would change (at most {limits.changed_share:.0%}): {record.swapped_in} in, "
        f"{record.swapped_out} out"
    )
    slowed = (
        f"99th percentile of an answer {record.p99_with_ms:.2f} ms with the shadow, {record.p99_alone_ms:.2f} without "
        f"(at most {limits.shadow_latency_ratio:g} times)"
    )
    return _result(
        "shadow",
        [
            (asked, record.n >= limits.shadow_requests and record.failed == 0),
            (agreed, changed <= limits.changed_share),
            (slowed, record.p99_with_ms <= limits.shadow_latency_ratio * record.p99_alone_ms),
        ],
    )


def _result(gate: str, judged: list[tuple[str, bool]]) -> GateResult:
    return GateResult(
        gate=gate,
        findings=tuple(sentence for sentence, _ in judged),
        breaches=tuple(sentence for sentence, sound in judged if not sound),
    )
