"""The applications that the drift measures draw from: what ``make report`` leaves in its folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from delivery.paths import ROOT
from monitoring.windows.arrays import loaded
from monitoring.windows.parquet import WindowSource, open_window, opened_database

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring.windows.arrays import ArrayWindow
    from scoring.contract import Contract

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


def read_pool(windows: DriftWindows, contract: Contract) -> ArrayWindow:
    """Return the applications that windows are drawn from, in memory."""
    source = WindowSource.parse(str(windows.features), windows.scores)
    with opened_database("1GB") as database:
        return loaded(open_window(database, source, contract), contract)
