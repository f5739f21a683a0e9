"""What a declined applicant could change to be accepted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from frontend.api.answers import Decision, read_review
from frontend.api.errors import reading

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Change:
    """One value of a proposal, in the contract's unit."""

    field: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """Changes with which the model would accept."""

    sentence: str
    changes: tuple[Change, ...]
    default_probability: float
    review: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeversAnswer:
    """What the applicant could change in what is asked for, if anything; `sentence` says which."""

    sentence: str
    proposals: tuple[Proposal, ...]


@reading("the answer about levers")
def read_levers(content: Mapping[str, Any]) -> LeversAnswer:
    """Read the body of ``POST /v1/leviers``.

    Raises
    ------
    UnexpectedReplyError
        When a part of it is absent or of another kind.
    """
    accepted = (one for one in content["propositions"] if Decision(one["classe"]) is Decision.ACCEPT)
    return LeversAnswer(str(content["texte"]), tuple(_proposal(one) for one in accepted))


def _proposal(content: Mapping[str, Any]) -> Proposal:
    return Proposal(
        sentence=str(content["texte"]),
        changes=tuple(
            Change(str(one["champ"]), float(one["avant"]), float(one["apres"])) for one in content["changements"]
        ),
        default_probability=float(content["probabilite_de_defaut"]),
        review=read_review(content["revue_humaine"]),
    )
