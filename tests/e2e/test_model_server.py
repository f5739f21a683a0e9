"""`mlflow models serve` on a registered version answers as the Lambda handler does, class included."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from scoring.bundle import Bundle
from scoring.contract import PARITY_FILE
from training.bundle.export import MODEL_NAME
from training.registry import aliases, runs, store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.e2e
PATIENCE_SECONDS = 120
BIN = Path(sys.executable).parent
ASK_THE_HANDLER = """
import asyncio, contextlib, io, json, sys
asyncio.set_event_loop(asyncio.new_event_loop())
from scoring.handler import handler
answers = []
for event in json.load(sys.stdin):
    with contextlib.redirect_stdout(io.StringIO()):
        answers.append(json.loads(handler(event, None)["body"]))
print(json.dumps(answers))
"""


@pytest.fixture(scope="module")
def environment(bundle_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Register the bundle in a store of its own; return the environment that finds it."""
    folder = tmp_path_factory.mktemp("served")
    uri = f"sqlite:///{folder / 'mlflow.db'}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_URI", uri)
        with runs.tracked_run({"effort": "test"}, {"files": []}):
            client = store.open_store()
            version = runs.register_bundle(client, Bundle.open(bundle_dir), {})
            aliases.move_alias(client, aliases.PRODUCTION, version, action="promote", reason="test")
    return os.environ | {"MLFLOW_TRACKING_URI": uri, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}


@pytest.fixture(scope="module")
def server(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the version in production as anybody would, in this environment, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("log") / "serve.log"
    model = f"models:/{MODEL_NAME}@{aliases.PRODUCTION}"
    command = [str(BIN / "mlflow"), "models", "serve", "-m", model, "--env-manager", "local", "-p", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--workers", "1"], env=environment, stdout=output, stderr=output, start_new_session=True
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/ping", process, log)
        yield f"http://127.0.0.1:{port}/invocations"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server answers; a server that ends, or never answers, fails with its log."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(address, timeout=2).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.5)
    pytest.fail(f"the model server does not answer: {log.read_text('utf-8')[-2000:]}")


@pytest.fixture(scope="module")
def applications(bundle_dir: Path) -> list[dict[str, Any]]:
    """Return the golden applications."""
    golden = json.loads((bundle_dir / PARITY_FILE).read_text("utf-8"))["applications"]
    return [one["application"] for one in golden]


@pytest.fixture(scope="module")
def lambda_answers(
    bundle_dir: Path, applications: list[dict[str, Any]], http_event: Callable[..., dict[str, object]]
) -> list[dict[str, Any]]:
    """Return what the Lambda handler answers to each, in a process of its own."""
    events = [http_event("POST", "/v1/score", json.dumps(one)) for one in applications]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASK_THE_HANDLER],
        input=json.dumps(events),
        env=os.environ | {"BUNDLE_DIR": str(bundle_dir)},
        capture_output=True,
        text=True,
        check=True,
    )
    answers: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])  # the audit log comes before
    return answers


def ask(server: str, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Send records to the model server."""
    answer = httpx.post(server, json={"dataframe_records": records}, timeout=60)
    assert answer.status_code == 200, answer.text
    predictions: list[dict[str, Any]] = answer.json()["predictions"]
    return predictions


def test_model_server_answers_as_the_lambda(
    server: str, applications: list[dict[str, Any]], lambda_answers: list[dict[str, Any]]
) -> None:
    """Probability and class of every golden application are the handler's."""
    names = {name for one in applications for name in one}
    served = ask(server, [dict.fromkeys(names) | one for one in applications])

    assert [one["classe"] for one in served] == [one["classe"] for one in lambda_answers]
    assert [one["probabilite_de_defaut"] for one in served] == pytest.approx(
        [one["probabilite_de_defaut"] for one in lambda_answers], abs=1e-12
    )


def test_model_server_refuses_at_the_business_threshold(
    server: str, applications: list[dict[str, Any]], bundle_dir: Path
) -> None:
    """Among the answers are refusals below one half: a silent 0.5 would have accepted them."""
    threshold = Bundle.open(bundle_dir).contract.decision.threshold
    served = ask(server, applications[2:])

    assert any(threshold <= one["probabilite_de_defaut"] < 0.5 for one in served)
    assert [one["classe"] == "refuse" for one in served] == [
        one["probabilite_de_defaut"] >= threshold for one in served
    ]


def test_model_server_takes_an_application_without_optional_values(
    server: str, applications: list[dict[str, Any]]
) -> None:
    """What the contract does not require may be left out here as well."""
    (answer,) = ask(server, applications[:1])

    assert 0 <= answer["probabilite_de_defaut"] <= 1
