"""Building the package: what it refuses, and how it is measured."""

from __future__ import annotations

import shutil
import zipfile
from typing import TYPE_CHECKING

import pytest

from delivery import package, paths
from delivery.__main__ import main
from delivery.errors import DeliveryError
from scoring.contract import CONTRACT_FILE, SEALED_FILES
from scoring.settings import DEFAULT_CHALLENGER, DEFAULT_POLICY

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


def test_package_has_the_rules_and_the_challenger_that_lie_beside_the_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a parameter may put into force or into the shadow is there, file by file, where the function looks."""
    challenger = tmp_path / "challenger"
    shutil.copytree(paths.BUNDLE, challenger)
    (challenger / "notes.txt").write_text("not of the bundle")
    monkeypatch.setattr(package, "CHALLENGER", challenger)
    built = tmp_path / "package"
    package.check_bundles()
    package.copy_rooms(built, ["scoring"])

    assert (built / "regles.json").read_bytes() == paths.POLICY.read_bytes()
    assert {path.name for path in (built / "challenger").iterdir()} == {CONTRACT_FILE, *SEALED_FILES}
    assert (DEFAULT_POLICY.name, DEFAULT_CHALLENGER.name) == (paths.POLICY.name, paths.CHALLENGER.name)


@pytest.mark.parametrize(("spoilt", "told"), [("rules", "SCR209"), ("challenger", "SCR203")])
def test_build_refuses_what_is_not_as_it_was_sealed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoilt: str, told: str
) -> None:
    """Edited rules, or a challenger of mixed files, are met before anything is uploaded."""
    rules, challenger = tmp_path / "regles.json", tmp_path / "challenger"
    rules.write_bytes(paths.POLICY.read_bytes().replace(b"> 90", b"> 91", 1 if spoilt == "rules" else 0))
    shutil.copytree(paths.BUNDLE, challenger)
    if spoilt == "challenger":
        (challenger / "model.onnx").write_bytes(b"another model")
    monkeypatch.setattr(package, "POLICY", rules)
    monkeypatch.setattr(package, "CHALLENGER", challenger)

    with pytest.raises(DeliveryError, match=told):
        package.build_package(tmp_path / "package")


def test_write_zip_holds_every_file_at_its_place(tmp_path: Path) -> None:
    """The archive has the names that Lambda unpacks, in a fixed order."""
    folder = tmp_path / "package"
    for name in ("b/two.py", "a.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("1")
    package.write_zip(folder, tmp_path / "package.zip")

    assert zipfile.ZipFile(tmp_path / "package.zip").namelist() == ["a.py", "b/two.py"]
    assert package.unzipped_size(folder) == 2
