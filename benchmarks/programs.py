"""Programs that are measured in a process of their own: what one imports or allocates is not in the next one's way."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

from delivery.emulator import ALONE, INTERPRETER, package_environment
from delivery.errors import DeliveryError
from delivery.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

# An expression of a program for the most memory it held, in MiB. Not resource.getrusage: its peak counts the parent's
# memory at the moment of the fork.
PEAK_MEMORY_MIB = "int(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM'))) / 1024"


def run_program(
    command: Sequence[str],
    *,
    folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
    given: str | None = None,
    failure: str = "a run of the benchmark failed",
) -> subprocess.CompletedProcess[str]:
    """Run a command of the project to its end.

    Parameters
    ----------
    environment
        That of this process by default.
    given
        What the program reads.

    Raises
    ------
    DeliveryError
        When it fails: `failure`, and the last line it said.
    """
    done = subprocess.run(  # noqa: S603  the project's own program
        command, cwd=folder, env=environment, input=given, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise DeliveryError(f"{failure}: {(done.stderr.strip().splitlines() or [''])[-1]}")
    return done


def run_in_package(
    package: Path, program: str, *arguments: str, given: str, environment: Mapping[str, str] | None = None
) -> str:
    """Return what a program says that sees nothing but the built package and reads `given`.

    Raises
    ------
    DeliveryError
        When the package is absent, or the program fails.
    """
    require_package(package)
    return run_program(
        [str(INTERPRETER), *ALONE, "-c", program, *arguments],
        folder=package,
        environment=package_environment(package) | dict(environment or {}),
        given=given,
        failure="the package did not answer",
    ).stdout


def require_package(package: Path) -> None:
    """Refuse to go on without a built package.

    Raises
    ------
    DeliveryError
        When it is absent.
    """
    if not package.is_dir():
        raise DeliveryError(f"{package} is absent; run `make package`")


def figures_said(text: str) -> dict[str, Any]:
    r"""Return the figures of a program's last line.

    >>> figures_said('a library says hello\n{"seconds": 1.5}\n')
    {'seconds': 1.5}
    """
    return dict(json.loads(text.strip().splitlines()[-1]))
