"""Text as spreadsheets save it: read to the same rows as the plain file, or refused by line and column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from training.errors import DataError
from training.sources import load_sources

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    type Tables = dict[str, pd.DataFrame]
    type FolderOf = Callable[..., Path]


def _rows(folder: Path, dialect: str = "excel") -> pd.DataFrame:
    sources = load_sources(folder, tables=["bureau"], dialect=dialect)  # type: ignore[arg-type]
    with sources.connect() as database:
        return database.execute("SELECT * FROM bureau ORDER BY SK_ID_BUREAU").fetchdf()


def _written(number: object, decimal: str, thousands: str) -> str:
    """Write a number as a spreadsheet of some country does."""
    if not isinstance(number, float | int) or number != number:  # noqa: PLR0124 - NaN
        return "" if isinstance(number, float) else str(number)
    text = f"{number:,.2f}".rstrip("0").rstrip(".")
    return text.replace(",", "_").replace(".", decimal).replace("_", thousands)


def _save(path: Path, rows: pd.DataFrame, separator: str, decimal: str, thousands: str, encoding: str) -> None:
    texts = rows.map(lambda cell: _written(cell, decimal, thousands)).assign(COMMENT="payé")
    texts.to_csv(path, sep=separator, index=False, encoding=encoding, lineterminator="\r\n")


@pytest.mark.parametrize("thousands", ["", " ", "\u00a0", "\u202f", "."])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_french_spreadsheet_gives_the_rows_of_the_plain_file(
    tables: Tables, folder_of: FolderOf, encoding: str, thousands: str
) -> None:
    """Semicolons, decimal commas, any sign between thousands, any encoding: nothing is a thousand times too small."""
    folder = folder_of(tables, "bureau")
    plain = _rows(folder, "plain")
    for name in ("application_train", "application_test", "bureau"):
        _save(folder / f"{name}.csv", tables[name], ";", ",", thousands, encoding)

    assert _rows(folder).equals(plain)


@pytest.mark.parametrize(
    ("separator", "decimal", "thousands", "encoding"),
    [(",", ".", ",", "utf-8"), ("\t", ",", " ", "utf-16"), ("\t", ".", ",", "utf-8"), (";", ",", "", "cp1252")],
)
def test_other_spreadsheets_give_the_rows_of_the_plain_file(
    tables: Tables, folder_of: FolderOf, separator: str, decimal: str, thousands: str, encoding: str
) -> None:
    """English commas, tabs of either country and Windows-1252 are settled file by file."""
    folder = folder_of(tables, "bureau")
    plain = _rows(folder, "plain")
    _save(folder / "bureau.csv", tables["bureau"], separator, decimal, thousands, encoding)

    assert _rows(folder).equals(plain)


def test_first_line_may_name_the_delimiter(tables: Tables, folder_of: FolderOf) -> None:
    """The line ``sep=;`` that spreadsheets write and read is no header."""
    folder = folder_of(tables, "bureau")
    plain = _rows(folder, "plain")
    path = folder / "bureau.csv"
    _save(path, tables["bureau"], ";", ",", "", "utf-8")
    path.write_text("sep=;\r\n" + path.read_text(encoding="utf-8"), encoding="utf-8")

    assert _rows(folder).equals(plain)


@pytest.mark.parametrize("cell", ["1234.5", "0.123", "1.23", "12.345.6", "12 34", "1,234.5", "#N/A", "1'234", "x"])
def test_cell_of_another_convention_is_refused_by_line_and_column(
    tables: Tables, folder_of: FolderOf, cell: str
) -> None:
    """Beside decimal commas and spaces between thousands, a point or an odd group is refused and never guessed at."""
    tables["bureau"]["AMT_CREDIT_SUM"] = ["1 000,5", "2 000,5", cell, *["3 000,5"] * (len(tables["bureau"]) - 3)]
    folder = folder_of(tables, "bureau")
    tables["bureau"].to_csv(folder / "bureau.csv", sep=";", decimal=",", index=False)

    with pytest.raises(DataError, match=r"TRN123: bureau\.csv line 4, AMT_CREDIT_SUM: no number by the") as caught:
        _rows(folder)
    assert cell == "x" or cell not in str(caught.value)


def test_tabs_with_numbers_of_two_meanings_are_refused(tables: Tables, folder_of: FolderOf) -> None:
    """Between tabs 1,234 may be either; without one cell that tells, the file is refused with the way out."""
    whole = tables["bureau"].select_dtypes("number").round().columns
    bureau = tables["bureau"].astype(dict.fromkeys(whole, object))
    for name in whole:
        bureau[name] = "1,234"
    bureau["SK_ID_BUREAU"] = range(len(bureau))
    folder = folder_of(tables, "bureau")
    bureau.to_csv(folder / "bureau.csv", sep="\t", index=False)

    with pytest.raises(DataError, match=r"TRN123: bureau\.csv line 2, SK_ID_CURR: can be read in two ways; save the"):
        _rows(folder)


def test_torn_line_of_a_spreadsheet_is_told_by_its_number(tables: Tables, folder_of: FolderOf) -> None:
    """A line with another number of cells is refused; empty lines at the end are none."""
    folder = folder_of(tables, "bureau")
    path = folder / "bureau.csv"
    tables["bureau"].to_csv(path, sep=";", decimal=",", index=False)
    content = path.read_text()
    path.write_text(content + ";" * 16 + "\n\n")
    _rows(folder)
    path.write_text(content + "5;6\n")

    with pytest.raises(DataError, match=rf"TRN104: bureau\.csv cannot be read at line {content.count(chr(10)) + 1}: "):
        _rows(folder)


def test_plain_reading_names_the_dialect(tables: Tables, folder_of: FolderOf) -> None:
    """Who hands in a spreadsheet's file without saying so is told the option."""
    folder = folder_of(tables, "bureau")
    tables["bureau"].to_csv(folder / "bureau.csv", sep=";", decimal=",", index=False)

    with pytest.raises(DataError, match=re.escape("comma-separated, or use --dialect excel")):
        _rows(folder, "plain")
