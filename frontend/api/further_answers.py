"""Answers of the further routes: a batch, and the levers of a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from frontend.api.answers import REFUSED, Assessment, assessment_fields, reading, review_of
from frontend.api.errors import FieldProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

FOUND, ALREADY_ACCEPTED, OUT_OF_REACH = "trouve", "deja_acceptee", "aucun_a_portee"


@dataclass(frozen=True, slots=True)
class RowProblems:
    """A row of a batch that was not scored, and why; `omitted` problems are not listed."""

    problems: tuple[FieldProblem, ...]
    omitted: int = 0


type RowAnswer = Assessment | RowProblems


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """The answers to a batch, in its order."""

    rows: tuple[RowAnswer, ...]
    threshold: float


@dataclass(frozen=True, slots=True)
class Change:
    """One value of a proposal, in the contract's unit."""

    field: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change with which the model would accept."""

    sentence: str
    changes: tuple[Change, ...]
    default_probability: float
    review: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeversAnswer:
    """What the applicant could change in what is asked for; `outcome` is one of three words of the API."""

    outcome: str
    sentence: str
    proposals: tuple[Proposal, ...]


def problems_of(content: Mapping[str, Any]) -> tuple[FieldProblem, ...]:
    """Return the problems that a refusal, or a row of a batch, lists."""
    return tuple(
        FieldProblem(str(one.get("champ", "")), str(one.get("code", "")), str(one.get("detail", "")))
        for one in content.get("problemes", ())
    )


def read_batch(content: Mapping[str, Any]) -> BatchAnswer:
    """Read the body of ``POST /v1/score/batch``.

    Raises
    ------
    UnexpectedReplyError
        When a part of it is absent or of another kind.
    """
    return reading(
        lambda body: BatchAnswer(tuple(_row(one) for one in body["resultats"]), float(body["seuil"])), content
    )


def read_levers(content: Mapping[str, Any]) -> LeversAnswer:
    """Read the body of ``POST /v1/leviers``.

    Raises
    ------
    UnexpectedReplyError
        When a part of it is absent or of another kind.
    """
    return reading(_levers, content)


def _row(content: Mapping[str, Any]) -> RowAnswer:
    if content["statut"] == "evaluee":
        return Assessment(**assessment_fields(content))
    return RowProblems(problems_of(content), int(content["problemes_omis"]))


def _levers(content: Mapping[str, Any]) -> LeversAnswer:
    accepted = (one for one in content["propositions"] if one["classe"] != REFUSED)
    return LeversAnswer(str(content["resultat"]), str(content["texte"]), tuple(_proposal(one) for one in accepted))


def _proposal(content: Mapping[str, Any]) -> Proposal:
    return Proposal(
        sentence=str(content["texte"]),
        changes=tuple(
            Change(str(one["champ"]), float(one["avant"]), float(one["apres"])) for one in content["changements"]
        ),
        default_probability=float(content["probabilite_de_defaut"]),
        review=review_of(content["revue_humaine"]),
    )
