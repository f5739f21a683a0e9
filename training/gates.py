"""The gates on promotion: what a version must show before it may decide about anybody, and the limits it is held to.

The one place of the limits. ``docs/decisions/0040`` says why they are what they are; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from training.metrics import paired_difference

if TYPE_CHECKING:
    from scoring.contract import Contract, Estimate
    from scoring.fairness import AttributeAudit, Fairness


@dataclass(frozen=True, slots=True)
class FairnessLimits:
    """How far groups of one attribute may be apart.

    Attributes
    ----------
    acceptance_ratio
        Lowest acceptance rate over the highest, at least.
    false_refusal_difference
        Distance between false-refusal rates, at most.
    calibration_gap
        Mean probability less default rate of any group, at most, in size.
    """

    acceptance_ratio: float
    false_refusal_difference: float
    calibration_gap: float


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
    protected, age
        Distances between groups: of protected attributes, and of age bands, which an input tells.
    """

    probability_difference: float = 1e-6
    mean_probability_deviation: float = 4.0
    calibration_error: float = 0.02
    cost_difference: float = 0.02
    protected: FairnessLimits = FairnessLimits(0.80, 0.15, 0.02)
    age: FairnessLimits = FairnessLimits(0.50, 0.40, 0.02)

    def of(self, attribute: AttributeAudit) -> FairnessLimits:
        """Return the limits of an attribute."""
        return self.age if attribute.attribute == "AGE_BAND" else self.protected


LIMITS = Limits()
GATES = ("parity", "calibration", "cost", "fairness")
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
    at_each_level = f"calibration error {_say(error)} (lower end at most {limits.calibration_error:g})"
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
    mean, error = paired_difference(costs, production_costs)
    low, high = mean - 1.96 * error, mean + 1.96 * error
    sentence = (
        f"{costs.mean():.4f} per application against {production_costs.mean():.4f} in production on {len(costs)} "
        f"{rows}: {mean:+.4f} [{low:+.4f}, {high:+.4f}] (at most "
        f"{limits.cost_difference:+g}, and an interval that reaches 0)"
    )
    return _result("cost", [(sentence, mean <= limits.cost_difference and low <= 0)])


def fairness_gate(fairness: Fairness | None, *, limits: Limits = LIMITS) -> GateResult:
    """Check that no distance between groups is beyond its limit with all of its interval.

    A breach must be established: where the interval reaches the limit the report says *to watch*, and the gate opens.
    """
    if fairness is None:
        return _result("fairness", [("the version's run held no attribute to audit: nothing is known", False)])
    findings = [
        (distance.told(attribute.attribute), not distance.established)
        for attribute in fairness.attributes
        for distance in distances(attribute, limits=limits)
    ]
    return _result("fairness", findings or [("no attribute has two groups large enough to be compared", True)])


@dataclass(frozen=True, slots=True)
class Distance:
    """How far the groups of one attribute are apart, held against the limit of it.

    Attributes
    ----------
    kind
        Name of the figure in the audit.
    beyond
        Whether the figure is beyond the limit.
    established
        Whether its whole interval is: a breach. What is beyond without that is to be watched.
    """

    kind: str
    measured: Estimate
    limit: float
    beyond: bool
    established: bool

    def told(self, attribute: str) -> str:
        """Return the finding as the command prints it."""
        bound = "at least" if self.kind == "acceptance_ratio" else "at most"
        watched = ", to watch" if self.beyond and not self.established else ""
        return f"{attribute}: {_NAMES[self.kind]} {_say(self.measured)} ({bound} {self.limit:g}){watched}"


_NAMES = {
    "acceptance_ratio": "acceptance ratio",
    "false_refusal_difference": "false-refusal difference",
    "calibration_gap": "calibration gap",
}


def distances(attribute: AttributeAudit, *, limits: Limits = LIMITS) -> tuple[Distance, ...]:
    """Return what the fairness gate judges of an attribute; nothing where fewer than two groups are compared."""
    own = limits.of(attribute)
    ratio, difference, gap = attribute.acceptance_ratio, attribute.false_refusal_difference, attribute.calibration_gap
    if ratio is None or difference is None or gap is None:
        return ()
    least = own.acceptance_ratio
    return (
        Distance("acceptance_ratio", ratio, least, ratio.value < least, ratio.high < least),
        _at_most("false_refusal_difference", difference, own.false_refusal_difference),
        _at_most("calibration_gap", gap, own.calibration_gap),
    )


def _at_most(kind: str, measured: Estimate, limit: float) -> Distance:
    nearest = 0.0 if measured.low <= 0 <= measured.high else min(abs(measured.low), abs(measured.high))
    return Distance(kind, measured, limit, abs(measured.value) > limit, nearest > limit)


def _say(estimate: Estimate) -> str:
    return f"{estimate.value:.3f} [{estimate.low:.3f}, {estimate.high:.3f}]"


def _result(gate: str, judged: list[tuple[str, bool]]) -> GateResult:
    return GateResult(
        gate=gate,
        findings=tuple(sentence for sentence, _ in judged),
        breaches=tuple(sentence for sentence, sound in judged if not sound),
    )
