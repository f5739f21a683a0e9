"""The files beside this one, as they are."""

from __future__ import annotations

import csv
from pathlib import Path

FOLDER = Path(__file__).parent


def rows_of(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file of this folder, each by column.

    Examples
    --------
    >>> list(rows_of("issued_motives.csv")[0])
    ['code', 'theme', 'label_fr']
    """
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
