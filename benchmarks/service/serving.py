"""One trained model behind three services over loopback: ours, ``mlflow models serve``, and the usual way.

A model of the served one's kind and size is trained here, exported, registered, and saved as notebooks save models.
All three then answer the same applications, one after the other, in turns; their answers must be the same. MLflow
gives no reasons, the other two do.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import joblib
import numpy as np

from benchmarks.learning.models import SEED
from benchmarks.service.turns import alternate
from benchmarks.service.usual_service import UsualModel, fitted_encoder
from delivery.emulator import LOOPBACK, free_port
from delivery.errors import DeliveryError
from delivery.events import golden_applications
from delivery.paths import ROOM, ROOT
from scoring.bundle import Bundle
from training.bundle.export import MODEL_NAME, Taught, write_bundle
from training.candidates.gradient_boosting import BoostedTrees
from training.commands.arguments import DEFAULT_CACHE
from training.features.learning_data import read_learning_data
from training.population.drawing.generate import Plan, generate
from training.population.drawing.profile import load_profile
from training.registry import runs, store
from training.selection.effort import EFFORTS, Effort
from training.selection.pipeline import train_model

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from benchmarks.service.turns import Contender
    from training.candidates import Candidate
    from training.selection.pipeline import TrainedModel

APPLICATIONS = 8_000
INPUTS = 40
CALLS = 400
CALLS_A_TURN = 10
START_SECONDS = 120
LONGEST_LIFE_SECONDS = 900
TOLERANCE = 1e-6


class TreesAlone(Effort):
    """A run in which boosted trees have no competitor: shap explains trees."""

    def candidates(self, *, seed: int) -> list[Candidate]:
        """Return the trees."""
        return [self.boosted_trees(seed=seed)]


def measure_serving(*, applications: int = APPLICATIONS, calls: int = CALLS) -> dict[str, Any]:
    """Time one answer of each service; milliseconds, resident MiB, and seconds from the start to the first answer.

    Raises
    ------
    DeliveryError
        When a service does not start, or answers something else than the others.
    """
    with tempfile.TemporaryDirectory() as work, _no_proxy():
        folder = Path(work)
        bundle = _trained_everywhere(folder, applications)
        sent = [one["application"] for one in golden_applications(bundle)]
        with contextlib.ExitStack() as stack:
            services = _services(folder, bundle)
            for service in services.values():  # one after the other: each has the machine while it starts
                stack.enter_context(service).first_answer(_body(service.path, sent[0]))
            _check_agreement(services, sent)
            contenders = {name: _contender(service, sent) for name, service in services.items()}
            times = alternate(contenders, n_turns=max(1, calls // CALLS_A_TURN), calls_a_turn=CALLS_A_TURN)
            figures = {name: _figures(service, times[name]) for name, service in services.items()}
    return {
        "calls": len(times["ours"]),
        "n_inputs": INPUTS,
        **figures,
        "times_faster_than_mlflow": figures["mlflow"]["p50_ms"] / figures["ours"]["p50_ms"],
        "times_faster_than_usual_way": figures["usual_way"]["p50_ms"] / figures["ours"]["p50_ms"],
    }


def _trained_everywhere(folder: Path, applications: int) -> Path:
    """Train, export, register and pickle one model; return the bundle."""
    tables = folder / "data"
    tables.mkdir()
    generate(load_profile(), Plan(applications, SEED), tables, "parquet")
    learning = read_learning_data(tables, DEFAULT_CACHE)
    data, alone = learning.applications, TreesAlone(EFFORTS["quick"].n_folds, (INPUTS,))
    trained = train_model(data, learning.space, alone, seed=SEED, say=lambda _: None)
    os.environ["MLFLOW_TRACKING_URI"] = f"sqlite:///{folder / 'mlflow.db'}"
    made = folder / "bundle"
    with runs.tracked_run({}, {}) as run_id:
        write_bundle(made, trained, data, other_data={}, taught=Taught(run_id, learning.table.fingerprint))
        bundle = Bundle.open(made)
        runs.register_bundle(store.open_store(), bundle, bundle.golden[0]["application"])
    joblib.dump(_usual_model(trained, bundle), folder / "model.joblib")
    return made


def _usual_model(trained: TrainedModel, bundle: Bundle) -> UsualModel:
    contract, fitted = bundle.contract, trained.fitted
    completion = trained.space.completion
    if not isinstance(fitted, BoostedTrees) or completion is None:
        raise TypeError("shap's TreeExplainer needs trees, over rows made whole")
    return UsualModel(
        inputs=trained.space.input_names,
        categories=tuple(item.name for item in contract.inputs if item.kind == "category"),
        encoder=fitted_encoder(contract.inputs),
        completion=completion,
        features=dict(zip(trained.space.feature_names, trained.space.nodes, strict=True)),
        booster=fitted.booster,
        calibration=trained.calibration,
        threshold=contract.decision.threshold,
    )


class Service:
    """A server on loopback, started and stopped by a context; asked over one kept connection."""

    def __init__(self, command: list[str], *, path: str, port: int, environment: dict[str, str]) -> None:
        self._command = ["timeout", str(LONGEST_LIFE_SECONDS), *command]
        # MLflow finds uvicorn on the path.
        programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        self._environment = os.environ | environment | {"PATH": programs}
        self.path = path
        self._connection = http.client.HTTPConnection(LOOPBACK, port, timeout=60)
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  closed by __exit__
        self.start_seconds = 0.0

    def __enter__(self) -> Self:
        """Start the server."""
        self._started = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603  the project's own commands
            self._command,
            cwd=ROOT,
            env=self._environment,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop the server and whatever it started."""
        self._connection.close()
        with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._log.close()

    def ask(self, body: bytes) -> dict[str, Any]:
        """Return the answer to a body."""
        try:
            status, content = self._exchange(body)
        except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
            self._connection.close()  # the server closed it while the others had their turn
            status, content = self._exchange(body)
        if status != http.client.OK:
            raise DeliveryError(f"{self.path} answered {status}: {content[:500]!r}")
        return dict(json.loads(content))

    def _exchange(self, body: bytes) -> tuple[int, bytes]:
        self._connection.request("POST", self.path, body, {"Content-Type": "application/json"})
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def first_answer(self, body: bytes) -> None:
        """Wait for the first answer, and keep how long that took."""
        while True:
            try:
                self.ask(body)
            except OSError:
                self._connection.close()
                if self._process.poll() is not None or time.monotonic() - self._started > START_SECONDS:
                    raise DeliveryError(f"{self._command[1:4]} did not start:\n{self._read_log()}") from None
                time.sleep(0.02)
            else:
                self.start_seconds = time.monotonic() - self._started
                return

    def _read_log(self) -> str:
        self._log.seek(0)
        return self._log.read().decode(errors="replace")[-2000:]

    def resident_mib(self) -> float:
        """Return the resident memory of the server with all of its processes."""
        return sum(_resident_kibibytes(process) for process in _group(self._process.pid)) / 1024


def _services(folder: Path, bundle: Path) -> dict[str, Service]:
    ports = {name: free_port() for name in ("ours", "mlflow", "usual_way")}
    python = [sys.executable, "-m"]
    ours = [*python, "uvicorn", "scoring.handler:app", "--app-dir", str(ROOM), "--log-level", "warning"]
    mlflow = [*python, "mlflow", "models", "serve", "-m", f"models:/{MODEL_NAME}/1", "--env-manager", "local"]
    usual = [*python, "benchmarks.service.usual_service", str(folder / "model.joblib"), str(ports["usual_way"])]
    where = {name: ["--host", LOOPBACK, "--port", str(port)] for name, port in ports.items()}
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return {
        "ours": Service(
            [*ours, *where["ours"]],
            path="/v1/score",
            port=ports["ours"],
            environment=one_thread | {"BUNDLE_DIR": str(bundle)},
        ),
        "mlflow": Service(
            [*mlflow, *where["mlflow"], "--workers", "1"],
            path="/invocations",
            port=ports["mlflow"],
            environment=one_thread | {"DISABLE_NGINX": "true"},
        ),
        "usual_way": Service(usual, path="/score", port=ports["usual_way"], environment=one_thread),
    }


def _body(path: str, application: dict[str, Any]) -> bytes:
    content = {"dataframe_records": [application]} if path == "/invocations" else application
    return json.dumps(content).encode()


def _check_agreement(services: dict[str, Service], sent: list[dict[str, Any]]) -> None:
    for application in sent:
        found = {name: service.ask(_body(service.path, application)) for name, service in services.items()}
        answers = {name: answer.get("predictions", [answer])[0] for name, answer in found.items()}
        probabilities = [one["probabilite_de_defaut"] for one in answers.values()]
        if np.ptp(probabilities) > TOLERANCE or len({one["classe"] for one in answers.values()}) > 1:
            raise DeliveryError(f"the services do not serve the same model: {answers}")


def _contender(service: Service, sent: list[dict[str, Any]]) -> Contender:
    bodies = [_body(service.path, application) for application in sent]
    return lambda index: service.ask(bodies[index % len(bodies)])


def _figures(service: Service, times: list[float]) -> dict[str, float]:
    return {
        "p50_ms": float(np.percentile(times, 50)),
        "p99_ms": float(np.percentile(times, 99)),
        "resident_mib": service.resident_mib(),
        "start_seconds": service.start_seconds,
    }


def _group(leader: int) -> Iterator[Path]:
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.getpgid(int(process.name)) == leader:
                yield process


def _resident_kibibytes(process: Path) -> int:
    with contextlib.suppress(OSError):
        for line in (process / "status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1])
    return 0


@contextlib.contextmanager
def _no_proxy() -> Iterator[None]:
    """Keep MLflow's client from asking a proxy for loopback."""
    os.environ["NO_PROXY"] = LOOPBACK
    yield
