"""Bundles beside the committed one."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from delivery.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def with_threshold(folder: Path, threshold: float) -> Path:
    """Write a bundle that differs from the committed one in its threshold alone, and return its folder."""
    return _second_bundle(folder, "--threshold", str(threshold))


def that_turns_away(folder: Path) -> Path:
    """Write a bundle that takes none of the requests partners send today, and return its folder."""
    return _second_bundle(folder, "--turns-away")


def _second_bundle(folder: Path, *options: str) -> Path:
    script = str(ROOT / "scripts" / "second-bundle")
    subprocess.run([sys.executable, script, str(folder), *options], check=True, timeout=60)
    return folder
