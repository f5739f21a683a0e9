"""A dossier is read from JSON, from CSV files or from an archive of them, with the types that the API tells."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from delivery.paths import BUNDLE, CLIENTS
from frontend.api.client import ScoringClient, http_client
from frontend.api.in_process import in_process_transport
from frontend.clients.dossier_files import read_dossier_files, types_of
from frontend.clients.sources import ClientSourceError
from frontend.settings import Settings
from tests.builders.demo_clients import number_of

if TYPE_CHECKING:
    from frontend.clients.dossier_files import TypesOfTable

CLIENT = number_of("refused_for_debt")


@pytest.fixture(scope="module")
def client() -> ScoringClient:
    """Return a client of the served application."""
    return ScoringClient(http_client(Settings(), in_process_transport(BUNDLE)))


@pytest.fixture(scope="module")
def types(client: ScoringClient) -> TypesOfTable:
    """Return the types that the served application describes."""
    return types_of(client.description())


@pytest.fixture
def dossier() -> dict[str, Any]:
    """Return the raw tables of a demo client."""
    read: dict[str, Any] = json.loads((CLIENTS / f"{CLIENT}.json").read_text(encoding="utf-8"))["dossier"]
    return read


def as_csv(records: list[dict[str, Any]]) -> bytes:
    """Return records as a CSV file."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(dict.fromkeys(name for one in records for name in one)))
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue().encode()


def csv_files(dossier: dict[str, Any]) -> list[tuple[str, bytes]]:
    """Return a dossier as Kaggle's files."""
    tables = {name: content for name, content in dossier.items() if name != "application"}
    files = [(f"{name}.csv", as_csv(content)) for name, content in tables.items() if content]
    return [("application_train.csv", as_csv([dossier["application"]])), *files]


def test_the_same_dossier_in_every_form_has_the_same_answer(
    client: ScoringClient, types: TypesOfTable, dossier: dict[str, Any]
) -> None:
    """JSON, CSV files and a zip of them come to the same probability, to the last bit."""
    known = {name: content for name, content in dossier.items() if content}
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        for name, content in csv_files(known):
            packed.writestr(f"dossier/{name}", content)
    forms = (
        [("dossier.json", json.dumps(known).encode())],
        csv_files(known),
        [("dossier.zip", archive.getvalue())],
    )

    read = [read_dossier_files(files, types) for files in forms]

    assert {one.number for one in read} == {CLIENT}
    assert len({client.dossier(one.dossier).answer.default_probability for one in read}) == 1


def test_statuses_stay_text(types: TypesOfTable) -> None:
    """A status "0" is a name and no number: the API's description says so."""
    files = [("application.csv", b"SK_ID_CURR\n1\n"), ("bureau_balance.csv", b"SK_ID_BUREAU,STATUS\n5,0\n")]

    assert read_dossier_files(files, types).dossier["bureau_balance"] == [{"SK_ID_BUREAU": 5, "STATUS": "0"}]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([("application.csv", b"SK_ID_CURR\n1\n2\n")], "client.one_application: 2"),
        ([("bureau.csv", b"SK_ID_CURR\n1\n")], "client.one_application: 0"),
        ([("autre.csv", b"a\n1\n")], "client.no_table: autre.csv"),
        ([("application.csv", b"A,B\n1\n")], "client.ragged: application.csv, 2"),
        ([("application.csv", b"A,A\n1,2\n")], "client.ragged: application.csv, 1"),
        ([("application.csv", b"\xff\xfe\x00")], "client.unreadable: application.csv"),
        ([("dossier.zip", b"no archive")], "client.unreadable: dossier.zip"),
        ([("dossier.json", b"[1]")], "client.unreadable: dossier.json"),
    ],
)
def test_what_is_no_dossier_is_named(types: TypesOfTable, files: list[tuple[str, bytes]], told: str) -> None:
    """The file at fault, and the line where there is one, stand in the message."""
    with pytest.raises(ClientSourceError) as failure:
        read_dossier_files(files, types)

    assert told == str(failure.value)


def test_an_api_without_dossiers_has_no_types() -> None:
    """An older API is told apart by its description."""
    older = ScoringClient(
        http_client(Settings(), httpx.MockTransport(lambda _: httpx.Response(200, json={"paths": {}})))
    )

    with pytest.raises(KeyError):
        types_of(older.description())
