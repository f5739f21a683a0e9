"""Clients that generators write from the description: they import or compile, and documented examples round-trip."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from delivery.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e
PROGRAMS = ROOT / "scripts" / "clients"
TOOLS = ROOT / ".venv-clients" / "bin"
ROUND_TRIPS = {f"{path} same" for path in ("/v1/score", "/v1/score/batch", "/v1/leviers", "/v1/dossier")}
needs_generators = pytest.mark.skipif(not TOOLS.is_dir(), reason="make .venv-clients/.ready has not been run")


def run(*command: str | Path) -> str:
    """Run a program and return what it prints; what it says is shown where it fails."""
    done = subprocess.run(list(map(str, command)), cwd=ROOT, capture_output=True, text=True, check=False, timeout=500)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@needs_generators
def test_openapi_python_client_round_trips(description: Path, address: str, tmp_path: Path) -> None:
    """Its functions carry the names of the operations; each example gets the reply beside it, a refusal its code."""
    package = tmp_path / "client"
    run(TOOLS / "openapi-python-client", "generate", "--path", description, "--output-path", package, "--meta", "none")
    told = run(TOOLS / "python", PROGRAMS / "openapi_python_client.py", tmp_path, description, address)

    assert set(told.splitlines()) == ROUND_TRIPS | {"refusal SCR102", "health ok", "model, contract, evidence read"}


@needs_generators
@pytest.mark.skipif(shutil.which("java") is None, reason="the generator is a Java program")
def test_openapi_generator_round_trips(description: Path, address: str, tmp_path: Path) -> None:
    """The most used generator, whose client checks what it sends and reads by pydantic models of its own."""
    run(TOOLS / "openapi-generator-cli", "generate", "-g", "python", "-i", description, "-o", tmp_path)
    told = run(TOOLS / "python", PROGRAMS / "openapi_generator.py", tmp_path, description, address)

    assert set(told.splitlines()) == ROUND_TRIPS | {"refusal SCR102", "health ok", "model, contract, evidence read"}


@pytest.mark.skipif(shutil.which("npm") is None, reason="node and npm are needed")
def test_typescript_client_compiles_and_round_trips(description: Path, address: str, tmp_path: Path) -> None:
    """Types generated from the description compile in strict mode, and the client that is typed by them asks."""
    told = run(ROOT / "scripts" / "typescript-client", description, tmp_path / "client", address)

    assert set(told.splitlines()) == ROUND_TRIPS | {"refusal SCR102"}
