"""Types are declared, never guessed: a reader that sniffs decides from the first rows what the last ones mean."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from delivery.paths import ROOT
from documents.imports import ROOMS

if TYPE_CHECKING:
    from pathlib import Path

READING = ROOT / "training/sources/reading.py"
# The preparation that this project is measured beside reads as it is usually written.
PEER = ROOT / "benchmarks/scale/plain_pandas.py"
# DuckDB's reader by any name, pandas' and pyarrow's; the csv module gives text and guesses nothing.
GUESSES = re.compile(r"\b(?:read_csv(?:_auto)?|from_csv_auto|sniff_csv|read_table_csv|read_excel)\b")


def files_that_guess(paths: list[Path]) -> list[str]:
    """Return the files that name a reader of text which could guess types."""
    return [str(path.relative_to(ROOT)) for path in paths if GUESSES.search(path.read_text(encoding="utf-8"))]


def test_text_is_read_in_one_place() -> None:
    """One module brings CSV within reach of SQL; no other room reads text by itself."""
    paths = [path for room in ROOMS.values() for kind in ("*.py", "*.sql") for path in sorted(room.rglob(kind))]

    assert files_that_guess([path for path in paths if path != PEER]) == [str(READING.relative_to(ROOT))]


@pytest.mark.parametrize("setting", ["auto_detect = false", "header = true", "delim = ", "quote = ", "columns = {"])
def test_every_call_declares_what_would_be_sniffed(setting: str) -> None:
    """Each call of the reader turns detection off and says delimiter, quotes, header and the type of every column."""
    texts = [
        node for node in ast.walk(ast.parse(READING.read_text(encoding="utf-8"))) if isinstance(node, ast.JoinedStr)
    ]
    calls = [text for text in map(ast.unparse, texts) if "read_csv(" in text]

    assert len(calls) == 1
    assert setting in calls[0].replace("{{", "{")
