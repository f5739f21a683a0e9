"""The answers to a batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from frontend.api.answers import Assessment, assessment_fields
from frontend.api.errors import reading
from frontend.api.problems import FieldProblem, read_problems

if TYPE_CHECKING:
    from collections.abc import Mapping

# What became of a row, in the API's own words.
ASSESSED: Final = "evaluee"
NOT_ASSESSED: Final = "non_evaluee"


@dataclass(frozen=True, slots=True)
class RowProblems:
    """Why a row was not assessed; `omitted` problems are not listed."""

    problems: tuple[FieldProblem, ...]
    omitted: int = 0


type RowAnswer = Assessment | RowProblems


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """The answers to the rows of a batch, in its order, and the threshold of them all."""

    rows: tuple[RowAnswer, ...]
    threshold: float


@reading("the answer to a batch")
def read_batch(content: Mapping[str, Any]) -> BatchAnswer:
    """Read the body of ``POST /v1/score/batch``.

    Raises
    ------
    UnexpectedReplyError
        When a part of it is absent or of another kind.
    """
    return BatchAnswer(tuple(_row(one) for one in content["resultats"]), float(content["seuil"]))


def _row(content: Mapping[str, Any]) -> RowAnswer:
    if content["statut"] == ASSESSED:
        return Assessment(**assessment_fields(content))
    return RowProblems(read_problems(content), int(content["problemes_omis"]))
