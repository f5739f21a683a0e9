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
    script = str(ROOT / "scripts" / "second-bundle")
    subprocess.run([sys.executable, script, str(folder), "--threshold", str(threshold)], check=True, timeout=60)
    return folder
