"""The answers to a batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from frontend.api.answers import Assessment, Origin, assessment_fields, read_origin
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
    """The answers to the rows of a batch, in its order, the threshold of them all, and where they come from."""

    rows: tuple[RowAnswer, ...]
    threshold: float
    origin: Origin


@reading("the answer to a batch")
def read_batch(content: Mapping[str, Any]) -> BatchAnswer:
    """Read the body of ``POST /v1/score/batch``.

    Raises
    ------
    UnexpectedReplyError
        When a part of it is absent or of another kind.
    """
    rows = tuple(_row(one) for one in content["resultats"])
    return BatchAnswer(rows, float(content["seuil"]), read_origin(content["meta"]))


def _row(content: Mapping[str, Any]) -> RowAnswer:
    if content["statut"] == ASSESSED:
        return Assessment(**assessment_fields(content))
    return RowProblems(read_problems(content), int(content["problemes_omis"]))
