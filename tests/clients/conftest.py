"""The API served on the loopback, and its description in a file, as generators of clients are given them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from scoring.dossier.app import open_dossier_app
from scoring.settings import Settings
from tests.builders.local_api import served_api

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def description(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of the description of the committed bundle."""
    path = tmp_path_factory.mktemp("description") / "openapi.json"
    path.write_text(json.dumps(open_dossier_app(Settings()).openapi()), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the API as `make api` does."""
    with served_api(tmp_path_factory.mktemp("server") / "server.log") as found:
        yield found
