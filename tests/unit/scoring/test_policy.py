"""The lender's rules: named, whatever their order, and in doubt to a person."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from scoring.decision import Outcome
from scoring.errors import ContractError
from scoring.policy import UNREADABLE, PolicyBook, PolicyInForce, parse_policy, policy_bytes, told_outcome
from scoring.service import ScoringService
from tests.builders.policies import LARGE, TOO_DEAR, TOO_YOUNG, a_lender_policy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scoring.bundle import Bundle
    from scoring.contract import Contract
    from scoring.features import Value

TODAY = date(2026, 12, 1)
AFFORDABLE = {"POLICY_CHARGES": 0.0}


@pytest.fixture(scope="module")
def contract(bundle: Bundle) -> Contract:
    """Return the contract of the trees."""
    return bundle.contract


@pytest.mark.parametrize(
    ("changes", "effect", "codes"),
    [
        ({}, Outcome.GRANT, []),
        ({"DAYS_BIRTH": -7000}, Outcome.REFUSE, ["P101"]),
        ({"POLICY_CHARGES": 60_000.0}, Outcome.REFUSE, ["P201"]),
        ({"AMT_CREDIT": 3e6}, Outcome.REVIEW, ["P301"]),
        ({"AMT_CREDIT": 3e6, "DAYS_BIRTH": -7000}, Outcome.REFUSE, ["P101", "P301"]),
        ({"POLICY_CHARGES": None}, Outcome.REVIEW, ["P201"]),
        ({"POLICY_CHARGES": None, "DAYS_BIRTH": -7000}, Outcome.REFUSE, ["P101", "P201"]),
    ],
)
def test_strictest_rule_decides_and_every_one_is_named(
    contract: Contract,
    request_of: Callable[..., dict[str, Value]],
    changes: dict[str, Value],
    effect: Outcome,
    codes: list[str],
) -> None:
    """Knock-out and affordability refuse, referral and what is not known go to a person."""
    outcome = PolicyBook(a_lender_policy(), contract).judge(request_of(**(AFFORDABLE | changes)))

    assert (outcome.effect, [one.code for one in outcome.findings]) == (effect, codes)


@given(
    credit=st.sampled_from([1e5, 3e6, None]),
    birth=st.sampled_from([-15_000, -7_000]),
    charges=st.sampled_from([0.0, 6e4, None]),
)
def test_order_of_the_rules_means_nothing(
    contract: Contract, request_of: Callable[..., dict[str, Value]], credit: float | None, birth: int, charges: float
) -> None:
    """Whatever the application, the six orders of three rules say one thing, sentence by sentence."""
    application = request_of(AMT_CREDIT=credit, DAYS_BIRTH=birth, POLICY_CHARGES=charges)
    outcomes = [
        PolicyBook(a_lender_policy(*rules), contract).judge(application).findings
        for rules in permutations([TOO_YOUNG, TOO_DEAR, LARGE])
    ]

    assert all(one == outcomes[0] for one in outcomes)


def test_a_rule_that_asks_whether_a_value_is_known_bears_its_absence(
    contract: Contract, request_of: Callable[..., dict[str, Value]]
) -> None:
    """Who writes the rule may say that a gap is no reason to refer."""
    book = PolicyBook(a_lender_policy(("P201", "capacite", "known(POLICY_CHARGES) and POLICY_CHARGES > 10")), contract)

    assert book.judge(request_of()).effect is Outcome.GRANT
    assert book.judge(request_of(POLICY_CHARGES=11.0)).effect is Outcome.REFUSE


@pytest.mark.parametrize("spoil", ["absent", "cut", "changed", "unsealed", "unknown field"])
def test_policy_that_cannot_be_used_sends_everybody_to_a_person(
    contract: Contract, request_of: Callable[..., dict[str, Value]], tmp_path: Path, spoil: str
) -> None:
    """It fails closed: nothing is granted, or refused, by rules that nobody can read."""
    path = tmp_path / "regles.json"
    content = policy_bytes(a_lender_policy())
    spoilt = {
        "cut": content[:-30],
        "changed": content.replace(b"-8000", b"-9000"),
        "unsealed": policy_bytes(a_lender_policy().model_copy(update={"seal": ""})),
        "unknown field": policy_bytes(a_lender_policy(("P101", "exclusion", "AMT_NOBODY > 1"))),
    }
    if spoil != "absent":
        path.write_bytes(spoilt[spoil])
    outcome = PolicyInForce.open(path, contract).judge(request_of(**AFFORDABLE), TODAY)

    assert (outcome.effect, [one.code for one in outcome.findings]) == (Outcome.REVIEW, [UNREADABLE])


def test_other_rules_than_are_meant_send_everybody_to_a_person(
    contract: Contract, request_of: Callable[..., dict[str, Value]], tmp_path: Path
) -> None:
    """The head of a seal names the one version that may be in force."""
    path = tmp_path / "regles.json"
    policy = a_lender_policy()
    path.write_bytes(policy_bytes(policy))
    meant = PolicyInForce.open(path, contract, expected_seal=policy.seal[:12])
    other = PolicyInForce.open(path, contract, expected_seal=12 * "0")

    assert meant.judge(request_of(**AFFORDABLE), TODAY).effect is Outcome.GRANT
    assert other.judge(request_of(**AFFORDABLE), TODAY).effect is Outcome.REVIEW
    assert other.trouble is not None
    assert other.trouble.code == "SCR210"


@pytest.mark.parametrize(
    "expression",
    [
        "(" * 250 + "AMT_CREDIT > 0" + ")" * 250,
        "AMT_CREDIT > " + "-" * 5_000 + "1",
        "AMT_CREDIT" + " + 1" * 500 + " > 0",
    ],
)
def test_rule_without_end_is_refused(expression: str) -> None:
    """A condition that Python could not recurse into is no rule, and no failure of the function."""
    with pytest.raises(ValidationError, match=r"no expression|nested too deep"):
        a_lender_policy(("P101", "exclusion", expression))


@pytest.mark.parametrize("day", [date(2026, 11, 30), date(2027, 1, 1)])
def test_policy_outside_its_days_sends_everybody_to_a_person(
    contract: Contract, request_of: Callable[..., dict[str, Value]], tmp_path: Path, day: date
) -> None:
    """Before its first day and after its last one it says nothing but that a person decides."""
    path = tmp_path / "regles.json"
    path.write_bytes(policy_bytes(a_lender_policy(valid_from=date(2026, 12, 1), valid_until=date(2026, 12, 31))))
    policy = PolicyInForce.open(path, contract)

    assert policy.judge(request_of(**AFFORDABLE), TODAY).effect is Outcome.GRANT
    assert policy.judge(request_of(**AFFORDABLE), day).effect is Outcome.REVIEW


def test_policy_is_read_as_it_was_written() -> None:
    """Write, read, write changes nothing, and the seal holds."""
    written = policy_bytes(a_lender_policy())

    assert policy_bytes(parse_policy(written)) == written
    assert parse_policy(written).is_sealed


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"approver": "alix "}, "two people"),
        ({"valid_until": date(2019, 1, 1)}, "before valid_from"),
        ({"rules": (TOO_YOUNG, TOO_YOUNG)}, "same code"),
    ],
)
def test_policy_that_does_not_hold_together_is_refused(changes: dict[str, object], told: str) -> None:
    """Author and approver differ, dates go forward, a code is given once."""
    rules = changes.pop("rules", ())

    with pytest.raises(ValidationError, match=told):
        a_lender_policy(*rules, **changes)  # type: ignore[misc]


def test_what_is_no_policy_is_said() -> None:
    """The message names the place."""
    with pytest.raises(ContractError, match=r"SCR209.*version"):
        parse_policy(b"{}")


def test_rules_stand_before_the_model(
    bundle: Bundle, request_of: Callable[..., dict[str, Value]], tmp_path: Path
) -> None:
    """A proposal follows the rules; the decision of the model stays what was validated."""
    path = tmp_path / "regles.json"
    path.write_bytes(policy_bytes(a_lender_policy()))
    plain = ScoringService.of(bundle)
    ruled = ScoringService.of(bundle, policy=PolicyInForce.open(path, bundle.contract))
    application = request_of(DAYS_BIRTH=-7900, **AFFORDABLE)
    scored, alone = ruled.score(application), plain.score(application)

    assert scored.proposal is Outcome.REFUSE
    assert not scored.is_accepted
    assert (scored.decision, scored.default_probability) == (alone.decision, alone.default_probability)
    assert scored.policy is not None
    assert told_outcome(scored.policy)["regles"][0]["code"] == "P101"
    assert alone.policy is None
