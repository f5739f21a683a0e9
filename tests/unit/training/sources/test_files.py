"""Finding the file of each table."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from training.errors import DataError
from training.sources.files import find_files, similar_file

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "name",
    ["bureau.csv", "BUREAU.CSV", "Bureau.csv.gz", "bureau.parquet"],
)
def test_file_is_found_under_any_ending_and_case(tmp_path: Path, name: str) -> None:
    """The table is told by the stem of the name, whatever its case and packing."""
    (tmp_path / name).touch()

    assert find_files(tmp_path)["bureau"].path.name == name


def test_files_that_are_no_tables_are_passed_over(tmp_path: Path) -> None:
    """Other files of the competition, backups and other folders do not get in the way."""
    for name in ("HomeCredit_columns_description.csv", "sample_submission.csv", "bureau.csv.bak"):
        (tmp_path / name).touch()
    (tmp_path / "notebooks").mkdir()

    assert find_files(tmp_path) == {}


def test_folder_under_the_name_of_a_table_is_refused(tmp_path: Path) -> None:
    """Some unpackers make a folder of the file's name with the file inside: that is not an absent table."""
    (tmp_path / "bureau.csv").mkdir()

    with pytest.raises(DataError, match=r"TRN105: .*bureau\.csv is a folder, not a file; put the file itself in its"):
        find_files(tmp_path)


def test_link_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    """A link to a disk that is not there is not an absent table."""
    (tmp_path / "bureau.csv").symlink_to(tmp_path / "elsewhere.csv")

    with pytest.raises(DataError, match=r"TRN105: .*bureau\.csv is a link that leads nowhere, not a file"):
        find_files(tmp_path)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("bureaux.csv", "bureaux.csv"),
        ("Bureau.xlsx", "Bureau.xlsx"),
        ("bureau (1).csv", "bureau (1).csv"),
        ("bureau_balance.csv", None),
        ("sample_submission.csv", None),
    ],
)
def test_file_with_a_similar_name_is_found(tmp_path: Path, name: str, found: str | None) -> None:
    """A misspelt or twice fetched file is proposed; another table is not."""
    (tmp_path / name).touch()

    assert similar_file(tmp_path, "bureau") == found


def test_one_archive_may_hold_all_tables(tmp_path: Path) -> None:
    """The archive Kaggle hands out is used as it is; what macOS adds to a zip is left aside."""
    with zipfile.ZipFile(tmp_path / "home-credit-default-risk.zip", "w") as archive:
        for member in ("data/bureau.csv", "application_train.csv", "__MACOSX/._bureau.csv", "__MACOSX/bureau.csv"):
            archive.writestr(member, "x")
    found = find_files(tmp_path)

    assert {name: source.member for name, source in found.items()} == {
        "application_train": "application_train.csv",
        "bureau": "data/bureau.csv",
    }


def test_missing_folder_is_named(tmp_path: Path) -> None:
    """A folder that does not exist is told at once."""
    with pytest.raises(DataError, match=r"TRN101: there is no data folder .*nowhere; give the folder"):
        find_files(tmp_path / "nowhere")


def test_two_files_for_one_table_are_refused(tmp_path: Path) -> None:
    """Which of two files is meant is not guessed."""
    (tmp_path / "bureau.csv").touch()
    (tmp_path / "bureau.parquet").touch()

    with pytest.raises(DataError, match=r"TRN103: bureau\.csv and bureau\.parquet both hold bureau; keep one of them"):
        find_files(tmp_path)


def test_damaged_zip_is_refused(tmp_path: Path) -> None:
    """A zip that was cut short is named."""
    (tmp_path / "bureau.csv.zip").write_bytes(b"PK\x03\x04 half of it")

    with pytest.raises(DataError, match=r"TRN104: bureau\.csv\.zip cannot be read: it is damaged or cut short"):
        find_files(tmp_path)
