"""What the API says of the fields that it cannot take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What the API says of one field.

    Attributes
    ----------
    field
        Name of the input, empty when the application as a whole is at fault.
    code
        Stable code of the API, ``SCR1xx``.
    detail
        Its sentence, in the language that was asked for.
    """

    field: str
    code: str
    detail: str


def read_problems(content: Mapping[str, Any]) -> tuple[FieldProblem, ...]:
    """Return the problems of an application, or of a row of a batch; a body that names none has none."""
    return tuple(
        FieldProblem(str(one.get("champ", "")), str(one.get("code", "")), str(one.get("detail", "")))
        for one in content.get("problemes", ())
    )
