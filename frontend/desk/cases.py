"""A case: what the machine proposed, what people decided, and who has to look at it next.

The machine proposes, people decide. A decision that goes against the proposal, or that departs from the model's own
decision for a large credit, is final once a second person has signed the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from frontend.api.answers import Answer, Decision, Outcome, read_answer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from frontend.applications.form import Value


class Verdict(StrEnum):
    """What an officer decides."""

    GRANT = "accord"
    REFUSE = "refus"


class State(StrEnum):
    """Who has to look at a case next."""

    TO_DECIDE = "a_decider"
    TO_COUNTERSIGN = "a_contresigner"
    DECIDED = "decide"
    REPLACED = "remplace"


# Why an officer decides as they do; a code keeps its meaning for ever, its words stand in the locales.
AGREES: Final = "D01"
OTHER: Final = "D99"
REASON_CODES: Final = (AGREES, "D02", "D03", "D04", "D05", "D06", "D07", "D08", "D09", OTHER)
WAITING: Final = (State.TO_DECIDE, State.TO_COUNTERSIGN)


class CaseRuleError(Exception):
    """A decision breaks a rule of the desk; `reason` is a key of the locales."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class OfficerDecision:
    """What one officer decided.

    Attributes
    ----------
    key
        Made when the decision is begun: one that is sent twice counts once.
    """

    key: str
    officer: str
    verdict: Verdict
    reason_code: str
    comment: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class NewCase:
    """A proposal that is put before an officer.

    Attributes
    ----------
    amount
        The credit that is applied for; None where the application has none.
    inputs
        The application as it was scored.
    reply
        The API's answer, whole, in the language it was asked in.
    """

    client_number: str
    client_name: str
    client_address: tuple[str, ...] = field(repr=False)
    opened_by: str
    opened_at: datetime
    amount: float | None
    inputs: Mapping[str, Value] = field(repr=False)
    reply: Mapping[str, Any] = field(repr=False)
    language: str

    @property
    def answer(self) -> Answer:
        """Return the answer as the page reads it."""
        return read_answer(self.reply)


@dataclass(frozen=True, slots=True)
class Case(NewCase):
    """A proposal with what was decided of it.

    Attributes
    ----------
    version
        Raised by every change: who saw an older one has to look again.
    """

    id: str
    state: State
    version: int
    decisions: tuple[OfficerDecision, ...] = ()

    @property
    def final(self) -> OfficerDecision | None:
        """Return the decision that stands, once one does."""
        return self.decisions[-1] if self.state is State.DECIDED else None

    @property
    def is_override(self) -> bool:
        """Tell whether the decision that stands departs from the model's."""
        return self.final is not None and departs(self.final.verdict, self.answer)

    @property
    def countersigned(self) -> bool:
        """Tell whether two people signed the decision that stands."""
        signed = [one.verdict for one in self.decisions[-2:]]
        return self.final is not None and len(signed) > 1 and len(set(signed)) == 1


def departs(verdict: Verdict, answer: Answer) -> bool:
    """Tell whether a verdict is another than the model's own decision."""
    return (verdict is Verdict.REFUSE) != (answer.decision is Decision.REFUSE)


def against_proposal(verdict: Verdict, answer: Answer) -> bool:
    """Tell whether a verdict is the contrary of what was proposed; an examination proposes neither."""
    firm = {Outcome.GRANT: Verdict.GRANT, Outcome.REFUSE: Verdict.REFUSE}.get(answer.proposal)
    return firm is not None and verdict is not firm


def needs_second(verdict: Verdict, case: NewCase, *, four_eyes_amount: float) -> bool:
    """Tell whether a second person has to sign a verdict; an amount that is not known counts as a large one."""
    if against_proposal(verdict, case.answer):
        return True
    large = case.amount is None or case.amount >= four_eyes_amount
    return large and departs(verdict, case.answer)


def next_state(case: Case, decision: OfficerDecision, *, four_eyes_amount: float) -> State:
    """Return the state that a decision brings a case to.

    Raises
    ------
    CaseRuleError
        When the decision may not be taken: no name, no comment where one is needed, the same person twice, or a case
        that waits for nobody.
    """
    _check(case, decision)
    if case.state is State.TO_COUNTERSIGN:
        return State.DECIDED if decision.verdict is case.decisions[-1].verdict else State.TO_DECIDE
    if needs_second(decision.verdict, case, four_eyes_amount=four_eyes_amount):
        return State.TO_COUNTERSIGN
    return State.DECIDED


def _check(case: Case, decision: OfficerDecision) -> None:
    if case.state not in WAITING:
        raise CaseRuleError("desk.closed")
    if not decision.officer:
        raise CaseRuleError("desk.no_officer")
    if decision.reason_code not in REASON_CODES:
        raise CaseRuleError("desk.no_reason")
    override = departs(decision.verdict, case.answer)
    if override and decision.reason_code == AGREES:
        raise CaseRuleError("desk.not_agreeing")
    if (override or decision.reason_code == OTHER) and not decision.comment:
        raise CaseRuleError("desk.no_comment")
    if case.state is State.TO_COUNTERSIGN and same_person(decision.officer, case.decisions[-1].officer):
        raise CaseRuleError("desk.same_officer")


def same_person(first: str, second: str) -> bool:
    """Tell whether two names are one person's, whatever their capitals and spaces."""
    return "".join(first.split()).casefold() == "".join(second.split()).casefold()
