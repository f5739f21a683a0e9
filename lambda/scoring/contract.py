"""The contract: the shape of ``bundle/contract.json``, checked when it is read.

Training writes it, the API builds its request schema from it, monitoring and the page read it. There is no second
list of inputs, features, costs or labels anywhere.
"""

from __future__ import annotations

from collections import Counter
from datetime import date  # noqa: TC003  pydantic resolves annotations at run time
from math import log
from string import Formatter
from typing import TYPE_CHECKING, Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from scoring.conditions import Vocabulary, fields_of, normal_form, read_condition, vocabulary_of

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMA_VERSION: Final = "2.0"
CONTRACT_FILE = "contract.json"
MODEL_FILE = "model.onnx"
EXPLAINER_FILE = "explainer.npz"
PARITY_FILE = "parity.json"
EVIDENCE_FILE = "evidence.json"
SEALED_FILES = (MODEL_FILE, EXPLAINER_FILE, PARITY_FILE, EVIDENCE_FILE)

# The unit of an amount; `Conventions.currency` says which money it is.
MONEY: Final = "monnaie"
# What the sentences of a reason may name between braces.
REASON_PLACES: Final = frozenset({"libelle", "valeur", "donnees"})

Share = Annotated[float, Field(ge=0, le=1)]
Probability = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
Direction = Literal[-1, 0, 1]
Period = Literal["mois", "an"]


def _is_none(value: object) -> bool:
    """Say that there is nothing to write: contracts from before a field are written as they always were."""
    return value is None


class Frozen(BaseModel):
    """Immutable, closed, and never coerced: what a bundle says is written by a program."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Text(Frozen):
    """The same text for French readers and for English ones."""

    fr: str
    en: str


class Conventions(Frozen):
    """What the data does not say of its amounts, and a lender knows.

    Attributes
    ----------
    currency
        Sign or short name that follows an amount.
    income_period, annuity_period
        What time one income, and one instalment of the credit, stands for.
    """

    currency: Text
    income_period: Period
    annuity_period: Period


class PointScale(Frozen):
    """How a probability of default is told in points: more points, less risk.

    Attributes
    ----------
    base_score
        Points of an applicant with these `odds`.
    pdo
        Points that double the odds.
    odds
        Good applicants to one default.
    """

    base_score: float
    pdo: Annotated[float, Field(gt=0)]
    odds: Annotated[float, Field(gt=0)]

    @property
    def factor(self) -> float:
        """Points of one unit of log-odds."""
        return self.pdo / log(2)

    def of(self, margin: float) -> float:
        """Return the points of a log-odds of default, not rounded.

        >>> scale = PointScale(base_score=600.0, pdo=20.0, odds=50.0)
        >>> round(scale.of(-log(50))), round(scale.of(-log(100)))
        (600, 620)
        """
        return self.base_score - self.factor * (margin + log(self.odds))


class Input(Frozen):
    """One field of a request.

    Attributes
    ----------
    table
        Source table, or the history table it is aggregated from.
    unit
        ``monnaie``, ``jours``, ``part`` …, as `scoring.wording` says them; empty when the value has none.
    missing
        What a declared absence, an explicit ``null``, means.
    fill
        What a missing value is read as: the median of development, or its most frequent category (its code) or flag.
    minimum, maximum
        Hard bounds: a value outside is refused.
    usual_low, usual_high
        Range that nearly all known applications lie in: a value outside is reported.
    categories
        Allowed values of a category, in the order of their codes ``0 … k-1``.
    category_labels
        How each of them is said to a person, in the same order.
    rare
        Categories that next to nobody of development has: scored as missing, told as unusual, and sent to a person.
    direction
        What a larger value may do to the risk: 1 raise it, -1 lower it; 0 where it is not known. Proved on the graph.
    known_by
        Who can say the value: the applicant, a credit bureau, or the lender.
    ground
        Legal and economic ground for asking.
    protected
        True for an attribute the law protects; such an input never reaches the model.
    """

    name: str
    table: str
    kind: Literal["number", "category", "flag"]
    unit: str
    required: bool
    missing: Text
    fill: float
    minimum: float | None
    maximum: float | None
    usual_low: float | None
    usual_high: float | None
    categories: tuple[str, ...]
    category_labels: tuple[Text, ...]
    rare: tuple[str, ...]
    direction: Direction
    known_by: Literal["applicant", "bureau", "lender"]
    ground: Text
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
        if not set(self.rare) <= set(self.categories):
            raise ValueError(f"{self.name}: a rare category is none of its categories")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"{self.name}: minimum is above maximum")
        return self

    @property
    def told_cells(self) -> tuple[int, ...]:
        """By category, the cell that counts of all requests tell it in: the rare ones share the last."""
        told = [category for category in self.categories if category not in self.rare]
        return tuple(told.index(one) if one in told else len(told) for one in self.categories)

    @property
    def n_told_cells(self) -> int:
        """Cells that a category is told in, without that of the missing."""
        return max(self.told_cells) + 1


class Rule(Frozen):
    """What the fields of one application must not say together.

    Attributes
    ----------
    code
        Stable name, told to partners and counted by monitoring.
    severity
        ``impossible`` is refused as an error of the request; ``incoherente`` is told and sent to a person.
    broken_when
        Condition over inputs, as `scoring.conditions` reads it; it does not hold where a value it needs is missing.
    sentence
        What is wrong, in words.
    """

    code: str
    severity: Literal["impossible", "incoherente"]
    broken_when: str
    sentence: Text

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the inputs that the rule is about."""
        return fields_of(self.broken_when)


class Feature(Frozen):
    """One column the model reads: an input as it is, or a derivation the graph computes.

    Attributes
    ----------
    inputs
        Names of the inputs it comes from.
    expression
        Formula of a derivation, ``None`` for an input taken as it is.
    motive
        Code of the reason it is told by.
    direction
        What the score may do when the value rises: 1 only rise, -1 only fall; 0 where nothing is declared.
    importance
        Share of the mean absolute contribution on development, between 0 and 1.
    """

    name: str
    inputs: tuple[str, ...]
    expression: str | None
    unit: str
    label: Text
    motive: str
    direction: Direction
    importance: Share


class ThemeGroup(Frozen):
    """Themes that are told as one where there are too many to tell apart."""

    code: str
    label: Text


class Theme(Frozen):
    """What reasons are summed by.

    Attributes
    ----------
    group
        Code of the group it merges into.
    general
        Code of the motive that speaks of the theme as a whole, without a value.
    """

    code: str
    group: str
    general: str
    label: Text


class Motive(Frozen):
    """One reason of the catalogue; its code keeps its meaning from model to model and is never given another.

    Attributes
    ----------
    harmless
        A value up to this is never told as adverse (no delay, no refusal); None where any value may be.
    adverse, favourable
        Sentences; ``{libelle}`` and ``{valeur}`` stand for the feature and its value in its unit, ``{donnees}`` for
        each of its inputs with its value.
    better
        What would be better, for an adverse reason.
    """

    code: Annotated[str, Field(pattern=r"^R[1-9]\d{2}$")]
    theme: str
    label: Text
    harmless: float | None
    adverse: Text
    favourable: Text
    better: Text

    @model_validator(mode="after")
    def _names_what_is_put_in(self) -> Self:
        sentences = (self.adverse.fr, self.adverse.en, self.favourable.fr, self.favourable.en)
        named = {name for one in sentences for _, name, _, _ in Formatter().parse(one) if name is not None}
        if named - REASON_PLACES:
            raise ValueError(f"{self.code}: a sentence names {', '.join(sorted(named - REASON_PLACES))}")
        return self


class Move(Frozen):
    """A change of several inputs at once whose direction is known: they grow together, by one factor."""

    name: str
    inputs: tuple[str, ...]
    direction: Direction
    label: Text


class Identity(Frozen):
    """Where this version comes from.

    Attributes
    ----------
    synthetic
        Whether it was taught on made-up applicants, and so decides about nobody; None where nobody told.
    proposed_by, approved_by
        Who put it forward and who let it into production: two people, or the word that the glass was broken.
    """

    model_name: str
    registry_version: str | None
    registry_alias: str | None
    training_run_id: str
    git_commit: str
    data_fingerprint: str
    created_at: str
    family: str
    synthetic: bool | None = None
    proposed_by: Annotated[str | None, Field(exclude_if=_is_none)] = None
    approved_by: Annotated[str | None, Field(exclude_if=_is_none)] = None


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
    shares: dict[
        Literal["proche_du_seuil", "incomplete", "inhabituelle", "categorie_rare", "incoherente", "ensemble"], Share
    ]
    method: str


class Terms(Frozen):
    """Which inputs say what is asked for: whatever is offered instead is told in all of them.

    Attributes
    ----------
    amount, instalment
        Their quotient is the term in months.
    price
        Of what is bought; less the amount it is the down payment. ``None`` where no input says it.
    contract_type
        ``None`` where no input says it.
    """

    amount: str
    instalment: str
    price: str | None
    contract_type: str | None


class Lever(Frozen):
    """Something the applicant can change in what is asked for; never age, and never the past.

    Attributes
    ----------
    contract_types
        Types of contract it makes sense for; empty for all.
    target
        The input that is moved; `follows` keep their proportion to it.
    by
        ``factor``: what is tried is ``1 ± step``, ``1 ± 2 step`` … up to ``1 ± limit``; ``month``: the instalment is
        moved so that the term is one, two … months longer or shorter, up to the limit.
    direction, step, limit
        How far it is moved.
    rounding
        A moved value is rounded to a multiple of this, in the unit of the input.
    sentence
        The proposal in words; ``{avant}`` and ``{apres}`` stand for the values of `target`.
    """

    name: str
    contract_types: tuple[str, ...]
    target: str
    follows: tuple[str, ...]
    by: Literal["factor", "month"]
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


class Predecessor(Frozen):
    """The bundle that was served before, whose inputs are accepted for a stated time.

    Attributes
    ----------
    seal
        The one hash of that bundle.
    inputs
        Its inputs: what keeps their declarations is no error.
    accepted_until
        Last day on which that is so.
    """

    seal: str
    inputs: tuple[Input, ...]
    accepted_until: date


class Contract(Frozen):
    """Everything that is true of one bundle."""

    schema_version: Literal["2.0"]
    identity: Identity
    conventions: Conventions
    inputs: tuple[Input, ...]
    rules: tuple[Rule, ...]
    features: tuple[Feature, ...]
    moves: tuple[Move, ...]
    theme_groups: tuple[ThemeGroup, ...]
    themes: tuple[Theme, ...]
    motives: tuple[Motive, ...]
    decision: DecisionPolicy
    points: Annotated[PointScale | None, Field(exclude_if=_is_none)] = None
    coverage: CoveragePolicy
    review: ReviewPolicy
    terms: Terms | None
    levers: tuple[Lever, ...]
    quality: Quality
    reference: Reference
    parity: Parity
    files: dict[str, str]
    predecessor: Predecessor | None = None
    seal: str = ""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        names = [item.name for item in self.inputs]
        if len(set(names)) != len(names):
            raise ValueError("an input is listed twice")
        used = {name for feature in self.features for name in feature.inputs}
        moved = {name for lever in self.levers for name in (lever.target, *lever.follows)}
        moved |= {name for move in self.moves for name in move.inputs}
        moved |= set(self.terms.model_dump(exclude_none=True).values()) if self.terms else set()
        strangers = (used | moved | set(self.coverage.weights)) - set(names)
        if strangers:
            raise ValueError(
                f"features, moves, levers or coverage refer to unknown inputs: {', '.join(sorted(strangers))}"
            )
        if set(self.coverage.weights) != set(names):
            raise ValueError("every input has its weight in the coverage")
        protected = [item.name for item in self.inputs if item.protected]
        if protected:
            raise ValueError(f"protected attributes cannot be inputs: {', '.join(protected)}")
        if set(self.files) != set(SEALED_FILES):
            raise ValueError(f"the seals must name exactly {', '.join(SEALED_FILES)}")
        _check_rules(self.rules, vocabulary_of(self.inputs))
        return self

    @model_validator(mode="after")
    def _tells_every_feature(self) -> Self:
        theme_of = {motive.code: motive.theme for motive in self.motives}
        groups = {group.code for group in self.theme_groups}
        if len(theme_of) != len(self.motives):
            raise ValueError("the code of a motive is given twice")
        untold = [feature.name for feature in self.features if feature.motive not in theme_of]
        if untold:
            raise ValueError(f"features without a motive of the catalogue: {', '.join(untold)}")
        if set(theme_of.values()) - {theme.code for theme in self.themes}:
            raise ValueError("a motive is of no theme")
        lost = [one.code for one in self.themes if one.group not in groups or theme_of.get(one.general) != one.code]
        if lost:
            raise ValueError(f"themes without a group or a general motive of their own: {', '.join(lost)}")
        return self


def _check_rules(rules: Sequence[Rule], vocabulary: Vocabulary) -> None:
    """Raise ValueError where a rule cannot be read over the inputs, or two of them are one."""
    for rule in rules:
        try:
            read_condition(rule.broken_when, vocabulary)
        except ValueError as error:
            raise ValueError(f"rule {rule.code}: {error}") from error
    for told, what in (
        ([rule.code for rule in rules], "code"),
        ([normal_form(rule.broken_when) for rule in rules], "condition"),
    ):
        repeated = [one for one, count in Counter(told).items() if count > 1]
        if repeated:
            raise ValueError(f"two rules have the same {what}: {repeated[0]}")
