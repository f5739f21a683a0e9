"""What a newcomer waits for: `make demo` in a fresh clone, environment and downloads included."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from delivery.errors import DeliveryError
from delivery.paths import ROOT

LONGEST_SECONDS = 1800


def measure_demo() -> dict[str, Any]:
    """Clone the last commit, make the demo with an empty package cache, and return the seconds it took.

    Raises
    ------
    DeliveryError
        When the demo fails in the clone.
    """
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)  # noqa: S603, S607  the project
        started = time.perf_counter()
        done = subprocess.run(
            ["make", "demo"],  # noqa: S607  the verb that newcomers type
            cwd=clone,
            env=_fresh_environment(Path(folder) / "cache"),
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST_SECONDS,
        )
        elapsed = time.perf_counter() - started
    if done.returncode:
        raise DeliveryError(f"make demo failed in a fresh clone: {done.stderr.strip().splitlines()[-1:]}")
    return {"wall_seconds": elapsed}


def _fresh_environment(cache: Path) -> dict[str, str]:
    """Return the caller's environment without this environment's programs, and with no package at hand."""
    programs = [part for part in os.environ["PATH"].split(os.pathsep) if not part.startswith(str(ROOT))]
    kept = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL"}}
    return kept | {"PATH": os.pathsep.join(programs), "UV_CACHE_DIR": str(cache), "PIP_NO_CACHE_DIR": "1"}
