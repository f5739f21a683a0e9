"""Draw a sample population: synthetic applicants with all seven tables, in the layout of the real data.

The rows depend on the number of applications and the seed alone. The true probability of default of every applicant
is written beside the tables (true_default_probability.parquet), never inside them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from training.commands.arguments import check_seed
from training.errors import DataError
from training.files import written_folder
from training.population.drawing.generate import Plan, generate
from training.population.drawing.profile import load_profile
from training.population.drawing.tables import TABLES, TRUTH

if TYPE_CHECKING:
    import argparse

MIN_APPLICATIONS = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument(
        "--applications", type=int, default=20_000, metavar="N", help="training applications (default: %(default)s)"
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="S", help="seed of every draw, 0 or more (default: %(default)s)"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write")
    parser.add_argument(
        "--format", choices=("parquet", "csv"), default="parquet", help="format of the tables (default: %(default)s)"
    )


def run(args: argparse.Namespace) -> int:
    """Write the sample and print the rows of each table."""
    _check(args.applications, args.seed, args.out)
    with written_folder(args.out) as folder:
        n_rows = generate(load_profile(), Plan(args.applications, args.seed), folder, args.format)
    for table, rows in n_rows.items():
        sys.stdout.write(f"{table:26s} {rows:>12,} rows\n")
    return 0


def _check(n_applications: int, seed: int, out: Path) -> None:
    """Refuse what cannot be drawn, and a folder whose content would be lost.

    Raises
    ------
    DataError
        TRN152 too few applications, TRN153 a seed out of range, TRN154 an output folder that is not an earlier sample.
    """
    if n_applications < MIN_APPLICATIONS:
        message = (
            f"--applications is {n_applications}; at least {MIN_APPLICATIONS} are needed for every table to have rows"
        )
        raise DataError("TRN152", message)
    check_seed(seed)
    if out.exists() and (strange := _strange_content(out)):
        message = f"--out {out} holds {strange}, which is not part of a sample; choose another folder or empty this one"
        raise DataError("TRN154", message)


def _strange_content(out: Path) -> str | None:
    """Return the name of something that an earlier sample would not have left, if any."""
    if not out.is_dir():
        return "a file"
    own = {f"{table}.{form}" for table in (*TABLES, TRUTH) for form in ("parquet", "csv")}
    return next((path.name for path in sorted(out.iterdir()) if path.name not in own), None)
