"""The Lambda runtime interface emulator: runs the built package here as Lambda runs it, without a container.

The emulator comes with the SAM CLI, the runtime interface client is the one of the Lambda image. The interpreter sees
the package, the client and the standard library, so a dependency that was not packaged is missed here too.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from delivery.errors import DeliveryError
from delivery.package import function_of
from delivery.paths import PACKAGE, ROOT, RUNTIME_CLIENT
from delivery.template import function_environment, function_properties

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from delivery.events import Event

LOOPBACK = "127.0.0.1"
INVOCATIONS = "2015-03-31/functions/function/invocations"
# The interpreter that the environment was made from: it has no site-packages of the project.
INTERPRETER = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
ALONE = ("-S", "-s", "-P", "-B")
_EMULATOR = "lib/python3.12/site-packages/samcli/local/rapid/aws-lambda-rie-x86_64"
_START_SECONDS = 10
_STOP_SECONDS = 10
_ANSWER_SECONDS = 60
_LONGEST_LIFE_SECONDS = 1800


class Emulator:
    """One running package; a context manager that stops it.

    Parameters
    ----------
    package
        Folder of the built package.
    environment
        Variables beyond those of the template.
    """

    def __init__(self, package: Path = PACKAGE, *, environment: Mapping[str, str] | None = None) -> None:
        self._package = _existing(package, "make package")
        self._handler = str(function_properties(function_of(package))["Handler"])
        self._environment = package_environment(package, RUNTIME_CLIENT) | dict(environment or {})
        self._port = free_port()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  closed by __exit__
        self._process: subprocess.Popen[bytes] | None = None
        # Lambda gives one instance one request at a time; the emulator panics on a second one (AlreadyReserved).
        self._turn = threading.Lock()

    def __enter__(self) -> Self:
        """Start the emulator; the function itself starts with the first invocation."""
        self._process = subprocess.Popen(  # noqa: S603  the project's own command
            self._command(),
            cwd=self._package,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._wait_until_it_listens()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop the emulator and the function with it."""
        self._stop()
        self._log.close()

    def _command(self) -> list[str]:
        emulator = _existing(ROOT / ".venv-sam" / _EMULATOR, "make .venv-sam/.ready")
        _existing(RUNTIME_CLIENT, "make build/ric/.ready")
        addresses = ["--runtime-interface-emulator-address", f"{LOOPBACK}:{self._port}"]
        addresses += ["--runtime-api-address", f"{LOOPBACK}:{free_port()}"]
        function = [
            str(INTERPRETER),
            *ALONE,
            "-m",
            "awslambdaric",
            self._handler,
        ]
        # A test run that is killed cannot stop what it started.
        return ["timeout", str(_LONGEST_LIFE_SECONDS), str(emulator), *addresses, *function]

    def _wait_until_it_listens(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            try:
                socket.create_connection((LOOPBACK, self._port), timeout=1).close()
            except OSError:
                time.sleep(0.01)
            else:
                return
        log = self.log()
        self._stop()
        raise DeliveryError(f"the emulator did not listen within {_START_SECONDS} s:\n{log}")

    def _stop(self) -> None:
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def invoke(self, event: Event) -> dict[str, Any]:
        """Return what the function answers to an event: a reply, or ``errorType`` and ``errorMessage``.

        Callers of several threads wait for their turn.
        """
        request = urllib.request.Request(
            f"http://{LOOPBACK}:{self._port}/{INVOCATIONS}", data=json.dumps(event).encode(), method="POST"
        )
        try:
            with self._turn, urllib.request.urlopen(request, timeout=_ANSWER_SECONDS) as answer:  # noqa: S310  loopback
                return dict(json.load(answer))
        except urllib.error.HTTPError as refusal:  # 502: the function did not start, and its error is the body
            return dict(json.load(refusal))

    def log(self) -> str:
        """Return what the emulator and the function have written so far."""
        self._log.flush()
        written = self._log.fileno()
        return os.pread(written, os.fstat(written).st_size, 0).decode(errors="replace")


def package_environment(package: Path, *beside: Path) -> dict[str, str]:
    """Return the environment of an interpreter that sees a package, what is beside it and its function's variables."""
    function = function_of(package)
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join(map(str, (package, *beside))),
        "AWS_LAMBDA_FUNCTION_NAME": function,
        **function_environment(function),
        # There is no Secrets Manager here: what is hashed under this key is nobody's.
        "AUDIT_HASH_SECRET": "",
        "AUDIT_HASH_KEY": "key-of-the-emulator",
    }


def _existing(path: Path, remedy: str) -> Path:
    if not path.exists():
        raise DeliveryError(f"{path} is absent; run `{remedy}`")
    return path


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.create_server((LOOPBACK, 0)) as server:
        return int(server.getsockname()[1])
