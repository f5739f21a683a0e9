"""The request schema, built from the contract, and the applications that are read by it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model
from pydantic_core import PydanticCustomError

from scoring.errors import FieldProblem, InvalidApplicationError
from scoring.http.bodies import Content, RepeatedNames
from scoring.http.request_problems import field_problem, repeated_names, unknown_field
from scoring.records import LONGEST_IDENTIFIER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic_core import ErrorDetails

    from scoring.contract import Contract, Input, Predecessor
    from scoring.features import Value
    from scoring.policy import PolicyField
    from scoring.settings import UnknownFields

_MISSING = "missing"
_NOT_A_BATCH = "Un objet JSON est attendu, avec la liste « {} » et, au besoin, la liste « identifiants »."
_NO_IDENTIFIERS = "Une liste de textes ou de null est attendue, un par demandeur."


@dataclass(frozen=True, slots=True)
class Application:
    """One application that keeps the contract.

    Attributes
    ----------
    values
        Value of each input the client speaks of: ``None`` declares that there is none, and what it says nothing of is
        not here.
    unknown
        Fields the contract does not have, for the reply; empty where the policy does not report them.
    retired
        Fields that only the bundle before takes as they were sent: they are read as unknown, for a stated time.
    """

    values: dict[str, Value]
    unknown: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()


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

    def naming(self, applicant: str | None) -> Batch:
        """Return the batch with the applicant that the call names, wherever an application has none of its own."""
        return replace(self, identifiers=tuple(one or applicant for one in self.identifiers))


def application_model(
    inputs: Sequence[Input], *, policy_fields: Sequence[PolicyField] = (), unknown_fields: UnknownFields = "refuse"
) -> type[BaseModel]:
    """Return the pydantic model of a request: one field an input, with its bounds, categories and label.

    Parameters
    ----------
    policy_fields
        Further numbers, which the lender's rules read and the model does not.
    """
    fields: dict[str, Any] = {item.name: _field(item) for item in inputs}
    fields |= {item.name: _policy_field(item) for item in policy_fields}
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
        "description": item.label.fr
        if item.required
        else f"{item.label.fr}. null déclare : {item.missing.fr}. Sans ce champ : inconnu.",
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


def _policy_field(item: PolicyField) -> tuple[Any, Any]:
    """Return the type and the bounds of a field of the lender's rules: without it a person decides."""
    told = f"{item.label.fr}. Lu par les règles de la politique seulement ; sans ce champ, une personne décide."
    bounds: dict[str, Any] = {"ge": item.minimum, "le": item.maximum, "json_schema_extra": {"unite": item.unit}}
    return float | None, Field(default=None, description=told, **bounds)


def _no_boolean(value: object) -> object:
    """Refuse true and false: Python takes them for 1 and 0."""
    if isinstance(value, bool):
        raise PydanticCustomError("boolean_for_number", "a number is expected")
    return value


def batch_model(demand: type[BaseModel]) -> type[BaseModel]:
    """Return the pydantic model of a batch of such requests."""
    identifier = Annotated[str, Field(min_length=1, max_length=LONGEST_IDENTIFIER)]
    fields: dict[str, Any] = {"demandes": list[demand], "identifiants": (list[identifier | None] | None, None)}  # type: ignore[valid-type]
    return create_model("Lot", __config__=demand.model_config, **fields)


class FormerInputs:
    """What the bundle before took, read for as long as it was promised.

    A field that only its declaration admits is unknown to this model, as is one that is required only now: such an
    application is judged with what is known of it, and silence never pays.
    """

    def __init__(self, inputs: Sequence[Input], before: Predecessor, policy_fields: Sequence[PolicyField] = ()) -> None:
        self._until = before.accepted_until
        self._asked = frozenset(item.name for item in inputs) | {item.name for item in policy_fields}
        self._known = {item.name: item for item in before.inputs}
        self._former_model = application_model(before.inputs)
        self._model = application_model(
            [item.model_copy(update={"required": False}) for item in inputs], policy_fields=policy_fields
        )

    def read(self, content: object, failing: Mapping[str, str]) -> Application | None:
        """Return the application that keeps the former declarations where it does not keep the present ones.

        Parameters
        ----------
        failing
            Fields that are wrong by the present ones, with pydantic's type of the error.
        """
        expired = datetime.now(UTC).date() > self._until
        if expired or not isinstance(content, dict) or isinstance(content, RepeatedNames):
            return None
        gone = content.keys() - self._asked
        if not gone <= self._known.keys() or not all(self._tolerates(*one) for one in failing.items()):
            return None
        retired = {name for name, kind in failing.items() if kind != _MISSING} | gone
        if retired & self._wrong_before(content):
            return None
        kept = {name: value for name, value in content.items() if name not in retired}
        return Application(_given(self._model.model_validate(kept)), retired=tuple(sorted(retired)))

    def _tolerates(self, name: str, kind: str) -> bool:
        former = self._known.get(name)
        return former is None or not former.required if kind == _MISSING else former is not None

    def _wrong_before(self, content: dict[str, object]) -> set[str]:
        try:
            self._former_model.model_validate(content)
        except ValidationError as error:
            return {str(one["loc"][0]) for one in error.errors(include_url=False)}
        return set()


class ApplicationReader:
    """Reads applications from bodies and says everything that is wrong with them.

    Most bodies are right: one pass over the bytes reads and checks them. What that pass does not take, or may have
    misread, is read again in the way that can name every problem.
    """

    def __init__(
        self, contract: Contract, *, policy_fields: Sequence[PolicyField] = (), unknown_fields: UnknownFields = "refuse"
    ) -> None:
        self.policy_fields = tuple(policy_fields)
        self.model = application_model(contract.inputs, policy_fields=policy_fields, unknown_fields=unknown_fields)
        before = contract.predecessor
        self._former = None if before is None else FormerInputs(contract.inputs, before, policy_fields)
        self._batch_model = batch_model(self.model)
        self._names = frozenset(self.model.model_fields)
        self._texts_with_colons = [item.name for item in contract.inputs if ":" in "".join(item.categories)]
        self._policy = unknown_fields

    def read(self, body: bytes) -> Application:
        """Return the one application of a body.

        Raises
        ------
        InvalidApplicationError
            ``SCR110`` not JSON (400), ``SCR101`` … ``SCR107`` wrong fields (422), all of them at once.
        """
        right = _in_one_pass(self.model, body)
        if right is not None and self._is_all(body, [right]):
            return Application(_given(right))
        content = Content(body)
        application = self.check(content.value)
        refusal = content.refusal(application.problems if isinstance(application, InvalidApplicationError) else ())
        if refusal is not None:
            raise refusal
        return or_raise(application)

    def read_batch(self, body: bytes, *, limit: int) -> Batch:
        """Return the applications of a body; a wrong one does not sink the others.

        Raises
        ------
        InvalidApplicationError
            ``SCR110`` not JSON (400), ``SCR102`` no batch, ``SCR111`` none or too many applications (422).
        """
        right: Any = _in_one_pass(self._batch_model, body)
        if right is not None and self._is_all(body, right.demandes, around=right):
            demands, identifiers = right.demandes, right.identifiants
            if 1 <= len(demands) <= limit and len(demands) == len(demands if identifiers is None else identifiers):
                applications = tuple(Application(_given(one)) for one in demands)
                return Batch(applications, _identifiers(identifiers, len(demands)))
        return self._batch_with_problems(Content(body), limit=limit)

    def _batch_with_problems(self, content: Content, *, limit: int) -> Batch:
        demands, identifiers = parts_of_batch(content.value, "demandes", limit=limit)
        read = tuple(self.check(one) for one in demands)
        held = {problem.code for one in read if isinstance(one, InvalidApplicationError) for problem in one.problems}
        if content.constants and not held & {"SCR106", "SCR110"}:
            raise InvalidApplicationError(content.constant_problems(), status=400)
        return Batch(read, identifiers)

    def _is_all(self, body: bytes, demands: Sequence[BaseModel], *, around: BaseModel | None = None) -> bool:
        """Say whether what was read of a body is all it has, no name given twice.

        A colon follows each name of a JSON object. Others stand in texts, and where nothing is escaped, texts are
        written as they are read. With as many colons as that, nothing else was there.
        """
        read = demands if around is None else [*demands, around]
        n_colons = sum(len(one.model_fields_set) for one in read)
        for name in self._texts_with_colons:
            n_colons += sum(text.count(":") for one in demands if (text := getattr(one, name)))
        return b"\\" not in body and body.count(b":") == n_colons

    def check(self, content: object) -> Application | InvalidApplicationError:
        """Return what was read of a JSON value, or what is wrong with it; both fit into a batch."""
        unknown = self._unknown(content)
        problems = repeated_names(content)
        failing: list[ErrorDetails] = []
        values: dict[str, Value] = {}
        try:
            values = _given(self.model.model_validate(content))
        except ValidationError as error:
            failing = error.errors(include_url=False)
        if self._former and (unknown or failing):
            kinds = {str(one["loc"][0]) if one["loc"] else "": one["type"] for one in failing}
            if former := self._former.read(content, kinds):
                return former
        if self._policy == "refuse":
            problems += [unknown_field(name, value) for name, value in unknown.items()]
        wrong = [field_problem(dict(one)) for one in failing]
        if wrong or problems:
            return InvalidApplicationError([*wrong, *problems])
        return Application(values, tuple(unknown) if self._policy == "report" else ())

    def _unknown(self, content: object) -> dict[str, object]:
        if not isinstance(content, dict) or content.keys() <= self._names:
            return {}
        return {name: value for name, value in content.items() if name not in self._names}


def _in_one_pass(model: type[BaseModel], body: bytes) -> BaseModel | None:
    """Return what keeps the schema, read straight from JSON; None where something is wrong."""
    try:
        return model.model_validate_json(body)
    except ValidationError:
        return None


def _given(demand: BaseModel) -> dict[str, Value]:
    """Return the fields that were sent, in the contract's order."""
    values, sent = demand.__dict__, demand.model_fields_set
    return values if len(sent) == len(values) else {name: value for name, value in values.items() if name in sent}


def or_raise[Read](answer: Read | InvalidApplicationError) -> Read:
    """Return what was read, or raise what is wrong with it."""
    if isinstance(answer, InvalidApplicationError):
        raise answer
    return answer


def parts_of_batch(content: object, name: str, *, limit: int) -> tuple[list[object], tuple[str | None, ...]]:
    """Return what a batch lists under `name` and the applicants' identifiers, as they came.

    Raises
    ------
    InvalidApplicationError
        ``SCR102`` no batch, ``SCR111`` none or more than `limit` (422).
    """
    if not isinstance(content, dict) or not isinstance(content.get(name), list):
        raise InvalidApplicationError([FieldProblem(name, "SCR102", _NOT_A_BATCH.format(name))])
    listed = content[name]
    strangers = sorted(set(content) - {name, "identifiants"})
    problems = repeated_names(content) + [unknown_field(other, content[other]) for other in strangers]
    if not 1 <= len(listed) <= limit:
        detail = f"Un appel porte de 1 à {limit} {name} ; le nombre reçu est {len(listed)}."
        problems.append(FieldProblem(name, "SCR111", detail, len(listed)))
    identifiers = content.get("identifiants")
    if identifiers is not None and not _are_identifiers(identifiers, len(listed)):
        problems.append(FieldProblem("identifiants", "SCR102", _NO_IDENTIFIERS))
    if problems:
        raise InvalidApplicationError(problems)
    return listed, _identifiers(identifiers, len(listed))


def _identifiers(given: list[str | None] | None, count: int) -> tuple[str | None, ...]:
    return tuple(given) if given else (None,) * count


def _are_identifiers(content: object, count: int) -> bool:
    """Say whether `content` is a list of short texts or nulls, one an application."""
    return (
        isinstance(content, list)
        and len(content) == count
        and all(one is None or (isinstance(one, str) and 0 < len(one) <= LONGEST_IDENTIFIER) for one in content)
    )
