"""A dossier from files: JSON as the API takes it, or the tables as CSV, one by one or zipped."""

from __future__ import annotations

import csv
import io
import json
import math
import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from frontend.clients.sources import Client, ClientSourceError, client_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

type NamedFile = tuple[str, bytes]
type TypesOfTable = Mapping[str, Mapping[str, str]]

APPLICATION = "application"
# As Kaggle names the file of the applications.
_APPLICATION_FILES = {"application", "application_train", "application_test"}
# What is unpacked of a dropped archive: a dossier is a few hundred lines.
MOST_BYTES = 20_000_000
_TEXT, _WHOLE = "string", "integer"


def types_of(openapi: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return the type of each column of each table, out of the API's own description."""
    schema = openapi["paths"]["/v1/dossier"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    schema = _resolved(schema, openapi)
    return {
        name: {column: _type(told) for column, told in table.get("items", table)["properties"].items()}
        for name, table in schema["properties"].items()
    }


def read_dossier_files(files: Iterable[NamedFile], types: TypesOfTable) -> Client:
    """Return the client whose dossier some files hold.

    A table without a file is unknown, a file without a line says that there is nothing.

    Raises
    ------
    ClientSourceError
        When a file is none of a dossier, or the application is missing or not alone.
    """
    parts = [part for name, content in files for part in _unpacked(name, content)]
    as_json = [content for name, content in parts if name.lower().endswith(".json")]
    if len(parts) == 1 and as_json:
        return _from_json(parts[0])
    tables: dict[str, Any] = {}
    for name, content in parts:
        table = _table_of(name)
        if table not in types or table in tables:
            raise ClientSourceError("client.no_table", name)
        tables[table] = _records(name, content, types[table])
    applications = tables.get(APPLICATION, [])
    if len(applications) != 1:
        raise ClientSourceError("client.one_application", str(len(applications)))
    return client_of({**tables, APPLICATION: applications[0]})


def _from_json(file: NamedFile) -> Client:
    name, content = file
    try:
        return client_of(json.loads(content))
    except ValueError as error:
        raise ClientSourceError("client.unreadable", name) from error


def _unpacked(name: str, content: bytes) -> list[NamedFile]:
    """Return the files of an archive, or the file itself."""
    if not name.lower().endswith(".zip"):
        return [(name, content)]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = [one for one in archive.infolist() if one.filename.lower().endswith((".csv", ".json"))]
            if sum(one.file_size for one in inside) > MOST_BYTES:
                raise ClientSourceError("client.too_large", name)
            return [(one.filename, archive.read(one)) for one in inside]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise ClientSourceError("client.unreadable", name) from error


def _table_of(name: str) -> str:
    stem = PurePosixPath(name).stem
    return APPLICATION if stem in _APPLICATION_FILES else stem


def _records(name: str, content: bytes, types: Mapping[str, str]) -> list[dict[str, Any]]:
    try:
        text = content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ClientSourceError("client.unreadable", name) from error
    header, *lines = rows or [[]]
    filled = [(place, line) for place, line in enumerate(lines, start=2) if any(line)]
    ragged = [place for place, line in filled if len(line) != len(header)]
    if ragged or len(set(header)) != len(header):
        raise ClientSourceError("client.ragged", f"{name}, {ragged[0] if ragged else 1}")
    return [
        {column: _value(cell, types.get(column, "")) for column, cell in zip(header, line, strict=True)}
        for _, line in filled
    ]


def _value(cell: str, kind: str) -> float | int | str | None:
    """Return a cell as JSON writes it: what is no number of a column of numbers is left for the API to refuse."""
    if not cell:
        return None
    if kind == _TEXT:
        return cell
    try:
        found = float(cell)
    except ValueError:
        return cell
    if not math.isfinite(found):
        return None
    return int(found) if kind == _WHOLE and found.is_integer() else found


def _type(column: Mapping[str, Any]) -> str:
    """Return the JSON type of a column, null left aside; a list of values is text."""
    if "enum" in column:
        return _TEXT
    told = column.get("type", "")
    kinds = [told] if isinstance(told, str) else list(told)
    return next((one for one in kinds if one != "null"), "")


def _resolved(schema: Mapping[str, Any], openapi: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = schema.get("$ref")
    if not reference:
        return schema
    found: Any = openapi
    for part in str(reference).removeprefix("#/").split("/"):
        found = found[part]
    resolved: Mapping[str, Any] = found
    return resolved
