"""The computed parts of ``docs/api.md``: requests with the replies they get, fields and limits (``make golden``)."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from pydantic import BaseModel

from commandline.markdown import table
from delivery.events import golden_applications
from delivery.paths import ROOT
from documents.pages import DOCS
from scoring.bundle import Bundle
from scoring.dossier import reply_schemas as dossier_shapes
from scoring.dossier.app import open_dossier_app
from scoring.http import reply_schemas
from scoring.settings import Settings
from training.bundle.readable_dossier import readable_dossier, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic.fields import FieldInfo

PAGE = DOCS / "api.md"
# What no two replies share, or no two machines.
VOLATILE = {"horodatage": "2026-01-15T09:30:00.000+00:00", "latence_ms": 0.8, "id_requete": "a1b2c3d4-…"}
_SHAPES = (
    dossier_shapes.DossierReply,
    dossier_shapes.HistoryReply,
    dossier_shapes.RemarkReply,
    dossier_shapes.DossierBatchReply,
    dossier_shapes.ScoredDossier,
    reply_schemas.ScoreReply,
    reply_schemas.LocalExplanation,
    reply_schemas.HumanReview,
    reply_schemas.Signal,
    reply_schemas.Meta,
    reply_schemas.BatchReply,
    reply_schemas.ScoredRow,
    reply_schemas.RefusedRow,
    reply_schemas.BatchCounts,
    reply_schemas.LeversReply,
    reply_schemas.LeverProposal,
    reply_schemas.Change,
    reply_schemas.ModelReply,
    reply_schemas.RuleReply,
    reply_schemas.Limits,
    reply_schemas.Problem,
    reply_schemas.FieldProblemReply,
)


def regions(bundle: Path) -> dict[str, str]:
    """Return the content of each computed region of the page."""
    ask = asker(bundle)
    application = refused_with_a_way_out(bundle)
    amiss = application | {"AMT_CREDIT": "1640450", "DAYS_BIRTH": 40, "AGE": 25}
    batch = {"demandes": [application, {"AMT_CREDIT": 250_000}]}
    dossier = readable_dossier(Bundle.open(bundle))
    return {
        "dossier": f"```json\n{written(dossier)}\n```",
        "historiques": _block({"historiques": ask("/v1/dossier", dossier)["historiques"]}),
        "demande": _block(application),
        "score": _block(ask("/v1/score", application)),
        "lot": _block(ask("/v1/score/batch", batch)),
        "leviers": _block(ask("/v1/leviers", application)),
        "probleme": _block(ask("/v1/score", amiss)),
        "modele": _block(ask("/v1/model", None)),
        "champs": _fields(),
        "reglages": _settings(),
    }


def refused_with_a_way_out(bundle: Path) -> dict[str, Any]:
    """Return the first golden application that is refused and has proposals, without its absent values."""
    ask = asker(bundle)
    golden = golden_applications(bundle)
    for one in golden[2:]:
        application = {name: value for name, value in one["application"].items() if value is not None}
        if ask("/v1/leviers", application)["propositions"]:
            return application
    raise RuntimeError("no golden application is refused with a way out; export the bundle from more data")


def asker(bundle: Path) -> Callable[[str, object], dict[str, Any]]:
    """Return what sends a body, or None for a GET, to the application in this process."""
    transport = httpx.ASGITransport(open_dossier_app(Settings(bundle_dir=bundle)))

    async def exchange(address: str, content: object) -> Any:  # noqa: ANN401  JSON
        async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
            reply = await (client.get(address) if content is None else client.post(address, json=content))
            return _steady(reply.json())

    return lambda address, content: dict(asyncio.run(exchange(address, content)))


def _steady(reply: Any) -> Any:  # noqa: ANN401  JSON
    """Replace what changes from call to call."""
    if isinstance(reply, dict):
        return {name: VOLATILE.get(name, _steady(value)) for name, value in reply.items()}
    return [_steady(one) for one in reply] if isinstance(reply, list) else reply


def _block(content: object) -> str:
    return f"```json\n{json.dumps(content, ensure_ascii=False, indent=1)}\n```"


def _fields() -> str:
    """Return one table a shape: field, type and meaning."""
    return "\n\n".join(_shape(shape) for shape in _SHAPES)


def _shape(shape: type[BaseModel]) -> str:
    rows = [
        [f"`{name}`", _type(shape, name), field.description or _meaning(field)]
        for name, field in shape.model_fields.items()
    ]
    summary = (shape.__doc__ or "").splitlines()[0]
    return f"#### `{shape.__name__}`\n\n{summary}\n\n{table(['champ', 'type', 'sens'], rows, rule='---')}"


def _type(shape: type[BaseModel], name: str) -> str:
    """Return the JSON type of a field, as OpenAPI says it."""
    schema = shape.model_json_schema()["properties"][name]
    choices = schema.get("anyOf", [schema])
    return " ou ".join(_one_type(one) for one in choices)


def _one_type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return f"`{schema['$ref'].rpartition('/')[2]}`"
    if "enum" in schema:
        return " / ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    names = {
        "number": "nombre",
        "integer": "entier",
        "string": "texte",
        "boolean": "booléen",
        "array": "liste",
        "object": "objet",
        "null": "null",
    }
    return names.get(schema.get("type", ""), "valeur JSON")


def _meaning(field: FieldInfo) -> str:
    """Return the sentence of the shape a field holds, where it has none of its own."""
    shape = field.annotation
    if isinstance(shape, type) and issubclass(shape, BaseModel) and shape.__doc__:
        return shape.__doc__.splitlines()[0]
    return "–"


def _settings() -> str:
    rows = [[f"`{name.upper()}`", f"`{_said(field.default)}`"] for name, field in Settings.model_fields.items()]
    return table(["variable", "valeur par défaut"], rows, rule="---")


def _said(default: object) -> str:
    if isinstance(default, Path):
        return default.relative_to(ROOT).as_posix()
    return "" if default is None else str(default)
