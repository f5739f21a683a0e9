"""The applications that the drift measures draw from: what ``make report`` leaves in its folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from delivery.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE_POPULATION = ROOT / "build" / "demo"
# ``make report DATA=<folder of real tables>`` keeps its own apart.
OWN_DATA = ROOT / "build" / "demo-own-data"


@dataclass(frozen=True, slots=True)
class DriftWindows:
    """Applications, and what the model of a bundle answers to them.

    Attributes
    ----------
    features
        Parquet file of the raw inputs, both populations.
    scores
        Answers of the bundle over it.
    """

    bundle: Path
    features: Path
    scores: Path


def windows_in(folder: Path) -> DriftWindows | None:
    """Return what a folder holds, or None when ``make report`` has not been there."""
    found = DriftWindows(folder / "bundle", folder / "features.parquet", folder / "scores.parquet")
    return found if all(path.exists() for path in (found.bundle, found.features, found.scores)) else None
