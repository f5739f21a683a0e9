"""The API served on the loopback, and its description in a file, as generators of clients are given them."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest

from delivery.paths import ROOT
from scoring.dossier.app import open_dossier_app
from scoring.settings import Settings

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
def address() -> Iterator[str]:
    """Serve the API as `make api` does."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "scoring.dossier_handler:app", "--port", str(port)]
    server = subprocess.Popen(
        [*command, "--app-dir", "lambda"], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(address: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310  the loopback
        except urllib.error.URLError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"{address} did not answer")
