"""What is said of a case: its state, and who decided what and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frontend.sentences.origins import say_instant

if TYPE_CHECKING:
    from frontend.desk.cases import OfficerDecision, State
    from frontend.wording.words import Words


def say_state(state: State, words: Words) -> str:
    """Return who has to look at a case next."""
    return words(f"desk_state.{state.value}")


def say_decision(decision: OfficerDecision, words: Words) -> str:
    """Tell what an officer decided, when and why."""
    told = words(
        "desk.decided",
        officer=decision.officer,
        verdict=words(f"desk_verdict.{decision.verdict.value}"),
        moment=say_instant(decision.made_at.isoformat(), words),
        reason=words(f"desk_reason.{decision.reason_code}"),
    )
    return f"{told} « {decision.comment} »" if decision.comment else told
