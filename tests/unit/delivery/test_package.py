"""Building the package: what it refuses, and how it is measured."""

from __future__ import annotations

import shutil
import zipfile
from typing import TYPE_CHECKING

import pytest

from delivery import package, paths
from delivery.__main__ import main
from delivery.errors import DeliveryError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def broken_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the build read a bundle whose model is not the sealed one."""
    copy = tmp_path / "bundle"
    shutil.copytree(paths.BUNDLE, copy)
    (copy / "model.onnx").write_bytes(b"another model")
    monkeypatch.setattr(package, "BUNDLE", copy)
    return copy


def test_build_refuses_a_broken_bundle(broken_bundle: Path, tmp_path: Path) -> None:
    """A bundle that would refuse to start is not packaged, and nothing is written."""
    with pytest.raises(DeliveryError, match="SCR203"):
        package.build_package(tmp_path / "package")

    assert not (tmp_path / "package").exists()


def test_build_command_says_it_in_one_line(
    broken_bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command ends with status 2 and one line that names the file."""
    status = main(["build", "--out", str(tmp_path / "package")])
    (line,) = capsys.readouterr().err.splitlines()

    assert status == 2
    assert line.startswith("error the bundle cannot be packaged: SCR203")


def test_write_zip_holds_every_file_at_its_place(tmp_path: Path) -> None:
    """The archive has the names that Lambda unpacks, in a fixed order."""
    folder = tmp_path / "package"
    for name in ("b/two.py", "a.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("1")
    package.write_zip(folder, tmp_path / "package.zip")

    assert zipfile.ZipFile(tmp_path / "package.zip").namelist() == ["a.py", "b/two.py"]
    assert package.unzipped_size(folder) == 2
