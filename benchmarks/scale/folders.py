"""Sample populations in the forms that lenders have them, each made once and kept."""

from __future__ import annotations

import shutil
import sys
import zipfile
from typing import TYPE_CHECKING

import duckdb

from benchmarks.programs import run_program
from features.quoting import literal
from training.sources.files import FILE_NAMES

if TYPE_CHECKING:
    from pathlib import Path


def drawn(applications: int, samples: Path) -> Path:
    """Return the folder of a sample population as Parquet."""
    folder = samples / f"sample-{applications}"
    if not folder.is_dir():
        arguments = ["sample", "--applications", str(applications), "--out", str(folder)]
        run_program([sys.executable, "-m", "training", *arguments])
    return folder


def as_csv(folder: Path) -> Path:
    """Return the same tables as CSV, as Kaggle ships them."""
    target = folder.with_name(f"{folder.name}-csv")
    if not target.is_dir():
        made = target.with_suffix(".part")
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir()
        with duckdb.connect() as database:
            for path in _tables(folder, ".parquet"):
                written = literal(str(made / f"{path.stem}.csv"))
                database.execute(f"COPY (FROM read_parquet({literal(str(path))})) TO {written} (FORMAT csv, HEADER)")
        made.rename(target)
    return target


def as_zipped_csv(folder: Path) -> Path:
    """Return CSV tables each in a zip of its own."""
    target = folder.with_name(f"{folder.name}-zip")
    if not target.is_dir():
        made = target.with_suffix(".part")
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir()
        for path in _tables(folder, ".csv"):
            with zipfile.ZipFile(made / f"{path.name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
                archive.write(path, path.name)
        made.rename(target)
    return target


def _tables(folder: Path, ending: str) -> list[Path]:
    return [path for name in FILE_NAMES if (path := folder / f"{name}{ending}").is_file()]
