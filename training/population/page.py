"""Write docs/population.md: ``python -m training.population.page --real FOLDER [--multiples 1,2]``."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from training.errors import TrainingError
from training.files import written_file
from training.population.figures import compared, drawing_figures
from training.population.generate import Plan, generate
from training.population.models import model_figures
from training.population.page_text import page_text
from training.population.profile import load_profile

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "population.md"
FIGURES = ROOT / "reports" / "population.json"
APPLICATIONS = 60_000
STEPS = ("likeness", "models", "drawing")


def multiples(text: str) -> tuple[int, ...]:
    """Return the multiples of the real size to draw.

    >>> multiples("1,2")
    (1, 2)
    >>> multiples("")
    ()
    """
    return tuple(int(part) for part in text.split(",") if part)


def steps(text: str) -> tuple[str, ...]:
    """Return the steps to measure, in any order; ``none`` for no step.

    >>> steps("none"), steps("models,likeness")
    ((), ('models', 'likeness'))

    Raises
    ------
    argparse.ArgumentTypeError
        For a step that does not exist.
    """
    chosen = () if text == "none" else tuple(text.split(","))
    if unknown := set(chosen) - set(STEPS):
        message = f"no step {', '.join(sorted(unknown))}; there are {', '.join(STEPS)}"
        raise argparse.ArgumentTypeError(message)
    return chosen


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


def main() -> int:
    """Measure, keep the figures, write the page; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m training.population.page", description=__doc__)
    parser.add_argument(
        "--real", type=Path, help="folder of the real tables as Parquet; needed to measure against them"
    )
    parser.add_argument("--applications", type=int, default=APPLICATIONS, help="size of the draw that is compared")
    parser.add_argument("--multiples", type=multiples, default=(1, 2), help="multiples of the real size to time")
    parser.add_argument("--seed", type=int, default=1, help="seed of the draw")
    parser.add_argument(
        "--steps",
        type=steps,
        default=STEPS,
        help="what to measure, 'none' to write the page anew; the rest is kept from reports/population.json",
    )
    parser.add_argument("--out", type=Path, default=PAGE, help="page to write")
    args = parser.parse_args()
    if args.real is None and {"likeness", "models"} & set(args.steps):
        parser.error("--real is needed to measure likeness and models")
    if not args.steps and not FIGURES.exists():
        parser.error(f"{FIGURES} is not there; measure first")
    try:
        figures = _kept() | _measured(args)
    except TrainingError as error:
        sys.stderr.write(f"error {error}\n")
        return 2
    FIGURES.parent.mkdir(exist_ok=True)
    for path, text in ((FIGURES, json.dumps(figures, indent=1)), (args.out, page_text(figures))):
        with written_file(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{args.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
