"""Write docs/population.md: the sample population measured beside real tables."""

from __future__ import annotations

import argparse
from pathlib import Path

from documents.reference.population import FIGURES, PAGE, STEPS, write_population_page
from training.errors import DataError

APPLICATIONS = 60_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
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


def run(args: argparse.Namespace) -> int:
    """Measure, keep the figures, write the page."""
    if args.real is None and {"likeness", "models"} & set(args.steps):
        raise DataError("TRN101", "--real is needed to measure likeness and models")
    if not args.steps and not FIGURES.exists():
        raise DataError("TRN101", f"{FIGURES} is not there; measure first")
    write_population_page(args)
    print(args.out)
    return 0
