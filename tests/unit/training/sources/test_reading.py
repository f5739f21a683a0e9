"""Reading one file, whatever its packing, and refusing what cannot be read."""

from __future__ import annotations

import gzip
import zipfile
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from training.errors import DataError
from training.sources import load_sources

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    type Tables = dict[str, pd.DataFrame]
    type FolderOf = Callable[..., Path]


def _zipped(path: Path) -> None:
    with zipfile.ZipFile(path.with_name(f"{path.name}.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, path.name)
    path.unlink()


def _gzipped(path: Path) -> None:
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()


def _windows(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))


def _content(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the clean rows of every table, in an order of their own."""
    sources = load_sources(folder)
    with sources.connect() as database:
        return {
            name: database.execute(f'SELECT * FROM "{name}" ORDER BY ALL').fetchdf()  # noqa: S608 - our own names
            for name in sources.tables
        }


@pytest.mark.parametrize("packed", [_zipped, _gzipped, _windows])
def test_packing_changes_nothing(tables: Tables, folder_of: FolderOf, packed: Callable[[Path], None]) -> None:
    """Zipped, gzipped and Windows files (byte-order mark, CRLF) give the rows of the plain file."""
    folder = folder_of(tables, "bureau", "bureau_balance")
    plain = _content(folder)
    for path in list(folder.iterdir()):
        packed(path)

    for name, rows in _content(folder).items():
        assert rows.equals(plain[name]), name


def test_parquet_gives_the_same_rows(tables: Tables, folder_of: FolderOf) -> None:
    """Parquet files give the rows of the CSV files, NaN included."""
    folder = folder_of(tables, "bureau", "bureau_balance")
    plain = _content(folder)
    for path in list(folder.iterdir()):
        path.unlink()
        tables[path.stem].to_parquet(path.with_suffix(".parquet"))

    for name, rows in _content(folder).items():
        assert rows.equals(plain[name]), name


def test_nan_that_statistics_hide_is_missing(tables: Tables, folder_of: FolderOf) -> None:
    """NaN in a Parquet file is missing also where its statistics do not know of it, as PyArrow writes them."""
    folder = folder_of(tables, "bureau")
    plain = _content(folder)["bureau"]
    (folder / "bureau.csv").unlink()
    columns = {
        name: pa.array(values) if values.dtype == object else pa.array(values.to_numpy(), from_pandas=False)
        for name, values in tables["bureau"].items()
    }
    pq.write_table(pa.table(columns), folder / "bureau.parquet")
    found = _content(folder)["bureau"]

    pd.testing.assert_frame_equal(found, plain)


def test_column_order_and_extra_columns_change_nothing(tables: Tables, folder_of: FolderOf) -> None:
    """Columns are told by name; one that is not declared is reported and ignored."""
    plain = _content(folder_of(tables, "bureau"))
    bureau = tables["bureau"]
    tables["bureau"] = bureau[list(reversed(bureau.columns))].assign(amt_annuity="x", NOTE="y")
    folder = folder_of(tables, "bureau")

    assert _content(folder)["bureau"].equals(plain["bureau"])
    note = "bureau: columns not in the Home Credit layout are ignored (amt_annuity, NOTE)"
    assert note in load_sources(folder).notes


def test_types_are_declared_not_sniffed(tables: Tables, folder_of: FolderOf) -> None:
    """Amounts that are whole for longer than any sniffer looks keep their decimals; codes keep their zeros."""
    n_rows = 40_000
    bureau = pd.concat([tables["bureau"]] * (n_rows // len(tables["bureau"]) + 1), ignore_index=True)[:n_rows]
    bureau["SK_ID_BUREAU"] = 5_000_000 + pd.RangeIndex(n_rows)
    bureau["AMT_CREDIT_SUM"] = 1000.0
    bureau.loc[n_rows - 1, "AMT_CREDIT_SUM"] = 1000.37
    bureau["AMT_CREDIT_SUM"] = bureau["AMT_CREDIT_SUM"].map(lambda amount: f"{amount:.10g}")
    tables["bureau"] = bureau
    tables["bureau_balance"]["STATUS"] = "0"
    found = _content(folder_of(tables, "bureau", "bureau_balance"))

    assert found["bureau"]["AMT_CREDIT_SUM"].max() == 1000.37
    assert set(found["bureau_balance"]["STATUS"]) == {"0"}


def test_missing_column_is_named(tables: Tables, folder_of: FolderOf) -> None:
    """A column that is not there is named with its table."""
    tables["bureau"] = tables["bureau"].drop(columns="DAYS_CREDIT")

    with pytest.raises(DataError, match=r"TRN106: bureau: column DAYS_CREDIT is missing; give the file with every"):
        load_sources(folder_of(tables, "bureau"))


def test_wrong_delimiter_shows_as_missing_columns(tables: Tables, folder_of: FolderOf) -> None:
    """A file of another delimiter is told by its missing columns, the first of them named."""
    folder = folder_of(tables, "bureau", "bureau_balance")
    tables["bureau_balance"].to_csv(folder / "bureau_balance.csv", sep=";", index=False)
    message = (
        r"TRN106: bureau_balance: 3 columns are missing \(SK_ID_BUREAU, MONTHS_BALANCE, STATUS\), "
        r"as the header is separated by ';'; .*comma-separated"
    )

    with pytest.raises(DataError, match=message):
        load_sources(folder)


def test_repeated_column_is_refused(tables: Tables, folder_of: FolderOf) -> None:
    """Which of two columns of one name is meant is not guessed."""
    folder = folder_of(tables, "bureau", "bureau_balance")
    path = folder / "bureau_balance.csv"
    path.write_text(path.read_text().replace("MONTHS_BALANCE,STATUS", "MONTHS_BALANCE,STATUS,STATUS", 1))

    with pytest.raises(DataError, match=r"TRN106: bureau_balance: column STATUS is there twice; keep one of them"):
        load_sources(folder)


@pytest.mark.parametrize("ending", [".csv.gz", ".csv.zip", ".parquet"])
def test_truncated_file_is_refused(tables: Tables, folder_of: FolderOf, ending: str) -> None:
    """A file cut short is named, with what to do, and no line of it is shown."""
    folder = folder_of(tables, "bureau", "bureau_balance")
    path = folder / "bureau_balance.csv"
    if ending == ".parquet":
        tables["bureau_balance"].to_parquet(path.with_suffix(".parquet"))
        path.unlink()
    else:
        (_gzipped if ending == ".csv.gz" else _zipped)(path)
    packed = folder / f"bureau_balance{ending}"
    packed.write_bytes(packed.read_bytes()[: packed.stat().st_size // 2])

    with pytest.raises(DataError, match=rf"TRN104: bureau_balance\{ending} cannot be read.*fetch it again"):
        load_sources(folder)


def test_torn_line_is_told_by_its_number_only(tables: Tables, folder_of: FolderOf) -> None:
    """A line with too few values is told by its number; its values are not shown."""
    folder = folder_of(tables, "bureau", "bureau_balance")
    path = folder / "bureau_balance.csv"
    lines = path.read_text().splitlines()
    lines[3] = "5999999,-3"
    path.write_text("\n".join(lines))

    with pytest.raises(DataError, match=r"TRN104: bureau_balance\.csv cannot be read at line 4: ") as caught:
        load_sources(folder)
    assert "5999999" not in str(caught.value)


@pytest.mark.parametrize("start", ["", "\n"])
def test_file_without_header_is_refused(tables: Tables, folder_of: FolderOf, start: str) -> None:
    """A file of no bytes, or that begins with an empty line, is not an empty history: something went wrong with it."""
    folder = folder_of(tables, "bureau", "bureau_balance")
    (folder / "bureau_balance.csv").write_text(start)

    with pytest.raises(DataError, match=r"TRN107: bureau_balance has no header: its first line is empty, or the whole"):
        load_sources(folder)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_other_encoding_is_named(tables: Tables, folder_of: FolderOf, encoding: str) -> None:
    """A file that is not UTF-8 is not called damaged: what to save it as is said."""
    folder = folder_of(tables, "bureau", "bureau_balance")
    tables["bureau_balance"]["COMMENT"] = "payé"
    tables["bureau_balance"].to_csv(folder / "bureau_balance.csv", index=False, encoding=encoding)

    with pytest.raises(DataError, match=r"TRN104: bureau_balance\.csv cannot be read: it is .*; save it as UTF-8"):
        load_sources(folder)


def _as_gzip(path: Path) -> Path:
    """Pack a file in its place, under the name it has."""
    path.write_bytes(gzip.compress(path.read_bytes()))
    return path


def _as_zip(path: Path) -> Path:
    """Put a zip of a file in its place, under the name it has."""
    content = path.read_bytes()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(path.name, content)
    return path


def _as_parquet(path: Path) -> Path:
    """Store a table as Parquet under a CSV name."""
    pd.read_csv(path).to_parquet(path)
    return path


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_as_gzip, r"bureau\.csv cannot be read: it is a gzip file; give it a name that ends in \.csv\.gz"),
        (_as_zip, r"bureau\.csv cannot be read: it is a zip archive; give it a name that ends in \.zip"),
        (_as_parquet, r"bureau\.csv cannot be read: it is a Parquet file; give it a name that ends in \.parquet"),
        (
            lambda path: path.rename(path.with_suffix(".parquet")),
            r"bureau\.parquet cannot be read: it is not a Parquet file, as its name says",
        ),
        (
            lambda path: path.rename(path.with_suffix(".csv.gz")),
            r"bureau\.csv\.gz cannot be read: it is not a gzip file, as its name says",
        ),
        (
            lambda path: path.rename(path.with_suffix(".zip")),
            r"bureau\.zip cannot be read: it is not a zip archive, as its name says",
        ),
    ],
)
def test_file_of_another_form_than_its_name_is_told(
    tables: Tables, folder_of: FolderOf, spoil: Callable[[Path], Path], said: str
) -> None:
    """What a file is and what its name should be are said, where they disagree."""
    folder = folder_of(tables, "bureau")
    spoil(folder / "bureau.csv")

    with pytest.raises(DataError, match=f"TRN104: {said}"):
        load_sources(folder)


@pytest.mark.parametrize(
    ("spelled", "hint"),
    [(str.lower, r"the header has 'sk_id_bureau'"), (lambda name: f" {name}", r"the header has ' SK_ID_BUREAU'")],
)
def test_other_spelling_of_columns_is_told(
    tables: Tables, folder_of: FolderOf, spelled: Callable[[str], str], hint: str
) -> None:
    """A header in lower case, as databases export it, is told apart from columns that are not there."""
    tables["bureau_balance"] = tables["bureau_balance"].rename(columns=spelled)
    folder = folder_of(tables, "bureau", "bureau_balance")

    with pytest.raises(DataError, match=rf"TRN106: bureau_balance: 3 columns are missing .*, as .*, and {hint}; give"):
        load_sources(folder)


def test_column_without_a_name_is_called_so(tables: Tables, folder_of: FolderOf) -> None:
    """The row numbers that pandas writes have no name to be reported under."""
    folder = folder_of(tables, "bureau")
    tables["bureau"].to_csv(folder / "bureau.csv")

    assert load_sources(folder, tables=["bureau"]).notes == (
        "bureau: columns not in the Home Credit layout are ignored (one without a name)",
    )


@pytest.mark.parametrize("padding", [b"", b"\0" * 512])
def test_every_part_of_a_joined_gzip_is_read(tables: Tables, folder_of: FolderOf, padding: bytes) -> None:
    """Parts that were joined, with or without padding behind them, give all rows of the plain file."""
    folder = folder_of(tables, "bureau")
    plain = _content(folder)["bureau"]
    path = folder / "bureau.csv"
    lines = path.read_bytes().splitlines(keepends=True)
    parts = (b"".join(lines[:7]), b"".join(lines[7:]))
    path.with_name("bureau.csv.gz").write_bytes(b"".join(gzip.compress(part) for part in parts) + padding)
    path.unlink()

    assert _content(folder)["bureau"].equals(plain)


def test_bytes_behind_a_gzip_are_refused(tables: Tables, folder_of: FolderOf) -> None:
    """What stands behind the last part and is no part may be lost rows: the file is refused."""
    folder = folder_of(tables, "bureau")
    _gzipped(folder / "bureau.csv")
    packed = folder / "bureau.csv.gz"
    packed.write_bytes(packed.read_bytes() + b"1,2,3\n")

    with pytest.raises(DataError, match=r"TRN104: bureau\.csv\.gz cannot be read: it is damaged or cut short"):
        load_sources(folder)
