"""One rollback moves all: the aliases of both functions, and the registry's to the model that is live again."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest
from moto.server import ThreadedMotoServer

from delivery.mocked_aws import CREDENTIALS, deploy
from delivery.paths import FUNCTIONS, ROOT
from delivery.rollback import record
from delivery.stack import Move, Release, Stack, now
from training.__main__ import main
from training.registry import aliases

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mlflow.tracking import MlflowClient

ENVIRONMENT = "production"


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """Serve two versions of the function with the models 1 and 2, from a mocked AWS that other processes reach."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    httpx.post(f"{address}/moto-api/reset").raise_for_status()
    for name, value in (CREDENTIALS | {"AWS_ENDPOINT_URL": address}).items():
        monkeypatch.setenv(name, value)
    stack = Stack(ENVIRONMENT)
    for model in ("1", "2"):
        (tmp_path / "package" / "bundle").mkdir(parents=True, exist_ok=True)
        (tmp_path / "package" / "bundle" / "contract.json").write_text(model)
        release = deploy(ENVIRONMENT, tmp_path / "package").release
        for function in FUNCTIONS:
            stack.serve(function, release.of(function), reason="deployed")
        found_right = Move("deploy", release.scoring, "", "found right", "tests", now(), model=f"pret:{model}")
        record(stack, replace(found_right, dossier_version=release.dossier))
    yield stack
    server.stop()


def roll_back(**given: str) -> subprocess.CompletedProcess[str]:
    """Run what `make rollback` runs."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"ENVIRONMENT", "REASON", "VERSION", "DOSSIER_VERSION"}
    }
    return subprocess.run(
        [str(ROOT / "scripts" / "rollback")],
        env=environment | given,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_rollback_moves_the_alias_and_the_registry(stack: Stack, client: MlflowClient) -> None:
    """Both name the model before, and both keep the reason."""
    main(["promote", "--version", "1"])
    main(["promote", "--version", "2"])
    done = roll_back(ENVIRONMENT=ENVIRONMENT, REASON="costs rose; $(echo no)")

    assert done.returncode == 0, done.stderr
    assert (stack.live(), aliases.version_of(client, aliases.PRODUCTION)) == (Release("1", "1"), "1")
    assert stack.moves()[-1].reason == aliases.alias_history(client)[-1].reason == "costs rose; $(echo no)"


def test_rollback_without_a_shared_registry_says_so(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """The function comes first: it goes back, and the registry is left to whoever has it."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    done = roll_back(ENVIRONMENT=ENVIRONMENT, REASON="costs rose")

    assert (done.returncode, stack.live()) == (0, Release("1", "1"))
    assert "MLFLOW_TRACKING_URI is not set: the registry's alias stays where it is" in done.stderr


def test_rollback_asks_for_environment_and_reason() -> None:
    """One line each, status 2, before anything is asked of AWS."""
    nowhere, unreasoned = roll_back(REASON="x"), roll_back(ENVIRONMENT=ENVIRONMENT)

    assert (nowhere.returncode, unreasoned.returncode) == (2, 2)
    assert nowhere.stderr == "rollback: ENVIRONMENT is not set; one of dev, staging, production\n"
    assert unreasoned.stderr.startswith("error a rollback needs its reason")
