"""Outputs appear complete or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from training.errors import DataError
from training.files import written_file, written_folder

if TYPE_CHECKING:
    from pathlib import Path


def test_written_file_appears_when_complete(tmp_path: Path) -> None:
    """The file is there after the block, and nothing else is."""
    with written_file(tmp_path / "sub" / "out.txt") as temporary:
        temporary.write_text("whole", encoding="utf-8")

    assert [path.name for path in (tmp_path / "sub").iterdir()] == ["out.txt"]


def test_written_file_leaves_the_old_one_on_error(tmp_path: Path) -> None:
    """An error in the block keeps what stood there and removes the rest."""
    out = tmp_path / "out.txt"
    out.write_text("old", encoding="utf-8")

    with pytest.raises(IsADirectoryError), written_file(out) as temporary:
        temporary.with_name("elsewhere").write_text((tmp_path).read_text("utf-8"), encoding="utf-8")
    assert [(path.name, path.read_text("utf-8")) for path in tmp_path.iterdir()] == [("out.txt", "old")]


def test_written_folder_replaces_the_old_one_whole(tmp_path: Path) -> None:
    """Files of the folder that was there before are gone, and no trace of the exchange stays."""
    out = tmp_path / "bundle"
    out.mkdir()
    (out / "old").touch()
    with written_folder(out) as temporary:
        (temporary / "new").touch()

    assert [path.name for path in out.iterdir()] == ["new"]
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_written_folder_leaves_the_old_one_on_error(tmp_path: Path) -> None:
    """An error in the block keeps the folder as it was."""
    out = tmp_path / "bundle"
    out.mkdir()
    (out / "old").touch()

    with pytest.raises(FileNotFoundError), written_folder(out) as temporary:
        (temporary / "new").write_text((temporary / "absent").read_text("utf-8"), encoding="utf-8")
    assert [path.name for path in out.iterdir()] == ["old"]
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_written_file_refuses_a_folder_at_its_place(tmp_path: Path) -> None:
    """A folder where the file should be is said at once, and stays."""
    (tmp_path / "out").mkdir()

    with (
        pytest.raises(DataError, match=r"TRN161: .*out cannot be written \(it is a folder\)"),
        written_file(tmp_path / "out"),
    ):
        pass


def test_written_folder_refuses_a_file_at_its_place(tmp_path: Path) -> None:
    """A file where the folder should be is said at once, and stays as it was."""
    (tmp_path / "out").write_text("old", encoding="utf-8")

    with (
        pytest.raises(DataError, match=r"TRN161: .*out cannot be written \(it is a file"),
        written_folder(tmp_path / "out"),
    ):
        pass
    assert (tmp_path / "out").read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("written", [written_file, written_folder])
def test_a_place_that_cannot_be_written_is_one_line(written: object, tmp_path: Path) -> None:
    """A file where a folder should be: the message names the place and what to give."""
    (tmp_path / "file").touch()

    with pytest.raises(DataError, match=r"TRN161: .*cannot be written"), written(tmp_path / "file" / "out"):  # type: ignore[operator]
        pass
