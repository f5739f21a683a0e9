"""Rules across fields, from the contract to what a request is told."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pydantic import ValidationError

from scoring.contract import Contract, Rule, Text
from scoring.errors import ContractError, InvalidApplicationError
from scoring.review import ReviewMotive
from scoring.rules import RuleBook, check_golden
from scoring.service import ScoringService
from scoring.wording import say_rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.bundle import Bundle
    from scoring.contract import Input

SENTENCE = Text(fr="A dépasse B.", en="A is above B.")
IMPOSSIBLE = Rule(code="a_au_dessus", severity="impossible", broken_when="A > B", sentence=SENTENCE)
INCOHERENT = Rule(code="a_proche", severity="incoherente", broken_when="A > B - 1 and A <= B", sentence=SENTENCE)


@pytest.fixture
def two_inputs(an_input: Callable[..., Input]) -> tuple[Input, Input]:
    """Return a required and an optional amount."""
    return an_input("A"), an_input("B", required=False)


@pytest.fixture
def contract(a_contract: Callable[..., Contract], two_inputs: tuple[Input, Input]) -> Contract:
    """Return a contract with a rule of each severity."""
    return a_contract(*two_inputs, rules=(IMPOSSIBLE, INCOHERENT))


@pytest.fixture
def service(contract: Contract, fake_model: type, fake_explainer: type) -> ScoringService:
    """Return the service of that contract."""
    return ScoringService(contract, fake_model(features=(1.0, 1.0)), fake_explainer((0.1, 0.2)))


def test_book_says_the_same_of_one_and_of_many(contract: Contract) -> None:
    """Numbers, rows and columns are three ways to ask the same."""
    book = RuleBook(contract.rules, contract.inputs)
    rows = np.array([[5.0, 3.0], [3.0, 3.5], [3.0, 9.0], [5.0, nan]])
    expected = [(IMPOSSIBLE,), (INCOHERENT,), (), ()]

    assert expected == book.broken_by_each(rows)
    assert expected == [book.broken_by(row) for row in rows.tolist()]
    assert expected[:1] == book.broken_by_each(rows[:1])
    assert {code: broken.tolist() for code, broken in book.broken_in(rows.T).items()} == {
        "a_au_dessus": [True, False, False, False],
        "a_proche": [False, True, False, False],
    }


@pytest.mark.parametrize("language", ["fr", "en"])
def test_impossible_application_is_refused_by_every_field(service: ScoringService, language: str) -> None:
    """Each field of the rule is named with what was received and the sentence in the language asked for."""
    with pytest.raises(InvalidApplicationError) as found:
        service.score({"A": 5.0, "B": 3.0}, language=language)

    told = [(one.champ, one.code, one.detail, one.recu) for one in found.value.problems]
    assert told == [(name, "SCR121", say_rule(IMPOSSIBLE, language), value) for name, value in (("A", 5.0), ("B", 3.0))]
    assert "a_au_dessus" in told[0][2]


def test_incoherent_application_goes_to_a_person(service: ScoringService) -> None:
    """It is scored, and says which rule it breaks."""
    scored = service.score({"A": 3.0, "B": 3.5})

    assert (scored.incoherent, ReviewMotive.INCOHERENT in scored.review) == ((INCOHERENT,), True)


def test_coherent_application_is_not_told_otherwise(service: ScoringService) -> None:
    """Neither a value that fits nor one that is missing sends anybody to a person."""
    for application in ({"A": 3.0, "B": 9.0}, {"A": 3.0, "B": None}):
        scored = service.score(application)

        assert (scored.incoherent, ReviewMotive.INCOHERENT in scored.review) == ((), False)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ([{"broken_when": "A > C"}], "rule a_au_dessus: there is no field C"),
        ([{"broken_when": "A >"}], "rule a_au_dessus: 'A >' is no expression"),
        ([{}, {"broken_when": "A < B"}], "two rules have the same code: a_au_dessus"),
        ([{}, {"code": "autre", "broken_when": "(A>B)"}], "two rules have the same condition: A > B"),
    ],
)
def test_contract_with_rules_that_cannot_stand_is_refused(
    a_contract: Callable[..., Contract],
    two_inputs: tuple[Input, Input],
    rules: list[dict[str, str]],
    message: str,
) -> None:
    """Unknown fields, other languages and rules that stand twice are found when the contract is read."""
    with pytest.raises(ValidationError, match=message.replace("(", r"\(")):
        a_contract(*two_inputs, rules=tuple(IMPOSSIBLE.model_copy(update=changes) for changes in rules))


def test_golden_applications_keep_the_rules(contract: Contract) -> None:
    """One that keeps them and gives their fields is enough."""
    check_golden(contract, [{"A": 3.0, "B": 9.0}, {"A": 3.0, "B": None}])


def test_golden_application_that_breaks_a_rule_is_refused(contract: Contract) -> None:
    """The bundle would refuse its own proof."""
    with pytest.raises(ContractError, match=r"^SCR208: golden application 1 breaks the rule a_au_dessus"):
        check_golden(contract, [{"A": 3.0, "B": 9.0}, {"A": 5.0, "B": 3.0}])


def test_rules_that_contradict_each_other_are_refused(
    a_contract: Callable[..., Contract], two_inputs: tuple[Input, Input]
) -> None:
    """What no application can keep together has no golden application to show for it."""
    opposite = IMPOSSIBLE.model_copy(update={"code": "a_au_dessous", "broken_when": "A <= B"})
    contradictory = a_contract(*two_inputs, rules=(IMPOSSIBLE, opposite))

    with pytest.raises(ContractError, match=r"^SCR208: golden application 0 breaks the rule a_au_dessous"):
        check_golden(contradictory, [{"A": 3.0, "B": 9.0}])
    with pytest.raises(ContractError, match=r"^SCR208: no golden application gives the fields of .* a_au_dessus"):
        check_golden(contradictory, [{"A": 3.0, "B": None}])


def test_bundle_whose_golden_applications_break_its_rules_does_not_open(bundle: Bundle) -> None:
    """The check is part of opening, whoever opens."""
    (first, *_) = bundle.contract.rules
    always = first.model_copy(update={"code": "jamais_gardee", "broken_when": "AMT_CREDIT > 0"})
    contract = bundle.contract.model_copy(update={"rules": (always,)})

    with pytest.raises(ContractError, match=r"^SCR208: golden application 0 breaks the rule jamais_gardee"):
        check_golden(contract, [one["application"] for one in bundle.golden])
