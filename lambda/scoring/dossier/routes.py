"""The routes of raw dossiers: read, computed, and then answered as any application is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from starlette.requests import Request  # noqa: TC002  FastAPI resolves annotations at run time
from starlette.responses import Response  # noqa: TC002  the same

from scoring.dossier.reading import DossierReader, ReadDossier
from scoring.dossier.replies import histories
from scoring.errors import FieldProblem, InvalidApplicationError
from scoring.http.bodies import read_body
from scoring.http.headers import applicant_of
from scoring.http.requests import Batch
from scoring.http.routes import Asked, Origin
from scoring.log_lines import Event
from scoring.reasons import PRINCIPAL_REASONS

if TYPE_CHECKING:
    from scoring.http.openapi import Example
    from scoring.http.routes import Routes
    from scoring.settings import Settings
    from scoring.wording import Language

_ASKED: Final = "variables"
_WORDS: Final = {"oui": True, "non": False}
_ECHO: Final = 80


class DossierRoutes:
    """Answers for raw dossiers, by the routes of applications that one loaded bundle has."""

    def __init__(self, routes: Routes, reader: DossierReader, settings: Settings) -> None:
        self._routes = routes
        self._reader = reader
        self._settings = settings

    async def score(self, request: Request) -> Response:
        """Score one dossier."""
        asked, with_inputs = Asked.of(request, n_reasons=PRINCIPAL_REASONS), inputs_asked(request)
        applicant = applicant_of(request)
        read = self._reader.read(await read_body(request, limit=self._settings.max_body_bytes))
        origin = _origin(read, asked.language, with_inputs=with_inputs)
        return self._routes.assess(asked, Event.DOSSIER, read.application, applicant, origin)

    def examples(self) -> dict[str, Example]:
        """Return a request and its reply for each route that takes dossiers, from the shortest golden one."""
        golden = [one["dossier"] for one in json.loads(self._routes.parity, parse_float=_as_written)["dossiers"]]
        sent = min(golden, key=lambda dossier: len(json.dumps(dossier)))
        read = self._reader.read(json.dumps(sent).encode())
        origin = _origin(read, "fr", with_inputs=False)
        scored = self._routes.service.score(read.application.values)
        reply = self._routes.assessment(scored, read.application, "fr", origin)
        return {"/v1/dossier": self._routes.example(sent, reply)}

    async def score_batch(self, request: Request) -> Response:
        """Score several dossiers, the model run once over all of them."""
        asked, with_inputs = Asked.of(request, n_reasons=0), inputs_asked(request)
        applicant = applicant_of(request)
        batch = self._reader.read_batch(await read_body(request, limit=self._settings.max_body_bytes))
        applications = tuple(one.application if isinstance(one, ReadDossier) else one for one in batch.dossiers)
        origins = [
            _origin(one, asked.language, with_inputs=with_inputs) if isinstance(one, ReadDossier) else None
            for one in batch.dossiers
        ]
        return self._routes.assess_batch(
            asked, Event.DOSSIER_BATCH, Batch(applications, batch.identifiers).naming(applicant), origins
        )


def _as_written(number: str) -> float | int:
    """Return a number as a client writes it: a whole one without its fraction."""
    value = float(number)
    return int(value) if value.is_integer() else value


def _origin(read: ReadDossier, language: Language, *, with_inputs: bool) -> Origin:
    told = {
        "historiques": histories(read.accounts, language),
        "variables": read.application.values if with_inputs else None,
    }
    return Origin(told, read.sha256)


def inputs_asked(request: Request) -> bool:
    """Return whether the query asks for the inputs that are computed.

    Raises
    ------
    InvalidApplicationError
        ``SCR134`` when it says neither ``oui`` nor ``non``, once.
    """
    asked = request.query_params.getlist(_ASKED)
    if not asked:
        return False
    if len(asked) == 1 and asked[0] in _WORDS:
        return _WORDS[asked[0]]
    detail = "« oui » ou « non » est attendu, une seule fois."
    raise InvalidApplicationError([FieldProblem(_ASKED, "SCR134", detail, ", ".join(asked)[:_ECHO])])
