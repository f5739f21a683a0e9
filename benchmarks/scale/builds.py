"""Builds that are measured beside one another, each a checkout whose commands run in a process of its own.

Both run in today's environment: what differs is the project's own code.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Self

from delivery.errors import DeliveryError
from delivery.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# The last commit before training at the real size was looked at.
EARLIER_COMMIT = "e8b1986"
_BETWEEN_LOOKS_SECONDS = 0.05
_GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Run:
    """What a whole process took, as the operating system tells it.

    Attributes
    ----------
    processor_seconds
        Of all its threads, in user and system mode.
    peak_memory_gib
        Most resident memory at any moment.
    """

    wall_seconds: float
    processor_seconds: float
    peak_memory_gib: float


@dataclass(frozen=True, slots=True)
class Build:
    """A checkout of the project."""

    folder: Path

    @classmethod
    def present(cls) -> Self:
        """Return the checkout that this process runs from."""
        return cls(ROOT)

    @classmethod
    def of_commit(cls, commit: str, folder: Path) -> Self:
        """Return the build of a commit, unpacked below `folder` where it is not there yet.

        Raises
        ------
        DeliveryError
            When the repository does not hold the commit.
        """
        target = folder / f"build-{commit}"
        if not target.is_dir():
            command = ["git", "archive", commit]
            packed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)  # noqa: S603  the project's own
            if packed.returncode:
                raise DeliveryError(f"commit {commit} is not in this clone; fetch the whole history")
            with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
                archive.extractall(target, filter="data")
        return cls(target)

    def environment(self, work: Path) -> dict[str, str]:
        """Return the environment of its commands: its own code, and a registry that goes with `work`."""
        own = {
            "PYTHONPATH": os.pathsep.join([str(self.folder), str(self.folder / "lambda")]),
            "MLFLOW_TRACKING_URI": f"sqlite:///{work / 'mlflow.db'}",
        }
        return os.environ | own

    def run(self, arguments: Sequence[str], work: Path, *, accepted: Sequence[int] = (0,)) -> Run:
        """Run a command of one of its rooms to the end, in the folder `work`.

        Raises
        ------
        DeliveryError
            When it ends with a status that is not `accepted`, with the last line it said.
        """
        command = [sys.executable, "-m", *arguments]
        return measured(command, folder=work, environment=self.environment(work), accepted=accepted)


def measured(
    command: Sequence[str], *, folder: Path, environment: Mapping[str, str], accepted: Sequence[int] = (0,)
) -> Run:
    """Run a program to its end and return what it took.

    Raises
    ------
    DeliveryError
        When it ends with a status that is not `accepted`, with the last line it said.
    """
    with (folder / "said.txt").open("w+b") as said:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=said, stderr=said)  # noqa: S603
        peak = 0
        while True:
            # What wait4 tells of the peak counts the parent's memory at the moment of the fork.
            peak = max(peak, _high_water_mark(process.pid))
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
            if ended:
                break
            time.sleep(_BETWEEN_LOOKS_SECONDS)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in accepted:
            said.seek(0)
            last = (said.read().decode(errors="replace").strip().splitlines() or [""])[-1]
            raise DeliveryError(f"{' '.join(command[2:5])} failed: {last}")
    return Run(wall, usage.ru_utime + usage.ru_stime, peak / _GIB)


def _high_water_mark(pid: int) -> int:
    """Return the most memory a process has held, in bytes; 0 once it has ended."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    return 0


def in_turns(contenders: Mapping[str, Callable[[], Run]], n_runs: int) -> dict[str, list[Run]]:
    """Run contenders one after the other, several times: a slow moment of the machine hits them alike."""
    runs: dict[str, list[Run]] = {name: [] for name in contenders}
    for _ in range(n_runs):
        for name, once in contenders.items():
            runs[name].append(once())
    return runs


def medians(runs: Sequence[Run]) -> dict[str, float]:
    """Return the median of each figure over runs."""
    return {
        "wall_seconds": median(one.wall_seconds for one in runs),
        "processor_seconds": median(one.processor_seconds for one in runs),
        "peak_memory_gib": median(one.peak_memory_gib for one in runs),
    }


def side_by_side(contenders: Mapping[str, Callable[[], Run]], n_runs: int) -> dict[str, Any]:
    """Return the medians of each contender, and those of the last over those of the first."""
    found = {name: medians(runs) for name, runs in in_turns(contenders, n_runs).items()}
    told = list(found.values())
    first, last = told[0], told[-1]
    return {**found, "ratio": {figure: last[figure] / first[figure] for figure in first}}
