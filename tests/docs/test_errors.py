"""The error catalogue: every code of the code, and no other."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("lambda", "metrics", "training", "monitoring", "frontend", "delivery", "benchmarks", "documents")
CODE = re.compile(r"\b(?:SCR|TRN|MON)\d{3}\b")
# A row of a table that begins with a code.
ROW = re.compile(r"^\|\s*`?((?:SCR|TRN)\d{3})`?\s*\|(.*)\|\s*$", re.MULTILINE)
# Made from the status of what the framework refuses; tests/unit/scoring/http/test_app.py sees both.
FROM_STATUS = {"SCR404", "SCR405"}


@pytest.fixture(scope="module")
def used() -> set[str]:
    """Return the codes that appear in the rooms' code."""
    sources = [path.read_text("utf-8") for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    sources.append((ROOT / "template.yaml").read_text("utf-8"))  # what API Gateway refuses itself
    return {code for source in sources for code in CODE.findall(source)} | FROM_STATUS


@pytest.fixture(scope="module")
def rows() -> list[tuple[str, str]]:
    """Return the codes that have a row in docs/errors.md, and the row."""
    return ROW.findall((ROOT / "docs/errors.md").read_text("utf-8"))


@pytest.fixture(scope="module")
def documented(rows: list[tuple[str, str]]) -> set[str]:
    """Return the codes that have a row in docs/errors.md or, for monitoring, a line in docs/monitoring.md."""
    monitoring = ROOT / "docs/monitoring.md"
    elsewhere = CODE.findall(monitoring.read_text("utf-8")) if monitoring.is_file() else []
    return {code for code, _ in rows} | {code for code in elsewhere if code.startswith("MON")}


def test_every_code_is_documented(used: set[str], documented: set[str]) -> None:
    """Whoever meets a code finds what it means and what to do."""
    assert sorted(used - documented) == []


def test_every_documented_code_exists(used: set[str], documented: set[str]) -> None:
    """The catalogue keeps no code that the code no longer has."""
    assert sorted(documented - used) == []


def test_every_code_is_documented_once(rows: list[tuple[str, str]]) -> None:
    """A code has one meaning."""
    assert [code for code, times in Counter(code for code, _ in rows).items() if times > 1] == []


def test_every_row_says_what_to_do(rows: list[tuple[str, str]]) -> None:
    """No cell of the catalogue is empty."""
    assert [code for code, row in rows if not all(cell.strip() for cell in row.split("|"))] == []


def test_the_code_is_searched_where_it_is(used: set[str]) -> None:
    """The search itself works: it finds codes of scoring and of training."""
    assert {"SCR101", "SCR501", "TRN203", "TRN403"} <= used
