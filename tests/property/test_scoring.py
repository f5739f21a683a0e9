"""What holds for every application, every body and every contract, not only for those somebody thought of."""

from __future__ import annotations

import copy
import json
import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from scoring.bundle import Bundle, contract_bytes, parse_contract, seal_of_contract
from scoring.contract import EXPLAINER_FILE, Contract, Input, Text
from scoring.decision import Decision, DecisionCosts, bayes_threshold, decide
from scoring.explanation import explainer_of
from scoring.features import InputEncoder
from scoring.http.app import create_app
from scoring.http.problems import PROBLEM_MEDIA_TYPE
from scoring.http.requests import ApplicationReader
from scoring.reasons import PRINCIPAL_REASONS
from scoring.rules import RuleBook
from scoring.wording import say_value
from tests.builders.contracts import CONVENTIONS
from training.bundle.golden import golden_applications
from training.schema import load_derived, load_inputs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx
    from fastapi import FastAPI

    from scoring.explanation import Explainer
    from scoring.features import Value
    from scoring.service import ScoringService
    from training.features.dataset import Dataset
    from training.selection.pipeline import TrainedModel

    type Ask = Callable[..., httpx.Response]

FINITE = st.floats(allow_nan=False, allow_infinity=False)
PROBABILITIES = st.floats(0, 1)
COSTS = st.floats(0.01, 1_000)
WORDS = st.text(max_size=20)
# Whole characters alone: half a surrogate pair has its own test.
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | FINITE | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


def values_of(item: Input) -> st.SearchStrategy[Value]:
    """Draw what the contract allows for one input."""
    if item.kind == "category":
        return st.sampled_from(item.categories)
    if item.kind == "flag":
        return st.sampled_from([0, 1])
    return st.floats(item.minimum, item.maximum, allow_nan=False, allow_infinity=False)


@cache
def coherent_applications(content: bytes) -> list[dict[str, Value]]:
    """Return applications that give every input and keep the rules of a contract."""
    contract = parse_contract(content)
    drawn = golden_applications(contract.inputs, contract.rules, contract.reference, contract.coverage, seed=0)
    return [one for one in drawn if None not in one.values() and len(one) == len(contract.inputs)]


@st.composite
def applications(draw: st.DrawFn, contract: Contract) -> dict[str, Value]:
    """Draw an application: required fields are there, others are null or left out while the coverage lasts.

    Any value within the bounds is tried in the place of one that keeps the rules, and stays where it keeps them too.
    """
    application = draw(st.sampled_from(coherent_applications(contract_bytes(contract))))
    book, encoder = RuleBook(contract.rules, contract.inputs), InputEncoder(contract.inputs)
    for item in contract.inputs:
        tried = application | {item.name: draw(values_of(item))}
        (broken,) = book.broken_by_each(encoder.encode([tried]))
        application = application if any(rule.severity == "impossible" for rule in broken) else tried
    optional = [item.name for item in contract.inputs if not item.required]
    room, weights = 1 - contract.coverage.floor, contract.coverage.weights
    for name in draw(st.lists(st.sampled_from(optional), unique=True)):
        room -= weights[name]
        if room > 0:
            application[name] = None
    return {name: value for name, value in application.items() if value is not None or draw(st.booleans())}


def body_of(application: dict[str, Value]) -> bytes:
    """Write an application as a client would."""
    return json.dumps(application).encode()


@pytest.fixture(scope="module")
def reader(service: ScoringService) -> ApplicationReader:
    """Return the reader of the trees' contract."""
    return ApplicationReader(service.contract)


@pytest.fixture(scope="module")
def app(service: ScoringService, bundle: Bundle) -> FastAPI:
    """Return the application over the trees' bundle."""
    return create_app(service, bundle)


@given(data=st.data())
def test_probability_ignores_the_order_of_keys(
    service: ScoringService, reader: ApplicationReader, data: st.DataObject
) -> None:
    """Shuffling the keys of a request changes nothing of its answer, bit for bit."""
    application = data.draw(applications(service.contract))
    shuffled = {name: application[name] for name in data.draw(st.permutations(list(application)))}
    first, second = (service.score(reader.read(body_of(one)).values) for one in (application, shuffled))

    assert first == second


@given(data=st.data())
def test_scoring_leaves_the_application_as_it_was(service: ScoringService, data: st.DataObject) -> None:
    """What was asked is never changed by the answer."""
    application = data.draw(applications(service.contract))
    before = copy.deepcopy(application)
    service.score(application)

    assert before == application


@given(data=st.data())
def test_every_application_within_the_contract_is_answered(
    service: ScoringService, reader: ApplicationReader, data: st.DataObject
) -> None:
    """Whatever optional values are missing: a probability, its margin, its decision and its reasons."""
    scored = service.score(reader.read(body_of(data.draw(applications(service.contract)))).values)
    expected = decide(scored.default_probability, threshold=service.contract.decision.threshold)

    assert 0 <= scored.default_probability <= 1
    assert math.isfinite(scored.margin)
    assert expected is scored.decision
    assert 1 <= len(scored.reasons) <= PRINCIPAL_REASONS


@given(data=st.data())
def test_null_scores_as_leaving_out(service: ScoringService, reader: ApplicationReader, data: st.DataObject) -> None:
    """The probability is that of a declared absence; what is left out is told as unknown, with its range."""
    application = data.draw(applications(service.contract))
    given_only = {name: value for name, value in application.items() if value is not None}
    first, second = (service.score(reader.read(body_of(one)).values) for one in (application, given_only))

    assert first.default_probability == second.default_probability
    assert {*first.missing, *first.left_out} == {*second.missing, *second.left_out}


@given(amount=st.integers(1, 10**9))
def test_whole_numbers_score_as_decimals(
    service: ScoringService, request_of: Callable[..., dict[str, Value]], amount: int
) -> None:
    """JSON has one kind of number: 450000 and 450000.0 are the same amount."""
    whole, decimal = (service.score(request_of(AMT_CREDIT=kind(amount), AMT_ANNUITY=...)) for kind in (int, float))

    assert whole.default_probability == decimal.default_probability


@given(data=st.data())
def test_fewer_reasons_are_the_strongest_of_more(service: ScoringService, data: st.DataObject) -> None:
    """Strongest first, whatever the number asked for; only themes that are merged are told in other words."""
    application = data.draw(applications(service.contract))
    count = data.draw(st.integers(1, 10))
    few, many = (service.score(application, n_reasons=n).reasons for n in (count, PRINCIPAL_REASONS))
    merged = {group.code for group in service.contract.theme_groups} & {one.theme for one in (*few, *many)}
    sizes = [abs(one.contribution) for one in few]

    assert sizes == sorted(sizes, reverse=True)
    assert merged or few == many[:count]


@pytest.mark.parametrize("name", ["service", "linear_service"])
@settings(max_examples=50)
@given(data=st.data())
def test_contributions_of_an_answer_sum_to_its_margin(
    request: pytest.FixtureRequest, name: str, data: st.DataObject
) -> None:
    """Base value and the sums of all themes together are the log-odds of the probability."""
    scoring: ScoringService = request.getfixturevalue(name)
    folder: Path = request.getfixturevalue("bundle_dir" if name == "service" else "linear_bundle_dir")
    scored = scoring.score(data.draw(applications(scoring.contract)))
    total = explainer_of(Bundle.open(folder)).base_value + sum(scored.account.by_theme.values())

    assert scored.margin == pytest.approx(total, abs=1e-9)
    assert scored.default_probability == pytest.approx(1 / (1 + math.exp(-total)), abs=1e-9)


@pytest.fixture(scope="module")
def thresholds(bundle_dir: Path) -> list[list[float]]:
    """Return the values at which the trees split, by feature."""
    with np.load(bundle_dir / EXPLAINER_FILE) as stored:
        features, values = stored["threshold_feature"], stored["thresholds"]
        return [values[features == number].tolist() for number in range(int(stored["n_features"]))]


@pytest.fixture(scope="module")
def explainer(bundle: Bundle) -> Explainer:
    """Return the trees' attribution tables."""
    return explainer_of(bundle)


def at_or_beside(splits: list[float]) -> st.SearchStrategy[float]:
    """Draw a split's own value, the doubles on both sides of it, a missing value, or anything finite."""
    beside = [np.nextafter(value, side) for value in splits for side in (-math.inf, math.inf)]
    exact = st.sampled_from([*splits, *beside]) if splits else st.nothing()
    return exact | st.just(math.nan) | FINITE


@pytest.fixture(scope="module")
def rows_of_splits(thresholds: list[list[float]]) -> st.SearchStrategy[tuple[float, ...]]:
    """Draw feature rows around the splits; the strategy is built once, because it is large."""
    return st.tuples(*map(at_or_beside, thresholds))


@given(data=st.data())
def test_tree_contributions_sum_to_the_margin_at_every_split(
    explainer: Explainer,
    trained_trees: TrainedModel,
    rows_of_splits: st.SearchStrategy[tuple[float, ...]],
    data: st.DataObject,
) -> None:
    """On rows of exact thresholds, missing values and extremes, tables and library route alike."""
    row = np.array(data.draw(rows_of_splits))
    calibration = trained_trees.calibration
    margin = calibration.scale * trained_trees.fitted.score(row[None])[0] + calibration.offset

    assert explainer.contributions(row).sum() + explainer.base_value == pytest.approx(margin, abs=1e-9)


def test_graph_routes_every_split_value_as_the_library_does(
    service: ScoringService, trained_trees: TrainedModel, thresholds: list[list[float]], small_dataset: Dataset
) -> None:
    """An application whose value is exactly a threshold, or the double beside it, gets the trainer's probability."""
    changes = [
        (number, np.nextafter(value, side))
        for number, splits in enumerate(thresholds[:15])
        for value in splits
        for side in (-math.inf, value, math.inf)
    ]
    rows = small_dataset.rows[: len(changes)].copy()
    rows[np.arange(len(rows)), [number for number, _ in changes]] = [value for _, value in changes]
    served = service._model.score(rows).default_probability  # noqa: SLF001  rows, not requests

    assert len(changes) > 100
    np.testing.assert_allclose(served, trained_trees.default_probability(rows), rtol=0, atol=1e-12)


@given(content=st.binary(max_size=200))
@example(b'{"AMT_CREDIT": 1e400}')
@example(b'{"FLAG_PHONE": ' + b"9" * 400 + b"}")
@example(b'{"\\ud800": "\\udfff"}')
@example(b"[" * 100_000)
def test_arbitrary_bytes_are_refused_as_a_problem(ask: Ask, app: FastAPI, content: bytes) -> None:
    """No bytes bring the function down: the sender is told what is wrong."""
    reply = ask(app, "POST", "/v1/score", content)

    assert reply.status_code in {400, 422}
    assert (reply.headers["content-type"], reply.json()["status"]) == (PROBLEM_MEDIA_TYPE, reply.status_code)


@given(content=JSON)
def test_arbitrary_json_is_refused_as_a_problem(ask: Ask, app: FastAPI, content: object) -> None:
    """JSON that is no application gets a 422 that names at least one problem by a stable code."""
    reply = ask(app, "POST", "/v1/score", json.dumps(content).encode())

    assert reply.status_code == 422
    assert {one["code"] for one in reply.json()["problemes"]} <= {f"SCR10{number}" for number in range(1, 8)}
    assert reply.json()["problemes"]


@settings(max_examples=200)
@given(data=st.data())
def test_one_arbitrary_value_never_gives_a_failure(
    ask: Ask, app: FastAPI, request_of: Callable[..., dict[str, Value]], data: st.DataObject
) -> None:
    """A valid application with anything in one of its fields is scored or refused, and the field is named.

    Where the value contradicts others, so are they.
    """
    name = data.draw(st.sampled_from([*request_of(), "UNKNOWN"]))
    reply = ask(app, "POST", "/v1/score", json.dumps(request_of() | {name: data.draw(JSON)}).encode())

    assert reply.status_code in {200, 422}
    problems = reply.json().get("problemes", [])
    assert {one["champ"] for one in problems if one["code"] != "SCR121"} <= {name}
    assert bool(problems) == (name in {one["champ"] for one in problems})


@given(value=WORDS, header=st.sampled_from(["accept", "accept-language", "x-identifiant-demandeur", "x-more"]))
def test_headers_never_give_a_failure(
    ask: Ask, app: FastAPI, request_of: Callable[..., dict[str, Value]], value: str, header: str
) -> None:
    """Whatever a client says of itself, a valid application is scored."""
    assume(value.isascii() and value.isprintable())
    reply = ask(app, "POST", "/v1/score", body_of(request_of()), {header: value})

    assert reply.status_code == 200


@given(value=WORDS, header=st.sampled_from(["content-type", "content-encoding", "content-length"]))
def test_headers_of_the_body_never_give_a_failure(
    ask: Ask, app: FastAPI, request_of: Callable[..., dict[str, Value]], value: str, header: str
) -> None:
    """A body that claims to be something else is scored or refused, never a failure."""
    assume(value.isascii() and value.isprintable())
    reply = ask(app, "POST", "/v1/score", body_of(request_of()), {header: value})

    assert reply.status_code in {200, 413, 415}


TEXTS = st.builds(Text, fr=WORDS, en=WORDS)


@st.composite
def inputs(draw: st.DrawFn) -> Input:
    """Draw an input that holds together."""
    kind = draw(st.sampled_from(["number", "category", "flag"]))
    low, high = sorted((draw(FINITE), draw(FINITE)))
    categories = tuple(draw(st.lists(WORDS, min_size=1, unique=True))) if kind == "category" else ()
    return Input(
        name=draw(WORDS),
        table=draw(WORDS),
        kind=kind,
        unit=draw(WORDS),
        required=draw(st.booleans()),
        missing=draw(TEXTS),
        fill=draw(FINITE),
        minimum=draw(st.none() | st.just(low)),
        maximum=draw(st.none() | st.just(high)),
        usual_low=draw(st.none() | FINITE),
        usual_high=draw(st.none() | FINITE),
        categories=categories,
        category_labels=tuple(Text(fr=one, en=one) for one in categories),
        rare=categories[:1],
        direction=draw(st.sampled_from([-1, 0, 1])),
        known_by=draw(st.sampled_from(["applicant", "bureau", "lender"])),
        ground=draw(TEXTS),
        protected=False,
        label=draw(TEXTS),
    )


@given(drawn=st.lists(inputs(), unique_by=lambda item: item.name, max_size=5), threshold=PROBABILITIES)
def test_contract_survives_writing_and_reading(service: ScoringService, drawn: list[Input], threshold: float) -> None:
    """Write, read, write gives the same contract and the same bytes, whatever it says."""
    decision = service.contract.decision.model_copy(update={"threshold": threshold})
    coverage = service.contract.coverage.model_copy(update={"weights": {item.name: 0.0 for item in drawn}})
    changed = {
        "inputs": tuple(drawn),
        "rules": (),
        "features": (),
        "moves": (),
        "terms": None,
        "levers": (),
        "decision": decision,
        "coverage": coverage,
    }
    contract = service.contract.model_copy(update=changed)
    written = contract_bytes(contract)
    contract = contract.model_copy(update={"seal": seal_of_contract(json.loads(written))})

    assert (contract, written) == (parse_contract(written), contract_bytes(parse_contract(written)))


@given(false_negative=COSTS, false_positive=COSTS)
def test_both_decisions_cost_the_same_at_the_bayes_threshold(false_negative: float, false_positive: float) -> None:
    """Accepting risks a default granted, refusing risks a good applicant declined: equal at this probability."""
    p = bayes_threshold(DecisionCosts(false_negative=false_negative, false_positive=false_positive))

    assert p * false_negative == pytest.approx((1 - p) * false_positive, rel=1e-6)


@given(probability=PROBABILITIES, threshold=PROBABILITIES)
def test_decision_is_the_comparison_with_the_threshold(probability: float, threshold: float) -> None:
    """Refuse at or above, accept below, and nothing else."""
    assert (decide(probability, threshold=threshold) is Decision.REFUSE) == (probability >= threshold)


@given(threshold=PROBABILITIES, pair=st.tuples(PROBABILITIES, PROBABILITIES))
def test_decision_never_refuses_the_safer_of_two(threshold: float, pair: tuple[float, float]) -> None:
    """If the riskier of two applicants is accepted, so is the other."""
    safer, riskier = (decide(one, threshold=threshold) for one in sorted(pair))

    assert (riskier, safer) != (Decision.ACCEPT, Decision.REFUSE)


@given(
    value=FINITE | WORDS | st.none(),
    unit=st.sampled_from(sorted({entry.unit for entry in (*load_inputs(), *load_derived())})),
)
def test_every_value_can_be_said(value: Value, unit: str) -> None:
    """There is always a text, with a French comma instead of a decimal point in numbers."""
    said = say_value(value, unit, CONVENTIONS)

    assert said
    assert isinstance(value, str) or "." not in said
