"""The drift of the real data, as the page that measures it tells it (``docs/interpretation-drift.md``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

REGION = re.compile(r"<!-- figures:[^>]*-->(.*?)<!-- /figures -->", re.DOTALL)
ROW = re.compile(r"^\| (.+) \|$", re.MULTILINE)
CHECK_ROW_CELLS, INPUT_ROW_CELLS = 5, 6


@dataclass(frozen=True, slots=True)
class RealDrift:
    """What the page's generated region says.

    Attributes
    ----------
    sentence
        Sizes of the windows, threshold, weighted PSI.
    checks
        Code, check, level, worst measure, inputs concerned.
    psi
        PSI of each input shown.
    """

    sentence: str
    checks: tuple[tuple[str, ...], ...]
    psi: tuple[tuple[str, float], ...]


def read_real_drift(page: Path) -> RealDrift:
    """Read the region that ``python -m benchmarks.drift.real`` writes.

    Raises
    ------
    ValueError
        When the page has no such region.
    """
    found = REGION.search(page.read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"{page.name} has no region `figures`; run `python -m benchmarks.drift.real`")
    rows = [tuple(cell.strip() for cell in row.split(" | ")) for row in ROW.findall(found[1])]
    return RealDrift(
        sentence=found[1].strip().splitlines()[0],
        checks=tuple(row for row in rows if row[0].startswith("MON") and len(row) >= CHECK_ROW_CELLS - 1),
        psi=tuple((row[0].strip("`"), _number(row[2])) for row in rows if _is_input(row)),
    )


def _is_input(row: tuple[str, ...]) -> bool:
    return row[0].startswith("`") and len(row) == INPUT_ROW_CELLS


def _number(text: str) -> float:
    return float(text.replace(",", "."))
