"""People decide: when one person is enough, when a second has to sign, and what has to be said."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from frontend.desk.cases import Case, CaseRuleError, OfficerDecision, State, Verdict, needs_second, next_state
from tests.builders.cases import a_decision, a_new_case, a_reply

LIMIT = 500_000.0
GRANTED = a_reply(classe="accepte", proposition="accord")
EXAMINED = a_reply(classe="refuse", proposition="examen")


def a_case(*decisions: OfficerDecision, state: State = State.TO_DECIDE, amount: float = 300_000.0) -> Case:
    """Return a refusal that was proposed, with what was decided so far."""
    new = a_new_case(amount=amount)
    fields = {name: getattr(new, name) for name in asdict(new)}
    return Case(**fields, id="c", state=state, version=1, decisions=decisions)


@pytest.mark.parametrize(
    ("reply", "amount", "verdict", "second"),
    [
        (a_reply(), 300_000.0, Verdict.REFUSE, False),
        (a_reply(), 300_000.0, Verdict.GRANT, True),
        (GRANTED, 300_000.0, Verdict.GRANT, False),
        (GRANTED, 300_000.0, Verdict.REFUSE, True),
        (EXAMINED, 300_000.0, Verdict.GRANT, False),
        (EXAMINED, 499_999.99, Verdict.GRANT, False),
        (EXAMINED, 500_000.0, Verdict.GRANT, True),
        (EXAMINED, 500_000.0, Verdict.REFUSE, False),
        (EXAMINED, None, Verdict.GRANT, True),
    ],
)
def test_who_has_to_sign(reply: dict[str, object], amount: float | None, verdict: Verdict, *, second: bool) -> None:
    """Against the proposal always two; departing from the model in an examination, two from the stated amount on."""
    assert second is needs_second(verdict, a_new_case(amount=amount, reply=reply), four_eyes_amount=LIMIT)


def test_a_second_signature_closes_and_a_contrary_one_reopens() -> None:
    """Two people of one mind decide; two of different minds have not decided."""
    first = a_decision(Verdict.GRANT, reason="D05", comment="Caution.")
    waiting = a_case(first, state=State.TO_COUNTERSIGN)

    agreed = next_state(
        waiting, a_decision(Verdict.GRANT, officer="Bo", reason="D05", comment="Vu."), four_eyes_amount=LIMIT
    )
    disagreed = next_state(waiting, a_decision(Verdict.REFUSE, officer="Bo"), four_eyes_amount=LIMIT)

    assert (agreed, disagreed) == (State.DECIDED, State.TO_DECIDE)


@pytest.mark.parametrize(
    ("decision", "told"),
    [
        (a_decision(Verdict.REFUSE, officer=""), "desk.no_officer"),
        (a_decision(Verdict.REFUSE, reason="D00"), "desk.no_reason"),
        (a_decision(Verdict.GRANT, comment="Parce que."), "desk.not_agreeing"),
        (a_decision(Verdict.GRANT, reason="D05"), "desk.no_comment"),
        (a_decision(Verdict.REFUSE, reason="D99"), "desk.no_comment"),
    ],
)
def test_what_has_to_be_said_is_asked_for(decision: OfficerDecision, told: str) -> None:
    """A decision without a name, a reason or the comment it needs is not taken."""
    with pytest.raises(CaseRuleError, match=told):
        next_state(a_case(), decision, four_eyes_amount=LIMIT)


def test_nobody_signs_twice() -> None:
    """Four eyes are two people's, however the name is written."""
    waiting = a_case(a_decision(Verdict.GRANT, reason="D05", comment="x"), state=State.TO_COUNTERSIGN)

    with pytest.raises(CaseRuleError, match=r"desk\.same_officer"):
        next_state(waiting, a_decision(Verdict.REFUSE, officer=" ADA "), four_eyes_amount=LIMIT)


@pytest.mark.parametrize("state", [State.DECIDED, State.REPLACED])
def test_what_is_closed_stays_closed(state: State) -> None:
    """A case that waits for nobody takes no decision."""
    with pytest.raises(CaseRuleError, match=r"desk\.closed"):
        next_state(a_case(state=state), a_decision(Verdict.REFUSE), four_eyes_amount=LIMIT)
