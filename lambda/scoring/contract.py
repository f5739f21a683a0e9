"""The contract: the shape of ``bundle/contract.json``, checked when it is read.

Training writes it, the API builds its request schema from it, monitoring and the page read it. There is no second
list of inputs, features, costs or labels anywhere.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

SCHEMA_VERSION: Final = "1.1"
CONTRACT_FILE = "contract.json"
MODEL_FILE = "model.onnx"
EXPLAINER_FILE = "explainer.npz"
PARITY_FILE = "parity.json"
EVIDENCE_FILE = "evidence.json"
SEALED_FILES = (MODEL_FILE, EXPLAINER_FILE, PARITY_FILE, EVIDENCE_FILE)

Share = Annotated[float, Field(ge=0, le=1)]
Probability = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]


class Frozen(BaseModel):
    """Immutable, closed, and never coerced: what a bundle says is written by a program."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Text(Frozen):
    """The same text for French readers and for English ones."""

    fr: str
    en: str


class Input(Frozen):
    """One field of a request.

    Attributes
    ----------
    table
        Source table, or the history table it is aggregated from.
    unit
        ``EUR``, ``jours``, ``ratio`` …; empty when the value has none.
    missing
        What an absent value means.
    minimum, maximum
        Hard bounds: a value outside is refused.
    usual_low, usual_high
        Range that nearly all known applications lie in: a value outside is reported.
    categories
        Allowed values of a category, in the order of their codes ``0 … k-1``.
    category_labels
        How each of them is said to a person, in the same order.
    protected
        True for an attribute the law protects; such an input never reaches the model.
    """

    name: str
    table: str
    kind: Literal["number", "category", "flag"]
    unit: str
    required: bool
    missing: Text
    minimum: float | None
    maximum: float | None
    usual_low: float | None
    usual_high: float | None
    categories: tuple[str, ...]
    category_labels: tuple[Text, ...]
    protected: bool
    label: Text

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if (self.kind == "category") != bool(self.categories):
            raise ValueError(f"{self.name}: a category lists its categories, and nothing else does")
        if len(set(self.categories)) != len(self.categories):
            raise ValueError(f"{self.name}: a category is listed twice")
        if len(self.category_labels) != len(self.categories):
            raise ValueError(f"{self.name}: each category has one label")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"{self.name}: minimum is above maximum")
        return self


class Feature(Frozen):
    """One column the model reads: an input as it is, or a derivation the graph computes.

    Attributes
    ----------
    inputs
        Names of the inputs it comes from.
    expression
        Formula of a derivation, ``None`` for an input taken as it is.
    raises, lowers
        Reason sentences; ``{valeur}`` stands for the value in its unit.
    importance
        Share of the mean absolute contribution on development, between 0 and 1.
    """

    name: str
    inputs: tuple[str, ...]
    expression: str | None
    unit: str
    label: Text
    raises: Text
    lowers: Text
    importance: Share


class Identity(Frozen):
    """Where this version comes from."""

    model_name: str
    registry_version: str | None
    registry_alias: str | None
    training_run_id: str
    git_commit: str
    data_fingerprint: str
    created_at: str
    family: str


class DecisionPolicy(Frozen):
    """When to refuse, and why there.

    Attributes
    ----------
    threshold
        An application is refused when its probability of default is at or above this.
    threshold_interval
        Bootstrap interval of the threshold that minimises out-of-fold cost.
    bayes_threshold
        ``FP / (FP + FN)``: the best threshold of a perfectly calibrated model.
    bayes_within_interval
        Whether `bayes_threshold` lies in `threshold_interval`; if not, `threshold_note` says why.
    review_band
        Probabilities too close to the threshold to be decided by machine alone.
    """

    threshold: Probability
    threshold_interval: tuple[Probability, Probability]
    false_negative_cost: Annotated[float, Field(gt=0)]
    false_positive_cost: Annotated[float, Field(gt=0)]
    method: str
    bayes_threshold: Probability
    bayes_within_interval: bool
    threshold_note: str
    review_band: tuple[Probability, Probability]


class CoveragePolicy(Frozen):
    """How much of the picture an application must show before the model may judge it.

    The coverage of an application is the sum of the weights of the inputs it gives.

    Attributes
    ----------
    weights
        Share of the picture each input stands for: the importance of every feature, split evenly among the inputs it
        comes from. Together they make 1.
    floor
        Below this coverage an application is not scored.
    tail
        Share of the applications of development that show less than `floor`: there the model has seen next to nothing.
    median
        Coverage of the middle application of development.
    """

    weights: dict[str, Share]
    floor: Share
    tail: Share
    median: Share
    method: str


class ReviewPolicy(Frozen):
    """When a person should decide; what is too close to the threshold is `DecisionPolicy.review_band`.

    Attributes
    ----------
    coverage_below
        Too incomplete: a coverage below this.
    unusual_above
        Too unusual: more values than this outside their usual range.
    shares
        Share of the out-of-fold applications of development that each reason, and any of them, sends to a person.
    """

    coverage_below: Share
    unusual_above: Count
    shares: dict[Literal["proche_du_seuil", "incomplete", "inhabituelle", "ensemble"], Share]
    method: str


class Lever(Frozen):
    """Something the applicant can change in what is asked for; never age, and never the past.

    Attributes
    ----------
    target
        The input that is moved; `follows` keep their proportion to it.
    direction, step, limit
        The factors tried are ``1 ± step``, ``1 ± 2 step`` … up to ``1 ± limit``.
    rounding
        A moved value is rounded to a multiple of this, in the unit of the input.
    sentence
        The proposal in words; ``{avant}`` and ``{apres}`` stand for the values of `target`.
    """

    name: str
    target: str
    follows: tuple[str, ...]
    direction: Literal["lower", "raise"]
    step: Annotated[float, Field(gt=0, lt=1)]
    limit: Annotated[float, Field(gt=0, lt=1)]
    rounding: Annotated[float, Field(gt=0)]
    label: Text
    sentence: Text


class Estimate(Frozen):
    """A measured figure with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


class Quality(Frozen):
    """What was measured on the hold-out, read once."""

    n_applications: int
    default_rate: Share
    refusal_rate: Share
    cost: Estimate
    auc: Estimate
    accuracy: Estimate
    brier: Estimate
    calibration_error: Estimate
    mean_probability: Estimate
    baselines: dict[str, Estimate]


class CalibrationBin(Frozen):
    """Applications of like probability: what was predicted and what happened (Wilson interval)."""

    n_applications: Annotated[int, Field(ge=0)]
    mean_probability: Share
    default_rate: Estimate


class NumericBins(Frozen):
    """Reference shares of a number: ``edges[i-1] < value <= edges[i]``, open at both ends."""

    kind: Literal["number"]
    edges: tuple[float, ...]
    shares: tuple[Share, ...]
    missing_share: Share

    @model_validator(mode="after")
    def _one_share_a_bin(self) -> Self:
        if len(self.shares) != len(self.edges) + 1:
            raise ValueError("a numeric reference has one share more than edges")
        return self


class CategoryBins(Frozen):
    """Reference shares of a category, by value."""

    kind: Literal["category"]
    shares: dict[str, Share]
    missing_share: Share


class Reference(Frozen):
    """Distribution of each input and of the answer on development, for PSI."""

    n_applications: int
    inputs: dict[str, Annotated[NumericBins | CategoryBins, Field(discriminator="kind")]]
    probability: NumericBins


class DossierParity(Frozen):
    """Result of the gate of the features: inputs computed from raw dossiers against those of the batch, to the bit.

    Attributes
    ----------
    n_inputs
        Inputs that were compared for each applicant.
    data_sets
        Applicants compared, by the data set they are from.
    """

    n_applicants: Count
    n_inputs: Count
    differing_inputs: Literal[0]
    data_sets: dict[str, Count]


class Parity(Frozen):
    """Result of the gate: the exported graph against the trained model, and raw dossiers against the batch."""

    tolerance: Annotated[float, Field(gt=0)]
    worst_probability_difference: float
    worst_contribution_difference: float
    changed_decisions: Literal[0]
    n_applications: int
    data_sets: dict[str, int]
    dossiers: DossierParity | None = None


class Contract(Frozen):
    """Everything that is true of one bundle."""

    schema_version: Literal["1.1"]
    identity: Identity
    inputs: tuple[Input, ...]
    features: tuple[Feature, ...]
    decision: DecisionPolicy
    coverage: CoveragePolicy
    review: ReviewPolicy
    levers: tuple[Lever, ...]
    quality: Quality
    reference: Reference
    parity: Parity
    files: dict[str, str]

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        names = [item.name for item in self.inputs]
        if len(set(names)) != len(names):
            raise ValueError("an input is listed twice")
        used = {name for feature in self.features for name in feature.inputs}
        moved = {name for lever in self.levers for name in (lever.target, *lever.follows)}
        strangers = (used | moved | set(self.coverage.weights)) - set(names)
        if strangers:
            raise ValueError(f"features, levers or coverage refer to unknown inputs: {', '.join(sorted(strangers))}")
        if set(self.coverage.weights) != set(names):
            raise ValueError("every input has its weight in the coverage")
        protected = [item.name for item in self.inputs if item.protected]
        if protected:
            raise ValueError(f"protected attributes cannot be inputs: {', '.join(protected)}")
        if set(self.files) != set(SEALED_FILES):
            raise ValueError(f"the seals must name exactly {', '.join(SEALED_FILES)}")
        return self
