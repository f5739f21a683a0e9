"""The API of the committed bundle on the loopback, served as `make api` serves it."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from delivery.emulator import free_port
from delivery.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TRIES = 300
_PAUSE_SECONDS = 0.2


@contextmanager
def served_api(log: Path) -> Iterator[str]:
    """Give the address of both routes' API until the context ends; what the server says goes to a file."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "scoring.dossier_handler:app", "--port", str(port)]
    with log.open("w") as said:
        server = subprocess.Popen([*command, "--app-dir", "lambda"], cwd=ROOT, stdout=said, stderr=said)
        try:
            _wait_for(f"http://127.0.0.1:{port}/health")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait_for(address: str) -> None:
    for _ in range(_TRIES):
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310  the loopback
        except urllib.error.URLError:
            time.sleep(_PAUSE_SECONDS)
        else:
            return
    pytest.fail(f"{address} did not answer")
