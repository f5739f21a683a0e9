"""The application with the routes of raw dossiers beside all others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scoring.dossier.reading import DossierReader
from scoring.dossier.reply_schemas import DossierBatchReply, DossierReply
from scoring.dossier.routes import DossierRoutes
from scoring.dossier.schemas import dossier_batch_schema, dossier_schema
from scoring.http.app import IDENTIFIERS_SCHEMA, described, open_app, serve_post
from scoring.reasons import PRINCIPAL_REASONS

if TYPE_CHECKING:
    from fastapi import FastAPI

    from scoring.http.routes import Routes
    from scoring.settings import Settings

_VARIABLES: Final[dict[str, Any]] = {
    "name": "variables",
    "in": "query",
    "description": "« oui » : la réponse donne aussi les données d'entrée calculées.",
    "schema": {"type": "string", "enum": ["oui", "non"], "default": "non"},
}
_DESCRIPTION: Final = (
    "Le dossier brut d'un demandeur, sous les noms de colonnes de Kaggle : les données d'entrée en sont calculées par "
    "le même SQL qu'à l'entraînement, puis évaluées comme par /v1/score. Une table absente est inconnue, une liste "
    "vide dit qu'il n'y a rien."
)
_BATCH_DESCRIPTION: Final = "Jusqu'à {} dossiers bruts par appel ; un dossier fautif n'empêche pas les autres."


def open_dossier_app(settings: Settings) -> FastAPI:
    """Open the bundle and the feature engine, and return the application that answers for dossiers too.

    Raises
    ------
    ContractError
        When the bundle does not hold together, or is not the one expected (``SCR2xx``).
    """
    app = open_app(settings)
    serve_dossiers(app, app.state.routes, settings)
    return app


def serve_dossiers(app: FastAPI, routes: Routes, settings: Settings) -> None:
    """Give the routes of dossiers their addresses."""
    reader = DossierReader(routes.service.contract, routes.reader, settings)
    app.state.dossiers = reader
    dossiers = DossierRoutes(routes, reader, settings)
    app.state.examples.append(dossiers.examples)
    schema = dossier_schema(routes.service.contract, settings, reader.sent_fields)
    one = described("Évaluer un dossier brut", DossierReply, PRINCIPAL_REASONS)
    one["parameters"] += [_VARIABLES]
    serve_post(app, "/v1/dossier", dossiers.score, schema, one | {"description": _DESCRIPTION})
    several = described("Évaluer un lot de dossiers bruts", DossierBatchReply, 0)
    several["parameters"] += [_VARIABLES]
    serve_post(
        app,
        "/v1/dossier/lot",
        dossiers.score_batch,
        dossier_batch_schema(schema, IDENTIFIERS_SCHEMA, settings),
        several | {"description": _BATCH_DESCRIPTION.format(settings.max_dossiers)},
    )
