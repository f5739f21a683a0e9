"""The request schema, built from the contract, and the French wording of what is wrong with a request."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model
from pydantic_core import PydanticCustomError

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
    "SCR101": "Champ obligatoire absent ou null.",
    "SCR105": "Champ inconnu du contrat ; voir GET /v1/contract.",
    "SCR106": "Le nombre doit être fini ; envoyez null pour une valeur inconnue.",
}
_WRONG_TYPE = "Type incorrect : un nombre JSON (ni chaîne, ni booléen) est attendu."
_NOT_AN_OBJECT = "Un objet JSON est attendu, avec un champ par donnée de la demande ; voir GET /v1/contract."
_LARGEST_TEXT_ECHO = 80
_LARGEST_NUMBER_ECHO = 1e18


def application_model(contract: Contract) -> type[BaseModel]:
    """Return the pydantic model of a request: one field an input, with its bounds, categories and label."""
    fields: dict[str, Any] = {item.name: _field(item) for item in contract.inputs}
    return create_model(
        "Demande",
        # What was received never gets into the text of an error, and so never into a log.
        __config__=ConfigDict(
            extra="forbid", strict=True, allow_inf_nan=False, title="Demande de crédit", hide_input_in_errors=True
        ),
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
        kind = Annotated[Literal[0, 1], BeforeValidator(_no_boolean)]
    else:
        described |= {"ge": item.minimum, "le": item.maximum}
    if item.required:
        return kind, Field(**described)
    return kind | None, Field(default=None, **described)


def _no_boolean(value: object) -> object:
    """Refuse true and false: Python takes them for 1 and 0."""
    if isinstance(value, bool):
        raise PydanticCustomError("boolean_for_number", "a number is expected")
    return value


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
        content = json.loads(body.decode("utf-8"), object_pairs_hook=_unique_names, parse_constant=_no_constant)
        if b"\\u" in body:
            _check_characters(content)
    except InvalidApplicationError:
        raise
    except (ValueError, RecursionError) as error:  # bad UTF-8, bad JSON and half characters are all ValueError
        detail = "Le corps de la requête n'est pas du JSON valide en UTF-8 ; envoyez un objet JSON."
        raise InvalidApplicationError([FieldProblem("", "SCR110", detail)], status=400) from error
    return content


def _check_characters(content: object) -> None:
    """Raise `UnicodeEncodeError` for half a surrogate pair: JSON can escape one, no reply could repeat it."""
    json.dumps(content, ensure_ascii=False).encode("utf-8")


def _unique_names(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) != len(pairs):
        times = Counter(name for name, _ in pairs)
        twice = sorted(name for name, count in times.items() if count > 1)
        _check_characters(twice)
        problems = [FieldProblem(name, "SCR107", "Le champ est donné deux fois ; gardez-en un.") for name in twice]
        raise InvalidApplicationError(problems)
    return content


def _no_constant(name: str) -> object:
    detail = f"{name} n'est pas du JSON ; envoyez null pour une valeur inconnue."
    raise InvalidApplicationError([FieldProblem("", "SCR110", detail, name)], status=400)


def _problem(error: dict[str, Any]) -> FieldProblem:
    champ = str(error["loc"][0])[:_LARGEST_TEXT_ECHO] if error["loc"] else ""
    code = _code(error)
    received = None if code == "SCR101" else _echo(error["input"])
    return FieldProblem(champ, code, _detail(champ, code, error.get("ctx", {})), received)


def _code(error: dict[str, Any]) -> str:
    code = _CODES.get(error["type"], "SCR102")
    # null where a value is required is an absence, whatever type is expected there.
    absent = error["input"] is None and error["loc"] and code != "SCR105"
    return "SCR101" if absent else code


def _echo(value: object) -> object:
    """Give back what was received, cut short: a reply is no place for a whole body."""
    if isinstance(value, bool | None):
        return value
    if isinstance(value, int | float) and abs(value) < _LARGEST_NUMBER_ECHO:  # false for NaN and infinities
        return value
    text = value if isinstance(value, str) else type(value).__name__
    return text[:_LARGEST_TEXT_ECHO]


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
