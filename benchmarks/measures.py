"""The measures by name; each is a function that returns its figures, or ``None`` when its data is not at hand."""

from __future__ import annotations

from importlib import import_module
from typing import Any

# In the order of the table: the quick ones first. Imported when taken: some bring half of the offline libraries.
MEASURES = {
    "package_size": "benchmarks.package_size:measure_package_size",
    "cold_start": "benchmarks.cold_start:measure_cold_start",
    "request": "benchmarks.request:measure_request",
    "precision": "benchmarks.precision:measure_precision",
    "demo": "benchmarks.demo:measure_demo",
    "sample_population": "benchmarks.models:measure_sample_population",
    "real_sample": "benchmarks.models:measure_real_sample",
}


def measure(name: str) -> dict[str, Any] | None:
    """Take one measure."""
    module, _, function = MEASURES[name].partition(":")
    figures: dict[str, Any] | None = getattr(import_module(module), function)()
    return figures
