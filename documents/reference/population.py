"""The page docs/population.md: ``python -m documents population --real FOLDER [--multiples 1,2]``."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.population.figures import compared, drawing_figures
from benchmarks.population.models import model_figures
from documents.pages import write_page
from documents.reference.population_text import page_text
from training.population.drawing.generate import Plan, generate
from training.population.drawing.profile import load_profile

if TYPE_CHECKING:
    import argparse

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "population.md"
FIGURES = ROOT / "reports" / "population.json"
STEPS = ("likeness", "models", "drawing")


def _kept() -> dict[str, Any]:
    """Return the figures of earlier runs."""
    nothing: dict[str, Any] = {"models": [], "drawing": []}
    return nothing | (json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {})


def _measured(args: argparse.Namespace) -> dict[str, Any]:
    """Measure the chosen steps."""
    found: dict[str, Any] = {}
    if {"likeness", "models"} & set(args.steps):
        with tempfile.TemporaryDirectory() as work:
            generate(load_profile(), Plan(args.applications, args.seed), Path(work), "parquet")
            if "likeness" in args.steps:
                found |= compared(args.real, Path(work), args.seed)
            if "models" in args.steps:
                found["models"] = model_figures(args.real, Path(work))
    if "drawing" in args.steps:
        found["drawing"] = drawing_figures(args.multiples, args.seed)
    return found


def write_population_page(args: argparse.Namespace) -> None:
    """Measure, keep the figures and write the page."""
    figures = _kept() | _measured(args)
    write_page(FIGURES, json.dumps(figures, indent=1))
    write_page(args.out, page_text(figures))
