"""What is wrong with a request, field by field: stable codes, French wording, and what was received."""

from __future__ import annotations

import json
import math
import sys
from typing import Any

from scoring.errors import FieldProblem
from scoring.http.bodies import RepeatedNames

_CODES = {
    "missing": "SCR101",
    "float_type": "SCR102",
    "string_type": "SCR102",
    "model_type": "SCR102",
    "greater_than_equal": "SCR103",
    "less_than_equal": "SCR103",
    "literal_error": "SCR104",
    "finite_number": "SCR106",
}
_DETAILS = {
    "SCR101": "Champ obligatoire absent ou null.",
    "SCR106": "Le nombre doit être fini ; envoyez null pour une valeur inconnue.",
}
_UNKNOWN = "Champ inconnu du contrat ; voir GET /v1/contract."
_TWICE = "Le champ est donné deux fois ; gardez-en un."
_WRONG_TYPE = "Type incorrect : un nombre JSON (ni chaîne, ni booléen) est attendu."
_NOT_AN_OBJECT = "Un objet JSON est attendu, avec un champ par donnée de la demande ; voir GET /v1/contract."
LARGEST_TEXT_ECHO = 80
# Clients read integers and doubles up to here alike; beyond, a number goes back as it would be written.
_LARGEST_NUMBER_ECHO = 1e18


def repeated_names(content: object) -> list[FieldProblem]:
    """Return a problem for each name that an object has twice."""
    if not isinstance(content, RepeatedNames):
        return []
    return [FieldProblem(name[:LARGEST_TEXT_ECHO], "SCR107", _TWICE) for name in content.names]


def unknown_field(name: str, value: object) -> FieldProblem:
    """Return the problem of a field that the contract does not have."""
    return FieldProblem(name[:LARGEST_TEXT_ECHO], "SCR105", _UNKNOWN, echo(value))


def field_problem(error: dict[str, Any]) -> FieldProblem:
    """Return what pydantic found wrong with one field, in the words of the API."""
    champ = str(error["loc"][0])[:LARGEST_TEXT_ECHO] if error["loc"] else ""
    value = error["input"]
    if isinstance(value, float) and not math.isfinite(value) and abs(value) != math.inf:
        return FieldProblem(champ, "SCR110", "NaN n'est pas du JSON ; envoyez null pour une valeur inconnue.", "NaN")
    code = _code(error)
    received = None if code == "SCR101" else echo(value)
    return FieldProblem(champ, code, _detail(champ, code, error.get("ctx", {})), received)


def _code(error: dict[str, Any]) -> str:
    code = _CODES.get(error["type"], "SCR102")
    value = error["input"]
    # null where a value is required is an absence, whatever type is expected there.
    if value is None and error["loc"]:
        return "SCR101"
    # A whole number of hundreds of digits is a number, whatever pydantic calls it.
    too_large = type(value) is int and abs(value) > sys.float_info.max
    return "SCR106" if too_large and code == "SCR102" else code


def echo(value: object) -> object:
    """Give back what was received, cut short: a reply is no place for a whole body."""
    if isinstance(value, bool | None):
        return value
    if isinstance(value, int | float):
        # json.dumps writes NaN and infinities as the words that were read.
        return value if abs(value) < _LARGEST_NUMBER_ECHO else json.dumps(value)[:LARGEST_TEXT_ECHO]
    if isinstance(value, str):
        return value[:LARGEST_TEXT_ECHO]
    return "objet" if isinstance(value, dict) else "liste"


def _detail(champ: str, code: str, context: dict[str, Any]) -> str:
    """Say in French what is wrong and what is allowed."""
    if code == "SCR103":
        return _out_of_bounds(context)
    if code == "SCR104":
        allowed = str(context.get("expected", "")).replace(" or ", " ou ")
        return f"Valeur inconnue ; valeurs admises : {allowed}."
    return _DETAILS.get(code, _WRONG_TYPE if champ else _NOT_AN_OBJECT)


def _out_of_bounds(context: dict[str, Any]) -> str:
    if "ge" in context:
        return f"Valeur trop petite : le minimum est {context['ge']:.15g}."
    return f"Valeur trop grande : le maximum est {context['le']:.15g}."
