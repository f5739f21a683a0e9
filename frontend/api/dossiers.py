"""The answer to a raw dossier: the answer to an application, and what became of the tables it was computed from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from frontend.api.answers import Answer, read_answer
from frontend.api.errors import reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class TableRead:
    """What became of the records of one history.

    Attributes
    ----------
    known
        False where the table was not given: nothing is known, which is not the same as nothing there.
    remarks
        As sentences.
    """

    name: str
    known: bool
    records: int
    left_out: int
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DossierAnswer:
    """The answer, and the inputs that it was computed from, as ``POST /v1/score`` takes them."""

    answer: Answer
    inputs: Mapping[str, float | int | str | None]
    tables: tuple[TableRead, ...]


@reading("the answer to a dossier")
def read_dossier_answer(content: Mapping[str, Any]) -> DossierAnswer:
    """Read the body of ``POST /v1/dossier?variables=oui``.

    Raises
    ------
    UnexpectedReplyError
        When a part of it is absent or of another kind.
    """
    return DossierAnswer(read_answer(content), dict(content["variables"]), _tables(content["historiques"]))


def _tables(content: Sequence[Mapping[str, Any]]) -> tuple[TableRead, ...]:
    return tuple(
        TableRead(
            name=str(one["table"]),
            known=one["etat"] != "inconnue",
            records=int(one["lignes_lues"]),
            left_out=int(one["lignes_ecartees"]),
            remarks=tuple(str(remark["texte"]) for remark in one["remarques"]),
        )
        for one in content
    )
