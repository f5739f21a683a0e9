"""What a trained model puts into its contract on who may be judged by machine, and on what an applicant can change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scoring.contract import CoveragePolicy, Lever, ReviewPolicy, Rule, Terms, Text
from scoring.coverage import CoverageMeter
from scoring.decision import rule_in_force
from scoring.review import Reviewer, ReviewMotive, Seen
from scoring.rules import RuleBook
from training.features.feature_space import split_among_inputs
from training.schema import load_levers
from training.schema.rules import load_rules

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from scoring.contract import DecisionPolicy, Feature, Input

# One application in a thousand shows less: the same lower end as the usual range of a value.
REFUSED_TAIL = 0.001
# One in a hundred is incomplete, or unusual, enough for a person to look at it.
REVIEWED_TAIL = 0.01
DECIMALS = 4
ANY_REASON = "ensemble"
AMOUNT, INSTALMENT, PRICE, CONTRACT_TYPE = "AMT_CREDIT", "AMT_ANNUITY", "AMT_GOODS_PRICE", "NAME_CONTRACT_TYPE"


def coverage_policy(inputs: Sequence[Input], features: Sequence[Feature], development: np.ndarray) -> CoveragePolicy:
    """Return the weight of each input and the least coverage that may be judged.

    Parameters
    ----------
    development
        Raw rows the model was trained on, shape ``(n_applications, n_inputs)``.
    """
    weights = input_weights(inputs, features)
    coverage = CoverageMeter(inputs, weights).measure(development).share
    return CoveragePolicy(
        weights=weights,
        floor=_lower_quantile(coverage, REFUSED_TAIL),
        tail=REFUSED_TAIL,
        median=_lower_quantile(coverage, 0.5),
        method="quantile of the coverage over development applications",
    )


def input_weights(inputs: Sequence[Input], features: Sequence[Feature]) -> dict[str, float]:
    """Split the importance of each feature evenly among its inputs; together they make 1.

    The contract keeps them as ``coverage.weights``: whoever has a contract reads the importance of an input there.
    """
    sizes, sources = [feature.importance for feature in features], [feature.inputs for feature in features]
    totals = split_among_inputs(sizes, sources, [item.name for item in inputs])
    weights = np.array(list(totals.values()))
    total = weights.sum()
    # A model that never splits looks at nothing: all inputs are then alike.
    shares = weights / total if total else np.full(len(inputs), 1 / len(inputs))
    return dict(zip(totals, shares.tolist(), strict=True))


def contract_rules(names: Collection[str]) -> tuple[Rule, ...]:
    """Return the rules whose fields are all among the inputs of a model."""
    return tuple(
        Rule(
            code=entry.code,
            severity=entry.severity,
            broken_when=entry.broken_when,
            sentence=Text(fr=entry.sentence_fr, en=entry.sentence_en),
        )
        for entry in load_rules()
        if all(name in names for name in entry.fields)
    )


def review_policy(
    inputs: Sequence[Input],
    rules: Sequence[Rule],
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
    shown = CoverageMeter(inputs, coverage.weights).measure(development)
    policy = ReviewPolicy(
        coverage_below=_lower_quantile(shown.share, REVIEWED_TAIL),
        unusual_above=int(np.quantile(shown.n_unusual, 1 - REVIEWED_TAIL, method="higher")),
        shares={},
        method="quantiles over development applications; the band is the interval of the threshold",
    )
    seen = Seen(
        default_probability, shown.share, shown.n_unusual, _n_incoherent(inputs, rules, development), shown.has_rare
    )
    held = Reviewer(policy, rule_in_force(decision)).held(seen)
    # Every gap of development is a declared one: nothing hinges on what was left out.
    reasons = {motive.value: cases for motive, cases in held.items() if motive is not ReviewMotive.UNKNOWN}
    reasons[ANY_REASON] = np.logical_or.reduce(list(reasons.values()))
    return policy.model_copy(update={"shares": {name: float(cases.mean()) for name, cases in reasons.items()}})


def _n_incoherent(inputs: Sequence[Input], rules: Sequence[Rule], development: np.ndarray) -> np.ndarray:
    """Return how many rules of what does not fit together each application breaks, shape ``(n_applications,)``."""
    book = RuleBook([rule for rule in rules if rule.severity == "incoherente"], inputs)
    return sum(book.broken_in(development.T).values(), start=np.zeros(len(development), np.int64))


def contract_levers(names: Collection[str]) -> tuple[Lever, ...]:
    """Return the levers whose target the model reads; inputs it does not read need not follow."""
    return tuple(
        Lever(
            name=entry.name,
            contract_types=entry.contract_types,
            target=entry.target,
            follows=tuple(name for name in entry.follows if name in names),
            by=entry.by,
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


def contract_terms(names: Collection[str]) -> Terms | None:
    """Return which inputs say what is asked for; ``None`` where amount or instalment is not asked."""
    if AMOUNT not in names or INSTALMENT not in names:
        return None
    return Terms(
        amount=AMOUNT,
        instalment=INSTALMENT,
        price=PRICE if PRICE in names else None,
        contract_type=CONTRACT_TYPE if CONTRACT_TYPE in names else None,
    )


def _lower_quantile(values: np.ndarray, share: float) -> float:
    """Return a quantile rounded down, so that the row it comes from is on the right side however its sum is taken."""
    scale = 10**DECIMALS
    return float(np.floor(np.quantile(values, share, method="lower") * scale) / scale)
