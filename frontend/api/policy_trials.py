"""The answer to a trial of rules, as this page reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from frontend.api.answers import Outcome
from frontend.api.errors import reading

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class TriedRule:
    """How many applications a rule holds for, and for how many a value that it needs is not given."""

    code: str
    held: int
    unknown: int


@dataclass(frozen=True, slots=True)
class TrialAnswer:
    """What a draft would make of some applications.

    Attributes
    ----------
    n
        Applications that could be judged.
    before, after
        How many of them by proposal, under the rules in force and under the draft.
    changed
        Those whose proposal changes.
    """

    n: int
    before: Mapping[Outcome, int]
    after: Mapping[Outcome, int]
    changed: int
    rules: tuple[TriedRule, ...]


@reading("the trial")
def read_trial(content: Mapping[str, Any]) -> TrialAnswer:
    """Read the body of ``POST /v1/politique/essai``.

    Raises
    ------
    UnexpectedReplyError
        When a part of it is absent or of another kind.
    """
    return TrialAnswer(
        n=int(content["evaluees"]),
        before={outcome: int(content["avant"][outcome.value]) for outcome in Outcome},
        after={outcome: int(content["apres"][outcome.value]) for outcome in Outcome},
        changed=int(content["changees"]),
        rules=tuple(
            TriedRule(str(one["code"]), int(one["appliquee"]), int(one["inconnue"])) for one in content["regles"]
        ),
    )
