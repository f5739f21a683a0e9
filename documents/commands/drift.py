"""Write the computed parts of docs/monitoring.md and docs/interpretation-drift.md: limits, power, what moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.report import read_figures
from delivery.paths import ROOT
from documents.pages import DOCS, write_regions
from documents.reference.monitoring import limits_region
from documents.results.drift import power_region, real_region

if TYPE_CHECKING:
    import argparse

MONITORING = DOCS / "monitoring.md"
INTERPRETATION = DOCS / "interpretation-drift.md"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare no argument: configuration and figures are those of the repository."""


def run(args: argparse.Namespace) -> int:
    """Write the regions; figures that were never measured stay as they are."""
    del args
    measures = read_figures()
    regions = {MONITORING: {"checks": limits_region()}, INTERPRETATION: {}}
    if "drift_power" in measures:
        regions[MONITORING]["power"] = power_region(measures["drift_power"])
    if "drift_real" in measures:
        regions[INTERPRETATION]["figures"] = real_region(measures["drift_real"])
    for page, contents in regions.items():
        write_regions(page, contents)
        print(f"wrote the computed parts of {page.relative_to(ROOT)}")
    return 0
