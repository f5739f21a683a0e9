"""The audit of decisions by group: the part of the evidence that says who is refused, who wrongly, at what price."""

from __future__ import annotations

from scoring.contract import Count, Estimate, Frozen


class GroupFigures(Frozen):
    """What one group met on applications the model had not seen.

    Attributes
    ----------
    judged
        Whether the group is large enough to be compared with others.
    default_rate, refusal_rate
        Shares of the group's applications.
    false_refusal_rate
        Refused, of those who repaid.
    missed_default_rate
        Granted, of those who defaulted.
    calibration_gap
        Mean probability less default rate: above zero, the group is thought riskier than it is.
    cost
        Business cost per application of the group.
    """

    group: str
    label: str
    n_applications: Count
    n_defaults: Count
    judged: bool
    default_rate: Estimate
    refusal_rate: Estimate
    false_refusal_rate: Estimate
    missed_default_rate: Estimate
    mean_probability: Estimate
    calibration_gap: Estimate
    cost: Estimate


class AttributeAudit(Frozen):
    """One attribute: its groups, and the distances between those that are judged.

    Attributes
    ----------
    acceptance_ratio
        Lowest acceptance rate of a judged group over the highest (the "four-fifths rule" looks at it).
    false_refusal_difference
        Highest false-refusal rate less the lowest.
    calibration_gap
        The largest calibration gap of a judged group, signed.
    cost_difference
        Highest cost of a judged group less the lowest.
    """

    attribute: str
    label: str
    groups: tuple[GroupFigures, ...]
    acceptance_ratio: Estimate | None
    false_refusal_difference: Estimate | None
    calibration_gap: Estimate | None
    cost_difference: Estimate | None

    @property
    def judged(self) -> tuple[GroupFigures, ...]:
        """Return the groups that are large enough to be compared."""
        return tuple(group for group in self.groups if group.judged)


class Revealed(Frozen):
    """How well an attribute that is no input can be told from what is.

    Attributes
    ----------
    auc_of_inputs
        AUC of a classifier over the model's inputs, out of fold; the mean over groups, each against the rest, weighted
        by size.
    auc_of_answer
        The same of the probability of default alone: what the answer itself gives away.
    telling
        The inputs that tell most by themselves, with their own AUC, the strongest first.
    """

    attribute: str
    label: str
    auc_of_inputs: float
    auc_of_answer: float
    telling: tuple[tuple[str, float], ...]


class ProtectedCost(Frozen):
    """What leaving the protected attributes out costs, on the same folds of the development applications.

    Attributes
    ----------
    left_out
        The attributes that the other model had as inputs.
    cost_without, cost_with
        Cost per application of the model as it is, and of the same candidate with the attributes.
    cost_difference
        Without less with, paired on the same applications; above zero, leaving them out costs.
    """

    left_out: tuple[str, ...]
    n_applications: Count
    cost_without: float
    cost_with: float
    cost_difference: Estimate
    auc_without: float
    auc_with: float


class Fairness(Frozen):
    """The whole audit of one model."""

    n_applications: Count
    attributes: tuple[AttributeAudit, ...]
    revealed: tuple[Revealed, ...]
    protected_cost: ProtectedCost | None
