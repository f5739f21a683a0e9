"""The command that computes the feature table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from tests.builders.home_credit import small_tables, write_tables
from training.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_features_writes_the_table_and_says_what_it_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file is written, notes are printed, the tables used are named."""
    tables = small_tables()
    tables["bureau"].loc[0, "DAYS_CREDIT"] = 5
    folder = write_tables(tmp_path / "data", tables)
    status = main(["features", "--data", str(folder), "--out", str(tmp_path / "f.parquet"), "--tables", "bureau"])
    printed = capsys.readouterr().out

    assert status == 0
    assert pq.read_metadata(tmp_path / "f.parquet").num_rows == 50
    assert (
        "note: bureau.DAYS_CREDIT: 1 row has a date after the application, for example SK_ID_BUREAU 5000000; "
        in printed
    )
    assert "tables: application, bureau; fingerprint " in printed


def test_bad_input_is_one_line_and_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Bad input gives one line on stderr, exit status 2, no traceback and no file."""
    tables = small_tables()
    tables["bureau"]["SK_ID_BUREAU"] = 1
    folder = write_tables(tmp_path / "data", tables)
    status = main(["features", "--data", str(folder), "--out", str(tmp_path / "f.parquet")])
    last = capsys.readouterr().err.splitlines()[-1]

    assert status == 2
    assert last.startswith("error TRN111: bureau.SK_ID_BUREAU: 1 key is on several rows, for example 1")
    assert not (tmp_path / "f.parquet").exists()
