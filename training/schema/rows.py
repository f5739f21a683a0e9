"""Reading the tables of this folder."""

from __future__ import annotations

import csv
from pathlib import Path

_FOLDER = Path(__file__).parent


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a file of this folder, by column."""
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
