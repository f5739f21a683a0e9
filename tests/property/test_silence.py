"""Saying nothing never buys an acceptance, and nothing turns the wrong way: held against the committed bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.bundle import Bundle
from scoring.decision import Decision, Outcome
from scoring.errors import InvalidApplicationError
from scoring.review import ReviewMotive
from scoring.service import ScoringService
from scoring.settings import DEFAULT_BUNDLE
from training.bundle.golden import golden_applications

if TYPE_CHECKING:
    from scoring.contract import Contract
    from scoring.features import Value
    from scoring.service import ScoredApplication

N_APPLICATIONS = 400
MOST_LEFT_OUT = 5


@pytest.fixture(scope="module")
def service() -> ScoringService:
    """Return the committed bundle's service."""
    return ScoringService.of(Bundle.open(DEFAULT_BUNDLE))


@pytest.fixture(scope="module")
def contract(service: ScoringService) -> Contract:
    """Return its contract."""
    return service.contract


@pytest.fixture(scope="module")
def optional(contract: Contract) -> list[str]:
    """Return what may be left out."""
    return [item.name for item in contract.inputs if not item.required]


@pytest.fixture(scope="module")
def refused(service: ScoringService, contract: Contract) -> list[dict[str, Value]]:
    """Return the refused ones of applications drawn from the contract."""
    # The first two of them say as little as may be.
    drawn = golden_applications(
        contract.inputs, contract.rules, contract.reference, contract.coverage, seed=5, count=N_APPLICATIONS
    )[2:]
    answers = service.score_many(drawn)
    return [
        one
        for one, answer in zip(drawn, answers, strict=True)
        if not isinstance(answer, InvalidApplicationError) and answer.decision is Decision.REFUSE
    ]


def without(application: dict[str, Value], names: list[str]) -> dict[str, Value]:
    """Return an application that says nothing of some inputs."""
    return {name: value for name, value in application.items() if name not in names}


def decided(answer: ScoredApplication | InvalidApplicationError) -> ScoredApplication | None:
    """Return an answer that is one: what shows too little is not judged at all."""
    return None if isinstance(answer, InvalidApplicationError) else answer


def test_one_input_left_out_never_buys_an_acceptance(
    service: ScoringService, refused: list[dict[str, Value]], optional: list[str]
) -> None:
    """Of every refusal and every optional input: refused still, or for a person to decide, with that motive."""
    assert len(refused) > N_APPLICATIONS / 20
    for name in optional:
        for answer in map(decided, service.score_many([without(one, [name]) for one in refused])):
            if answer is not None and answer.decision is Decision.ACCEPT:
                assert ReviewMotive.UNKNOWN in answer.review
                assert answer.proposal is Outcome.REVIEW


@given(data=st.data())
def test_several_inputs_left_out_never_buy_an_acceptance(
    service: ScoringService, refused: list[dict[str, Value]], optional: list[str], data: st.DataObject
) -> None:
    """Up to five at once, whichever they are."""
    application = data.draw(st.sampled_from(refused))
    names = data.draw(st.lists(st.sampled_from(optional), min_size=1, max_size=MOST_LEFT_OUT, unique=True))
    answer = decided(service.score_many([without(application, names)])[0])

    assert answer is None or answer.proposal is not Outcome.GRANT


@given(data=st.data())
def test_answer_lies_within_the_range_of_what_was_left_out(
    service: ScoringService, refused: list[dict[str, Value]], optional: list[str], data: st.DataObject
) -> None:
    """The probability of the whole application is one of those that its silence leaves open."""
    application = data.draw(st.sampled_from(refused))
    names = data.draw(st.lists(st.sampled_from(optional), min_size=1, max_size=MOST_LEFT_OUT, unique=True))
    answer = decided(service.score_many([without(application, names)])[0])
    whole = service.score(application)
    if answer is not None:
        assert answer.probability_range is not None
        low, high = answer.probability_range
        assert low - 1e-9 <= whole.default_probability <= high + 1e-9
        assert answer.left_out == tuple(name for name in application if name in names)


def test_declared_absence_is_never_better_than_the_middle(
    service: ScoringService, contract: Contract, refused: list[dict[str, Value]], optional: list[str]
) -> None:
    """A null scores as the fill of its input or worse, for every optional input and every refusal."""
    items = {item.name: item for item in contract.inputs}
    for name in optional:
        item = items[name]
        middle: Value = item.categories[int(item.fill)] if item.kind == "category" else item.fill
        if item.kind == "flag":
            middle = int(item.fill)
        nulls = service.probabilities([one | {name: None} for one in refused])
        middles = service.probabilities([one | {name: middle} for one in refused])

        assert (nulls >= middles - 1e-12).all(), name


def test_rare_categories_score_as_a_declared_absence_and_go_to_a_person(
    service: ScoringService, contract: Contract, refused: list[dict[str, Value]]
) -> None:
    """Whatever category next to nobody has: read as missing, never as a neighbour's code, and told."""
    application = refused[0]
    for item in contract.inputs:
        for category in item.rare:
            (rare,) = service.score_many([application | {item.name: category}])
            (absent,) = service.probabilities([application | {item.name: None}])
            if isinstance(rare, InvalidApplicationError):
                continue  # a rule across fields forbids it here
            assert (rare.default_probability, rare.rare) == (absent, (item.name,))
            assert ReviewMotive.RARE in rare.review


def test_range_of_a_whole_application_is_none(service: ScoringService, refused: list[dict[str, Value]]) -> None:
    """Nothing was left out, so nothing is open."""
    assert service.score(refused[0]).probability_range is None


@given(data=st.data())
def test_declared_directions_hold_on_whole_applications(
    service: ScoringService, contract: Contract, refused: list[dict[str, Value]], data: st.DataObject
) -> None:
    """A larger value of an input with a direction never moves the probability the wrong way."""
    application = data.draw(st.sampled_from(refused))
    directed = [item for item in contract.inputs if item.direction and item.kind == "number"]
    item = data.draw(st.sampled_from(directed))
    low = -1e6 if item.minimum is None else item.minimum
    high = 1e9 if item.maximum is None else item.maximum
    smaller, larger = sorted(data.draw(st.tuples(st.floats(low, high), st.floats(low, high))))
    before, after = service.probabilities([application | {item.name: value} for value in (smaller, larger)])

    assert item.direction * (after - before) >= -1e-12


@given(data=st.data(), doublings=st.integers(1, 5))
def test_moves_hold_on_whole_applications(
    service: ScoringService, contract: Contract, refused: list[dict[str, Value]], data: st.DataObject, doublings: int
) -> None:
    """More of the same term never lowers the risk."""
    application = data.draw(st.sampled_from(refused))
    for move in contract.moves:
        values = {name: application[name] for name in move.inputs}
        if all(isinstance(value, int | float) for value in values.values()):
            # Doubling is exact: amount over instalment stays the same to the last bit.
            grown = {name: float(value) * 2.0**doublings for name, value in values.items()}  # type: ignore[arg-type]
            before, after = service.probabilities([application, application | grown])
            assert move.direction * (after - before) >= -1e-12
