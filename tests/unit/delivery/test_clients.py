"""The demo clients are the golden dossiers of the committed bundle, and nobody's names."""

from __future__ import annotations

import json

from delivery.clients import client_text, demo_clients
from delivery.events import golden_dossiers
from delivery.paths import BUNDLE, CLIENTS


def test_client_files_match_the_bundle() -> None:
    """A retrained bundle has other golden dossiers: its demo clients are written with it (`make golden`)."""
    files = {path.name: path.read_text(encoding="utf-8") for path in CLIENTS.glob("*.json")}

    assert {name: client_text(client) for name, client in demo_clients(BUNDLE).items()} == files


def test_a_file_keeps_its_dossier() -> None:
    """Written a record a line, a dossier is still the golden one."""
    read = [json.loads(client_text(one))["dossier"] for one in demo_clients(BUNDLE).values()]

    assert read == [one["dossier"] for one in golden_dossiers(BUNDLE)]


def test_no_two_clients_share_a_name() -> None:
    """A search by name finds one person."""
    names = [one["client"]["nom"] for one in demo_clients(BUNDLE).values()]

    assert len(set(names)) == len(names)
