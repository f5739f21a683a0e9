"""The request schema, built from the contract, and the French wording of what is wrong with a request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from scoring.errors import FieldProblem, InvalidApplicationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.contract import Contract, Input
    from scoring.features import Value

_CODES = {
    "missing": "SCR101",
    "float_type": "SCR102",
    "string_type": "SCR102",
    "model_type": "SCR102",
    "greater_than_equal": "SCR103",
    "less_than_equal": "SCR103",
    "literal_error": "SCR104",
    "extra_forbidden": "SCR105",
    "finite_number": "SCR106",
}
_DETAILS = {
    "SCR101": "Champ obligatoire absent.",
    "SCR105": "Champ inconnu du contrat ; voir GET /v1/contract.",
    "SCR106": "Le nombre doit être fini ; envoyez null pour une valeur inconnue.",
}
_WRONG_TYPE = "Type incorrect : un nombre JSON (ni chaîne, ni booléen) est attendu ; null si la valeur est inconnue."
_LARGEST_TEXT_ECHO = 80
_LARGEST_NUMBER_ECHO = 1e18


def application_model(contract: Contract) -> type[BaseModel]:
    """Return the pydantic model of a request: one field an input, with its bounds, categories and label."""
    fields: dict[str, Any] = {item.name: _field(item) for item in contract.inputs}
    return create_model(
        "Demande",
        __config__=ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, title="Demande de crédit"),
        __doc__="Valeurs brutes d'une demande, sous leurs noms Home Credit.",
        **fields,
    )


def _field(item: Input) -> tuple[Any, Any]:
    """Return the type and the constraints of one field."""
    described: dict[str, Any] = {
        "description": item.label.fr if item.required else f"{item.label.fr}. Absent : {item.missing.fr}.",
        "json_schema_extra": {"unite": item.unit, "table": item.table},
    }
    kind: Any = float
    if item.kind == "category":
        kind = Literal[item.categories]
    elif item.kind == "flag":
        kind = Literal[0, 1]
    else:
        described |= {"ge": item.minimum, "le": item.maximum}
    if item.required:
        return kind, Field(**described)
    return kind | None, Field(default=None, **described)


def parse_application(body: bytes, model: type[BaseModel]) -> dict[str, Value]:
    """Return the values of one application, or say everything that is wrong with it.

    Raises
    ------
    InvalidApplicationError
        ``SCR110`` not JSON (400), ``SCR101`` … ``SCR107`` wrong fields (422), all of them at once.
    """
    content = _strict_json(body)
    try:
        return model.model_validate(content).model_dump()
    except ValidationError as error:
        raise InvalidApplicationError([_problem(dict(one)) for one in error.errors(include_url=False)]) from error


def _strict_json(body: bytes) -> object:
    """Parse JSON as RFC 8259 has it: one value a name, no NaN, no Infinity."""
    try:
        return json.loads(body.decode("utf-8"), object_pairs_hook=_unique_names, parse_constant=_no_constant)
    except InvalidApplicationError:
        raise
    except (ValueError, RecursionError) as error:  # bad UTF-8 and bad JSON are both ValueError
        detail = "Le corps de la requête n'est pas du JSON valide en UTF-8 ; envoyez un objet JSON."
        raise InvalidApplicationError([FieldProblem("", "SCR110", detail)], status=400) from error


def _unique_names(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) != len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        problems = [FieldProblem(name, "SCR107", "Le champ est donné deux fois ; gardez-en un.") for name in twice]
        raise InvalidApplicationError(problems)
    return content


def _no_constant(name: str) -> object:
    detail = f"{name} n'est pas du JSON ; envoyez null pour une valeur inconnue."
    raise InvalidApplicationError([FieldProblem("", "SCR110", detail, name)], status=400)


def _problem(error: dict[str, Any]) -> FieldProblem:
    location = [str(part) for part in error["loc"] if part not in {"float", "constrained-float"}]
    champ = location[0] if location else ""
    code = _CODES.get(error["type"], "SCR102")
    received = None if code == "SCR101" else _echo(error["input"])
    return FieldProblem(champ, code, _detail(code, error.get("ctx", {})), received)


def _echo(value: object) -> object:
    """Give back what was received, cut short: a reply is no place for a whole body."""
    if isinstance(value, bool | None):
        return value
    if isinstance(value, int | float) and abs(value) < _LARGEST_NUMBER_ECHO:  # false for NaN and infinities
        return value
    text = value if isinstance(value, str) else type(value).__name__
    return text[:_LARGEST_TEXT_ECHO]


def _detail(code: str, context: dict[str, Any]) -> str:
    """Say in French what is wrong and what is allowed."""
    if code == "SCR103":
        return _out_of_bounds(context)
    if code == "SCR104":
        allowed = str(context.get("expected", "")).replace(" or ", " ou ")
        return f"Valeur inconnue ; valeurs admises : {allowed}."
    return _DETAILS.get(code, _WRONG_TYPE)


def _out_of_bounds(context: dict[str, Any]) -> str:
    if "ge" in context:
        return f"Valeur trop petite : le minimum est {context['ge']:g}."
    return f"Valeur trop grande : le maximum est {context['le']:g}."
