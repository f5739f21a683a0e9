"""The request schema, built from the contract, and the French wording of what is wrong with a request."""

from __future__ import annotations

import json
import math
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model
from pydantic_core import PydanticCustomError

from scoring.audit import LONGEST_IDENTIFIER
from scoring.bodies import Content, RepeatedNames
from scoring.errors import FieldProblem, InvalidApplicationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.contract import Contract, Input
    from scoring.features import Value
    from scoring.settings import UnknownFields

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
_NOT_A_BATCH = "Un objet JSON est attendu, avec la liste « demandes » et, au besoin, la liste « identifiants »."
_NO_IDENTIFIERS = "Une liste de textes ou de null est attendue, un par demande."
_LARGEST_TEXT_ECHO = 80
# Clients read integers and doubles up to here alike; beyond, a number goes back as it would be written.
_LARGEST_NUMBER_ECHO = 1e18


@dataclass(frozen=True, slots=True)
class Application:
    """One application that keeps the contract.

    Attributes
    ----------
    values
        Value of each input, ``None`` where it is not given.
    unknown
        Fields the contract does not have, for the reply; empty where the policy does not report them.
    """

    values: dict[str, Value]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """Applications of one call, each either read or refused by itself.

    Attributes
    ----------
    identifiers
        The applicants' identifiers at the client, or None; as many as applications.
    """

    applications: tuple[Application | InvalidApplicationError, ...]
    identifiers: tuple[str | None, ...]


def application_model(contract: Contract, *, unknown_fields: UnknownFields = "refuse") -> type[BaseModel]:
    """Return the pydantic model of a request: one field an input, with its bounds, categories and label."""
    fields: dict[str, Any] = {item.name: _field(item) for item in contract.inputs}
    return create_model(
        "Demande",
        # What was received never gets into the text of an error, and so never into a log. Unknown fields are looked
        # for in `ApplicationReader`: here thousands of them would be thousands of errors.
        __config__=ConfigDict(
            extra="ignore",
            strict=True,
            allow_inf_nan=False,
            title="Demande de crédit",
            hide_input_in_errors=True,
            json_schema_extra={"additionalProperties": unknown_fields != "refuse"},
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


class ApplicationReader:
    """Reads applications from bodies and says everything that is wrong with them."""

    def __init__(self, contract: Contract, *, unknown_fields: UnknownFields = "refuse") -> None:
        self.model = application_model(contract, unknown_fields=unknown_fields)
        self._names = frozenset(self.model.model_fields)
        self._policy = unknown_fields

    def read(self, body: bytes) -> Application:
        """Return the one application of a body.

        Raises
        ------
        InvalidApplicationError
            ``SCR110`` not JSON (400), ``SCR101`` … ``SCR107`` wrong fields (422), all of them at once.
        """
        content = Content(body)
        application = self._application(content.value)
        if not content.constants:
            return _or_raise(application)
        # NaN is no JSON, wherever it stands: the fields that hold it are named along with all other problems.
        found = application.problems if isinstance(application, InvalidApplicationError) else ()
        named = {problem.code for problem in found}
        raise InvalidApplicationError(
            found if "SCR110" in named else [*content.constant_problems(), *found], status=400
        )

    def read_batch(self, body: bytes, *, limit: int) -> Batch:
        """Return the applications of a body; a wrong one does not sink the others.

        Raises
        ------
        InvalidApplicationError
            ``SCR110`` not JSON (400), ``SCR102`` no batch, ``SCR111`` none or too many applications (422).
        """
        content = Content(body)
        demands, identifiers = _parts_of_batch(content.value, limit=limit)
        read = tuple(self._application(one) for one in demands)
        held = {problem.code for one in read if isinstance(one, InvalidApplicationError) for problem in one.problems}
        if content.constants and not held & {"SCR106", "SCR110"}:
            raise InvalidApplicationError(content.constant_problems(), status=400)
        return Batch(read, identifiers)

    def _application(self, content: object) -> Application | InvalidApplicationError:
        """Return what was read, or what is wrong; both fit into a batch."""
        unknown = self._unknown(content)
        problems = _repeated(content) + ([] if self._policy != "refuse" else _refused(unknown, content))
        try:
            values = self.model.model_validate(content).__dict__
        except ValidationError as error:
            wrong = [_problem(dict(one)) for one in error.errors(include_url=False)]
            return InvalidApplicationError([*wrong, *problems])
        if problems:
            return InvalidApplicationError(problems)
        return Application(values, unknown if self._policy == "report" else ())

    def _unknown(self, content: object) -> tuple[str, ...]:
        if not isinstance(content, dict) or content.keys() <= self._names:
            return ()
        return tuple(name for name in content if name not in self._names)


def _or_raise(application: Application | InvalidApplicationError) -> Application:
    if isinstance(application, InvalidApplicationError):
        raise application
    return application


def _parts_of_batch(content: object, *, limit: int) -> tuple[list[object], tuple[str | None, ...]]:
    """Return the applications and their applicants' identifiers, as they came."""
    if not isinstance(content, dict) or not isinstance(content.get("demandes"), list):
        raise InvalidApplicationError([FieldProblem("demandes", "SCR102", _NOT_A_BATCH)])
    demands = content["demandes"]
    strangers = sorted(set(content) - {"demandes", "identifiants"})
    problems = _repeated(content) + [_unknown_problem(name, content[name]) for name in strangers]
    if not 1 <= len(demands) <= limit:
        detail = f"Un appel porte de 1 à {limit} demandes ; {len(demands)} ont été reçues."
        problems.append(FieldProblem("demandes", "SCR111", detail, len(demands)))
    identifiers = content.get("identifiants")
    if identifiers is not None and not _are_identifiers(identifiers, len(demands)):
        problems.append(FieldProblem("identifiants", "SCR102", _NO_IDENTIFIERS))
    if problems:
        raise InvalidApplicationError(problems)
    return demands, tuple(identifiers) if identifiers else (None,) * len(demands)


def _are_identifiers(content: object, count: int) -> bool:
    """Say whether `content` is a list of short texts or nulls, one an application."""
    return (
        isinstance(content, list)
        and len(content) == count
        and all(one is None or (isinstance(one, str) and 0 < len(one) <= LONGEST_IDENTIFIER) for one in content)
    )


def _repeated(content: object) -> list[FieldProblem]:
    if not isinstance(content, RepeatedNames):
        return []
    return [FieldProblem(name[:_LARGEST_TEXT_ECHO], "SCR107", _TWICE) for name in content.names]


def _refused(unknown: Sequence[str], content: object) -> list[FieldProblem]:
    return [_unknown_problem(name, content[name]) for name in unknown] if isinstance(content, dict) else []


def _unknown_problem(name: str, value: object) -> FieldProblem:
    return FieldProblem(name[:_LARGEST_TEXT_ECHO], "SCR105", _UNKNOWN, _echo(value))


def _problem(error: dict[str, Any]) -> FieldProblem:
    champ = str(error["loc"][0])[:_LARGEST_TEXT_ECHO] if error["loc"] else ""
    value = error["input"]
    if isinstance(value, float) and not math.isfinite(value) and abs(value) != math.inf:
        return FieldProblem(champ, "SCR110", "NaN n'est pas du JSON ; envoyez null pour une valeur inconnue.", "NaN")
    code = _code(error)
    received = None if code == "SCR101" else _echo(value)
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


def _echo(value: object) -> object:
    """Give back what was received, cut short: a reply is no place for a whole body."""
    if isinstance(value, bool | None):
        return value
    if isinstance(value, int | float):
        # json.dumps writes NaN and infinities as the words that were read.
        return value if abs(value) < _LARGEST_NUMBER_ECHO else json.dumps(value)[:_LARGEST_TEXT_ECHO]
    if isinstance(value, str):
        return value[:_LARGEST_TEXT_ECHO]
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
