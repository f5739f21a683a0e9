"""The evidence: the shape of ``bundle/evidence.json``, which says why this model at this threshold.

Training writes it, the page and the reports draw it. It holds aggregates only: counts, rates and costs over thousands
of applications, never a row.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from scoring.contract import CalibrationBin, Count, Estimate, Frozen
from scoring.fairness import Fairness  # noqa: TC001  pydantic resolves annotations at run time

EVIDENCE_VERSION: Final = "1.0"

Rate = Annotated[float, Field(ge=0, le=1)]


class Difference(Frozen):
    """A mean difference on the same applications, and its standard error."""

    mean: float
    standard_error: float


class ComparedCandidate(Frozen):
    """One candidate of the comparison, out of fold on development.

    Attributes
    ----------
    imbalance
        What was done about rare defaults: ``none``, ``class_weights``, ``under_sampling``, ``smote``.
    exportable
        Whether it may be served; what is too large to explain is compared and cannot win.
    cost_difference, log_loss_difference
        To the champion; positive is worse.
    fit_seconds
        Processor time of one fit.
    size_bytes, latency_us
        Of the exported graph and tables, and of the graph on one row (median, microseconds).
    """

    name: str
    family: str
    imbalance: str
    champion: bool
    exportable: bool
    parameters: dict[str, float | int | str]
    threshold: float
    cost: Estimate
    cost_difference: Difference
    log_loss_difference: Difference
    auc: Rate
    accuracy: Rate
    brier: float
    calibration_error: float
    fit_seconds: float
    size_bytes: int | None
    latency_us: float | None


class Policy(Frozen):
    """What refusing at a threshold does.

    Attributes
    ----------
    cost
        Per application, ``(FN cost * FN + FP cost * FP) / n``.
    refusal_rate
        Share of the applications refused.
    default_rate_accepted, default_rate_refused
        Share of defaults among those accepted and those refused; ``None`` where there are none.
    """

    name: str
    threshold: float
    cost: Estimate
    refusal_rate: Rate
    default_rate_accepted: Rate | None
    default_rate_refused: Rate | None


class RatioPolicy(Frozen):
    """The decisions another cost ratio would ask for.

    Attributes
    ----------
    ratio
        What a default granted costs, in good applicants declined.
    bayes_threshold
        The best threshold of calibrated probabilities at that ratio.
    threshold, threshold_interval
        Chosen on the data at that ratio, as the served one was at its own.
    cost
        Per application at `threshold`, a good applicant declined counting 1.
    cost_at_served_threshold
        The same if the served threshold were kept.
    refusal_rate
        At `threshold`.
    """

    ratio: float
    bayes_threshold: float
    threshold: float
    threshold_interval: tuple[float, float]
    cost: float
    cost_at_served_threshold: float
    refusal_rate: Rate


class Stability(Frozen):
    """How firmly the data holds the threshold.

    Attributes
    ----------
    quantiles
        Of the cost-minimising threshold over resamples, by probability (``"0.025"`` …).
    by_fold
        The threshold each fold would have been given by the others.
    cost_cross_fitted
        Cost when each fold is decided at the threshold of the others.
    optimism
        How much less the served threshold costs on the applications it was set on.
    """

    n_resamples: int
    quantiles: dict[str, float]
    by_fold: tuple[float, ...]
    cost_cross_fitted: Estimate
    optimism: float


class SegmentCounts(Frozen):
    """Good and defaulted applications of a segment, by bin of the simulator's edges.

    Attributes
    ----------
    variable
        Input that cuts the population; ``None`` for everybody.
    value
        Category, or the range in words of the unit (``low``, ``high`` say it in numbers).
    """

    variable: str | None
    value: str
    low: float | None
    high: float | None
    good: tuple[Count, ...]
    defaulted: tuple[Count, ...]


class Simulator(Frozen):
    """Enough to replay any policy: counts by bin of probability, ``edges[i-1] <= p < edges[i]``, open at both ends.

    Refusing from ``edges[i]`` on refuses bins ``i + 1`` and above: costs, decisions gained and lost, and default rates
    on both sides follow by sums.
    """

    edges: tuple[float, ...]
    segments: tuple[SegmentCounts, ...]

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        n_bins = len(self.edges) + 1
        if list(self.edges) != sorted(set(self.edges)):
            raise ValueError("the edges of the simulator must rise")
        if any(len(side) != n_bins for one in self.segments for side in (one.good, one.defaulted)):
            raise ValueError("a segment has one count more than there are edges")
        return self


class Evidence(Frozen):
    """Why this model, at this threshold; everything out of fold on development.

    Attributes
    ----------
    rule
        The written rule that chose the champion.
    cost_curve
        Policies at rising thresholds.
    policies
        Those with a name: everybody accepted, everybody refused, one half, the theory's threshold, the served one.
    accepted_high_auc
        Why a person believed an AUC above what anybody has reached; ``None`` where it is not above.
    fairness
        The audit by protected attribute, on the hold-out; ``None`` where the data holds no such attribute.
    """

    schema_version: Literal["1.0"]
    n_applications: int
    default_rate: Rate
    false_negative_cost: float
    false_positive_cost: float
    threshold: float
    rule: str
    candidates: tuple[ComparedCandidate, ...]
    cost_curve: tuple[Policy, ...]
    policies: tuple[Policy, ...]
    ratios: tuple[RatioPolicy, ...]
    stability: Stability
    calibration: tuple[CalibrationBin, ...]
    simulator: Simulator
    accepted_high_auc: str | None
    fairness: Fairness | None = None
