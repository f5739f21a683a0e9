"""Clients are looked up in a folder or by an adapter of the lender's own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from frontend.clients.sources import (
    Client,
    ClientFolder,
    ClientName,
    ClientSourceError,
    client_of,
    matching,
    open_source,
)

if TYPE_CHECKING:
    from pathlib import Path

HERE = "tests.unit.frontend.clients.test_sources"
DOSSIER = {"application": {"SK_ID_CURR": 7}}


class Ledger:
    """A lender's own source: two clients in memory."""

    _names = (ClientName("7", "Hélène Roy"), ClientName("71", "Paul Lê"))

    def search(self, text: str) -> tuple[ClientName, ...]:
        """Return who is found."""
        return matching(text, self._names)

    def open(self, number: str) -> Client:
        """Return one client."""
        return Client(number, DOSSIER)


def broken_adapter() -> object:
    """Return what is no source."""
    return object()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a client, and a dossier without one."""
    person = {"nom": "Hélène Roy", "adresse": ["1 rue", "Ville"]}
    (tmp_path / "7.json").write_text(json.dumps({"client": person, "dossier": DOSSIER}), encoding="utf-8")
    (tmp_path / "71.json").write_text(json.dumps(DOSSIER), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("text", "found"), [("", ["7", "71"]), ("7", ["7", "71"]), ("71", ["71"]), ("helène", ["7"])])
def test_a_search_takes_numbers_and_names(folder: Path, text: str, found: list[str]) -> None:
    """The beginning of a number or any part of a name, whatever its accents and capitals."""
    assert found == [one.number for one in ClientFolder(folder).search(text)]


def test_a_client_brings_dossier_name_and_address(folder: Path) -> None:
    """A file holds who the client is beside the raw tables; a dossier alone has its number from its file."""
    source = ClientFolder(folder)

    assert source.open("7") == Client("7", DOSSIER, "Hélène Roy", ("1 rue", "Ville"))
    assert source.open("71") == Client("71", DOSSIER)


def test_a_number_never_leaves_the_folder(folder: Path) -> None:
    """What is typed is compared with what is there, and never made a path of."""
    inside = folder / "inside"
    inside.mkdir()

    with pytest.raises(ClientSourceError, match=r"client\.unknown"):
        ClientFolder(inside).open("../7")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"client": 3, "dossier": {}}'])
def test_a_file_that_is_no_client_is_named(tmp_path: Path, content: str) -> None:
    """One broken file says its name instead of stopping the page with a stack."""
    (tmp_path / "9.json").write_text(content, encoding="utf-8")

    with pytest.raises(ClientSourceError, match=r"client\.unreadable: 9\.json"):
        ClientFolder(tmp_path).search("")


def test_an_adapter_is_named_by_module_and_function() -> None:
    """A lender connects its own system without touching the page."""
    source = open_source(f"{HERE}:Ledger")

    assert [one.number for one in source.search("paul")] == ["71"]


@pytest.mark.parametrize("setting", ["nowhere:at_all", f"{HERE}:absent", f"{HERE}:broken_adapter"])
def test_an_adapter_that_is_none_is_told(setting: str) -> None:
    """A wrong setting is told when it is opened, by its own words."""
    with pytest.raises(ClientSourceError, match=setting):
        open_source(setting)


def test_a_dossier_without_application_is_refused() -> None:
    """Without an application there is nobody to score."""
    with pytest.raises(ValueError, match="no application"):
        client_of({"bureau": []})
