"""Cold start: from the start of the process to the first answer of the built package.

Beside it, in alternating runs: an interpreter that only imports the package's heavy libraries, which is the floor.
Of either function: the one for applications, and the one for dossiers, which plans the feature SQL as it starts.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.programs import PEAK_MEMORY_MIB, run_in_package
from delivery.emulator import ALONE, INTERPRETER, Emulator, package_environment
from delivery.errors import DeliveryError
from delivery.paths import DOSSIER_PACKAGE, EVENTS, PACKAGE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RUNS = 15
EVENT = EVENTS / "score_rest.json"


@dataclass(frozen=True, slots=True)
class Start:
    """What a function begins with.

    Attributes
    ----------
    handler
        Module of its handler.
    libraries
        The heavy ones that this imports.
    event
        File of the event that it answers first.
    """

    handler: str
    libraries: str
    event: Path

    @property
    def first_answer(self) -> str:
        """A program that answers the event it reads, and says the status and its peak memory in MiB."""
        return f"""
import json, sys
from {self.handler} import handler
print(handler(json.load(sys.stdin), None)["statusCode"])
print({PEAK_MEMORY_MIB})
"""

    @property
    def libraries_alone(self) -> str:
        """A program that only imports the libraries."""
        return f"import {self.libraries}\nprint(200)\n"


APPLICATIONS = Start("scoring.handler", "numpy, onnxruntime, fastapi", EVENT)
DOSSIERS = Start("scoring.dossier_handler", "numpy, onnxruntime, fastapi, duckdb", EVENTS / "dossier_rest.json")


def measure_cold_start(package: Path = PACKAGE, *, runs: int = RUNS) -> dict[str, Any]:
    """Time the first answer of the function for applications; see `measure_start`."""
    return measure_start(APPLICATIONS, package, runs=runs)


def measure_dossier_cold_start(package: Path = DOSSIER_PACKAGE, *, runs: int = RUNS) -> dict[str, Any]:
    """Time the first answer of the function for dossiers; see `measure_start`."""
    return measure_start(DOSSIERS, package, runs=runs)


def measure_start(start: Start, package: Path, *, runs: int) -> dict[str, Any]:
    """Time the first answer beside its floor; medians in milliseconds, peak resident memory in MiB.

    Raises
    ------
    DeliveryError
        When the package is absent or does not answer.
    """
    event = start.event.read_text(encoding="utf-8")
    contenders: dict[str, Callable[[], float]] = {
        "first_answer": lambda: _time_program(package, start.first_answer, event),
        "libraries_alone": lambda: _time_program(package, start.libraries_alone, event),
        "first_answer_under_emulator": lambda: _time_emulator(package, event),
    }
    _warm_up(contenders)
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(runs):
        for name, once in contenders.items():
            times[name].append(once())
    medians = {name: statistics.median(values) for name, values in times.items()}
    return {
        "runs": runs,
        **{f"{name}_ms": {"p50": medians[name], "lowest": min(values)} for name, values in times.items()},
        "ratio_to_libraries_alone": medians["first_answer"] / medians["libraries_alone"],
        "peak_memory_mib": float(run_in_package(package, start.first_answer, given=event).splitlines()[-1]),
    }


def first_answer_ms(package: Path, event: str) -> float:
    """Return the milliseconds from the start of a process to the answer of the package for applications to an event.

    Raises
    ------
    DeliveryError
        When the package does not answer.
    """
    return _time_program(package, APPLICATIONS.first_answer, event)


def _warm_up(contenders: dict[str, Callable[[], float]]) -> None:
    """Run each once: the first run of all reads files that the later ones find in memory."""
    for once in contenders.values():
        once()


def _start(package: Path, program: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603  the project's own program
        [str(INTERPRETER), *ALONE, "-u", "-c", program],
        cwd=package,
        env=package_environment(package),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _time_program(package: Path, program: str, event: str) -> float:
    """Return the milliseconds from the start of a program to the line that says 200."""
    started = time.perf_counter()
    with _start(package, program) as process:
        _send(process, event)
        while (line := _next_line(process)) != "200":
            if not line:
                raise DeliveryError(f"the package did not answer: {process.stderr and process.stderr.read()}")
        elapsed = time.perf_counter() - started
    return 1000 * elapsed


def _send(process: subprocess.Popen[str], event: str) -> None:
    if process.stdin is not None:
        process.stdin.write(event)
        process.stdin.close()


def _next_line(process: subprocess.Popen[str]) -> str:
    return process.stdout.readline().strip() if process.stdout is not None else ""


def _time_emulator(package: Path, event: str) -> float:
    """Return the milliseconds of the first invocation under the emulator, which starts the function."""
    with Emulator(package) as emulator:
        started = time.perf_counter()
        answer = emulator.invoke(json.loads(event))
        elapsed = time.perf_counter() - started
    if answer.get("statusCode") != 200:  # noqa: PLR2004  the HTTP status
        raise DeliveryError(f"the package did not answer: {answer}")
    return 1000 * elapsed
