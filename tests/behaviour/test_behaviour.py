"""What a credit officer would expect of any model here: invariance, direction and minimum functionality."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from metrics.costs import COSTS
from scoring.bundle import Bundle
from scoring.contract import CategoryBins
from scoring.decision import Decision
from scoring.errors import InvalidApplicationError
from scoring.features import InputEncoder
from scoring.reasons import PRINCIPAL_REASONS
from scoring.rules import RuleBook
from scoring.service import ScoringService
from scoring.settings import DEFAULT_BUNDLE

if TYPE_CHECKING:
    from scoring.contract import Contract, Input
    from scoring.features import Value
    from training.features.dataset import Dataset

    type Applications = list[dict[str, Value]]


def usual(contract: Contract, item: Input) -> Value:
    """Return the middle of an input's usual range, or its most frequent category."""
    bins = contract.reference.inputs[item.name]
    if isinstance(bins, CategoryBins):
        return max(bins.shares, key=lambda category: bins.shares[category])
    if item.kind == "flag" or item.usual_low is None or item.usual_high is None:
        return None if not item.required else 0
    return bins.edges[len(bins.edges) // 2] if bins.edges else item.usual_low


def typical(contract: Contract, **changes: Value) -> dict[str, Value]:
    """Build the application everything is usual of, unless told otherwise; what would break a rule is left out.

    Each value is usual by itself: together they need not be anybody's.
    """
    application = {item.name: usual(contract, item) for item in contract.inputs}
    book, encoder = RuleBook(contract.rules, contract.inputs), InputEncoder(contract.inputs)
    while broken := book.broken_by_each(encoder.encode([application]))[0]:
        application[broken[0].fields[0]] = None
    return application | changes


def end(contract: Contract, name: str, side: str) -> float:
    """Return one end of an input's usual range."""
    (item,) = (item for item in contract.inputs if item.name == name)
    return float(getattr(item, f"usual_{side}"))


@pytest.fixture(scope="module")
def committed_service() -> ScoringService:
    """Return the committed bundle, loaded."""
    return ScoringService.of(Bundle.open(DEFAULT_BUNDLE))


@pytest.fixture(scope="module", params=["service", "linear_service", "committed_service"])
def any_service(request: pytest.FixtureRequest) -> ScoringService:
    """Return each service in turn: boosted trees, a logistic regression and the committed bundle."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def new_applications(service: ScoringService, new_dataset: Dataset) -> Applications:
    """Return applications no model has seen, as requests."""
    contract = service.contract

    def decoded(item: Input, number: float) -> Value:
        if np.isnan(number):
            return None
        return item.categories[int(number)] if item.kind == "category" else float(number)

    return [
        {item.name: decoded(item, number) for item, number in zip(contract.inputs, row, strict=True)}
        for row in new_dataset.rows
    ]


def mean_probability(scoring: ScoringService, applications: Applications, **changes: Value) -> float:
    """Return the mean answer to applications that are changed alike."""
    return float(scoring.probabilities([one | changes for one in applications]).mean())


def test_asking_again_gives_the_same_answer(any_service: ScoringService) -> None:
    """Neither time nor what was asked before changes an answer, bit for bit."""
    application = typical(any_service.contract)
    first = any_service.score(application)
    any_service.score(typical(any_service.contract, AMT_CREDIT=50_000.0))

    assert first == any_service.score(application)


def test_asking_from_many_threads_gives_the_same_answers(
    service: ScoringService, new_applications: Applications
) -> None:
    """Requests at the same time do not mix."""
    answers = zip(new_applications, service.score_many(new_applications), strict=True)
    judged = [one for one, answer in answers if not isinstance(answer, Exception)][:100]
    expected = [service.score(one) for one in judged]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(service.score, judged))

    assert expected == found


def test_loading_again_gives_the_same_answer(any_service: ScoringService, request: pytest.FixtureRequest) -> None:
    """Two instances of the function answer alike, bit for bit."""
    folder = {"service": "bundle_dir", "linear_service": "linear_bundle_dir"}
    name = request.node.callspec.params["any_service"]
    again = ScoringService.of(Bundle.open(request.getfixturevalue(folder[name]) if name in folder else DEFAULT_BUNDLE))

    application = typical(any_service.contract)
    assert any_service.score(application) == again.score(application)


def test_number_of_reasons_changes_no_answer(any_service: ScoringService) -> None:
    """Asking for more reasons is no other question."""
    application = typical(any_service.contract)
    few, many = (any_service.score(application, n_reasons=count) for count in (1, 10))

    assert few.default_probability == many.default_probability
    assert few.account.by_theme == many.account.by_theme


@pytest.mark.parametrize("name", ["EXT_SOURCE_2", "EXT_SOURCE_3"])
def test_better_external_score_lowers_the_risk(any_service: ScoringService, name: str) -> None:
    """From the low to the high end of its usual range, a typical applicant's risk goes down."""
    contract = any_service.contract
    low, high = (
        any_service.score(typical(contract, **{name: end(contract, name, side)})).default_probability
        for side in ("low", "high")
    )

    assert high < low


@pytest.mark.parametrize(
    ("safer", "riskier"),
    [
        ({"EXT_SOURCE_2": 0.8}, {"EXT_SOURCE_2": 0.1}),
        ({"EXT_SOURCE_3": 0.8}, {"EXT_SOURCE_3": 0.1}),
        ({"DAYS_BIRTH": -20_000}, {"DAYS_BIRTH": -8_000}),
        ({"DAYS_EMPLOYED": -4_000}, {"DAYS_EMPLOYED": -300}),
        ({"OCCUPATION_TYPE": "Laborers"}, {"OCCUPATION_TYPE": "IT staff"}),
    ],
)
@pytest.mark.parametrize("name", ["service", "linear_service"])
def test_what_raises_the_true_risk_raises_the_estimated_one(
    request: pytest.FixtureRequest,
    name: str,
    new_applications: Applications,
    safer: dict[str, Value],
    riskier: dict[str, Value],
) -> None:
    """The models learned the direction of what the population's defaults were drawn from."""
    scoring: ScoringService = request.getfixturevalue(name)

    assert mean_probability(scoring, new_applications[:200], **safer) < mean_probability(
        scoring, new_applications[:200], **riskier
    )


@pytest.mark.parametrize(
    ("score", "expected"), [(0.9, Decision.ACCEPT), (0.02, Decision.REFUSE)], ids=["clearly good", "clearly bad"]
)
def test_clear_cases_are_decided_as_anybody_would(
    any_service: ScoringService, score: float, expected: Decision
) -> None:
    """With excellent scores everywhere a typical applicant is accepted, with terrible ones refused."""
    sources = {item.name: score for item in any_service.contract.inputs if item.name.startswith("EXT_SOURCE_")}

    assert expected is any_service.score(typical(any_service.contract, **sources)).decision


def test_refusal_for_bad_scores_says_so(any_service: ScoringService) -> None:
    """The principal reason of such a refusal is the external scores, and it raises the risk."""
    sources = {item.name: 0.02 for item in any_service.contract.inputs if item.name.startswith("EXT_SOURCE_")}
    strongest = any_service.score(typical(any_service.contract, **sources)).reasons[0]

    assert strongest.feature.startswith("EXT_SOURCE_")
    assert strongest.theme == "scores_externes"
    assert strongest.contribution > 0
    assert " contre la demande" in strongest.sentence


def test_defaulters_are_riskier_than_the_others(
    service: ScoringService, new_applications: Applications, new_dataset: Dataset
) -> None:
    """On applications the model has not seen, those that default were told to be riskier."""
    found = service.probabilities(new_applications)

    assert found[new_dataset.default == 1].mean() > 1.3 * found[new_dataset.default == 0].mean()


def test_decisions_cost_less_than_either_trivial_policy(
    service: ScoringService, new_applications: Applications, new_dataset: Dataset
) -> None:
    """Accepting everybody or refusing everybody would be dearer, on applications the model has not seen."""
    refused = service.probabilities(new_applications) >= service.rule.threshold
    default = new_dataset.default == 1
    cost = COSTS.false_negative * (default & ~refused).sum() + COSTS.false_positive * (~default & refused).sum()

    assert cost < min(COSTS.false_negative * default.sum(), COSTS.false_positive * (~default).sum())


def bare(contract: Contract) -> dict[str, Value]:
    """Return what is required and nothing else, all of it usual."""
    return {item.name: usual(contract, item) for item in contract.inputs if item.required}


def test_the_least_that_is_judged_is_enough(any_service: ScoringService) -> None:
    """What is required and enough of what weighs most gets an answer with reasons, whatever else is missing."""
    contract = any_service.contract
    application, weights = bare(contract), contract.coverage.weights
    for name in sorted(weights, key=lambda name: -weights[name]):
        if sum(weights[one] for one in application) > contract.coverage.floor:
            break
        application[name] = typical(contract)[name]
    scored = any_service.score(application)

    assert 0 < scored.default_probability < 1
    assert 1 <= len(scored.reasons) <= PRINCIPAL_REASONS


def test_leaving_out_everything_optional_is_no_way_to_be_accepted(any_service: ScoringService) -> None:
    """An application that shows next to nothing is refused an answer, and told what would help most."""
    with pytest.raises(InvalidApplicationError, match="SCR120") as refused:
        any_service.score(bare(any_service.contract))

    assert "EXT_SOURCE_" in refused.value.problems[0].detail
