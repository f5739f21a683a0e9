"""The JSON schema of a raw dossier, out of the declarations of the tables; for OpenAPI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from features.dossier import APPLICATION
from features.sql import KEY
from features.tables import HISTORY_TABLES, LARGEST_INTEGER, load_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.tables import Column, Table
    from scoring.contract import Contract
    from scoring.policy import PolicyField
    from scoring.settings import Settings

type Schema = dict[str, Any]


def dossier_schema(contract: Contract, settings: Settings, policy_fields: Sequence[PolicyField] = ()) -> Schema:
    """Return what a dossier may hold.

    Bounds of the application are the contract's. Values of a history that lie outside their range are no error.

    Parameters
    ----------
    policy_fields
        Fields of the lender's rules that stand beside the columns of the application.
    """
    closed = settings.unknown_fields == "refuse"
    required = [item.name for item in contract.inputs if item.required and item.table == APPLICATION]
    application = _record(load_table(APPLICATION), required, closed=closed)
    for item in contract.inputs:
        if item.required and item.table == APPLICATION:
            application["properties"][item.name]["type"] = _kind(load_table(APPLICATION).column(item.name))
    for field in policy_fields:
        bounds = {"minimum": field.minimum, "maximum": field.maximum}
        application["properties"][field.name] = {"type": ["number", "null"], "description": field.label.fr, **bounds}
    properties: Schema = {APPLICATION: application | {"description": "La demande, sous les noms de Kaggle."}}
    for name in HISTORY_TABLES:
        table = load_table(name)
        keys = [key for key in table.key_columns if key != KEY]
        properties[name] = {
            "type": "array",
            "maxItems": settings.max_records,
            "description": "Absente : on n'en sait rien. [] : il n'y a rien.",
            "items": _record(table, keys, closed=closed),
        }
    return {
        "type": "object",
        "title": "Dossier brut",
        "required": [APPLICATION],
        "additionalProperties": False,
        "properties": properties,
    }


def dossier_batch_schema(dossier: Schema, identifiers: Schema, settings: Settings) -> Schema:
    """Return what a batch of dossiers may hold; `identifiers` is the schema of the applicants' own."""
    dossiers = {"type": "array", "minItems": 1, "maxItems": settings.max_dossiers, "items": dossier}
    return {
        "type": "object",
        "title": "Lot de dossiers bruts",
        "required": ["dossiers"],
        "additionalProperties": False,
        "properties": {"dossiers": dossiers, "identifiants": identifiers},
    }


def _record(table: Table, required: list[str], *, closed: bool) -> Schema:
    schema: Schema = {
        "type": "object",
        "additionalProperties": not closed,
        "properties": {column.name: _column(column, required=column.name in required) for column in table.columns},
    }
    return schema | ({"required": required} if required else {})


def _column(column: Column, *, required: bool) -> Schema:
    if column.type == "category":
        values: list[str | None] = list(column.categories)
        return {"enum": values if required else [*values, None]}
    kind = _kind(column)
    bounds = {"minimum": -LARGEST_INTEGER, "maximum": LARGEST_INTEGER} if column.type == "integer" else {}
    return {"type": kind if required else [kind, "null"], **bounds}


def _kind(column: Column) -> str:
    return "string" if column.type == "category" else column.type
