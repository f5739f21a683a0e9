"""From the bytes of a raw dossier to an application whose inputs the feature SQL has computed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from features.dossier import APPLICATION, read_dossier
from features.engine import EngineError, FeatureEngine
from scoring.dossier.problems import field_problem, names_given_twice
from scoring.errors import FeatureComputationError, InvalidApplicationError
from scoring.http.bodies import Content
from scoring.http.requests import Application, or_raise, parts_of_batch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.accounts import TableAccount
    from features.dossier import Dossier
    from features.engine import Columns
    from scoring.contract import Contract
    from scoring.errors import FieldProblem
    from scoring.http.requests import ApplicationReader
    from scoring.policy import PolicyField
    from scoring.settings import Settings


@dataclass(frozen=True, slots=True)
class ReadDossier:
    """A dossier that keeps its declarations, and the application it comes to.

    Attributes
    ----------
    application
        Its values are those of what is known: what a table that was left out would say has no name in it.
    accounts
        What became of the records of each history.
    content
        The JSON value it was read from.
    """

    application: Application
    accounts: tuple[TableAccount, ...]
    content: object

    def sha256(self) -> str:
        """Return the hash of the raw dossier, whatever the order of its names."""
        told = json.dumps(self.content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class DossierBatch:
    """Dossiers of one call, each either read or refused by itself, and their applicants' identifiers."""

    dossiers: tuple[ReadDossier | InvalidApplicationError, ...]
    identifiers: tuple[str | None, ...]


class DossierReader:
    """Reads raw dossiers and says everything that is wrong with them.

    Parameters
    ----------
    applications
        Holds the inputs that are computed to the contract, as it does those that are sent. A field of the lender's
        rules that the SQL gives is computed as they are; any other stands in ``application`` beside the columns.
    """

    def __init__(self, contract: Contract, applications: ApplicationReader, settings: Settings) -> None:
        self._applications = applications
        self._settings = settings
        asked = [field.name for field in applications.policy_fields]
        computed = {item.name: item.table for item in contract.inputs} | FeatureEngine.tables_giving(asked)
        self._sent = frozenset(asked) - computed.keys()
        self._table_of = computed | dict.fromkeys(self._sent, APPLICATION)
        self._sent_places = {f"{APPLICATION}.{name}" for name in self._sent}
        self.engine = FeatureEngine.computing(computed)

    @property
    def sent_fields(self) -> tuple[PolicyField, ...]:
        """Fields of the lender's rules that stand in ``application`` beside its columns: no SQL gives them."""
        return tuple(field for field in self._applications.policy_fields if field.name in self._sent)

    def read(self, body: bytes) -> ReadDossier:
        """Return the one dossier of a body.

        Raises
        ------
        InvalidApplicationError
            ``SCR110`` not JSON (400); ``SCR101`` to ``SCR107`` and ``SCR130`` to ``SCR133`` by place, all of them at
            once (422).
        FeatureComputationError
            ``SCR503`` when the engine fails.
        """
        content = Content(body)
        answer = self._dossier(content.value)
        refusal = content.refusal(answer.problems if isinstance(answer, InvalidApplicationError) else ())
        if refusal is not None:
            raise refusal
        return or_raise(answer)

    def read_batch(self, body: bytes) -> DossierBatch:
        """Return the dossiers of a body; a wrong one does not sink the others.

        Raises
        ------
        InvalidApplicationError
            ``SCR110`` not JSON (400), ``SCR102`` no batch, ``SCR111`` none or too many dossiers (422).
        FeatureComputationError
            ``SCR503`` when the engine fails.
        """
        content = Content(body)
        dossiers, identifiers = parts_of_batch(content.value, "dossiers", limit=self._settings.max_dossiers)
        if content.constants:
            raise InvalidApplicationError(content.constant_problems(), status=400)
        return DossierBatch(tuple(self._dossier(one) for one in dossiers), identifiers)

    def _dossier(self, content: object) -> ReadDossier | InvalidApplicationError:
        raw = read_dossier(content, most_records=self._settings.max_records)
        problems = [*names_given_twice(content), *map(field_problem, raw.problems)]
        undeclared = [one for one in raw.undeclared if one.place not in self._sent_places]
        if self._settings.unknown_fields == "refuse":
            problems += map(field_problem, undeclared)
        # Where a history is wrong the application is held to the contract all the same: everything is told at once.
        known = {name: raw.columns[name] for name in raw.columns if name == APPLICATION or not problems}
        read = self._application(raw, known, self._sent_by(content)) if APPLICATION in known else None
        if isinstance(read, InvalidApplicationError):
            problems += map(self._placed, read.problems)
        if problems or not isinstance(read, Application):
            return InvalidApplicationError(problems)
        reported = tuple(one.place for one in undeclared) if self._settings.unknown_fields == "report" else ()
        return ReadDossier(Application(read.values, reported), tuple(raw.accounts), content)

    def _sent_by(self, content: object) -> dict[str, object]:
        """Return the fields of the lender's rules that no SQL gives, as the application brings them."""
        sent = content.get(APPLICATION) if isinstance(content, dict) else None
        return {name: sent[name] for name in self._sent if name in sent} if isinstance(sent, dict) else {}

    def _application(
        self, raw: Dossier, known: Mapping[str, Columns], sent: Mapping[str, object]
    ) -> Application | InvalidApplicationError:
        """Compute the inputs of the tables that are known, and hold them and what was sent to the contract."""
        try:
            computed = self.engine.compute(known)
        except EngineError as error:
            raise FeatureComputationError("SCR503", str(error)) from error
        given = {
            name: value for name, value in computed.items() if self._table_of[name] != APPLICATION or name in raw.given
        }
        read = self._applications.check({**given, **sent})
        if isinstance(read, InvalidApplicationError):
            return read
        return Application({name: read.values[name] for name in (*given, *sent)})

    def _placed(self, problem: FieldProblem) -> FieldProblem:
        """Return a problem of an input under the place it has in a dossier; an aggregate has its own name."""
        ours = self._table_of.get(problem.champ) == APPLICATION
        return replace(problem, champ=f"{APPLICATION}.{problem.champ}") if ours else problem
