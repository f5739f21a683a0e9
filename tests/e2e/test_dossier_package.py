"""The package of the function for dossiers: what is in it, and that it answers with nothing but its own files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from delivery.__main__ import main
from delivery.events import FORMATS, HttpRequest, golden_dossiers
from delivery.package import MEBIBYTE, build_package, files_of, unzipped_size, write_zip
from delivery.paths import BUNDLE, DOSSIER_FUNCTION, ROOM
from scoring.bundle import sha256_of

if TYPE_CHECKING:
    from pathlib import Path

    from delivery.emulator import Emulator

pytestmark = pytest.mark.e2e

# The other function's, and DuckDB.
LARGEST_UNZIPPED = 190 * MEBIBYTE
LARGEST_ZIPPED = 70 * MEBIBYTE
NEVER_DEPLOYED = {"pandas", "pyarrow", "sklearn", "lightgbm", "mlflow", "onnx", "training", "metrics", "delivery"}


def seals_of(folder: Path) -> dict[str, str]:
    """Return the hash of each source or data file below a folder."""
    files = (path for path in files_of(folder) if path.suffix != ".pyc")
    return {str(path.relative_to(folder)): sha256_of(path.read_bytes()) for path in files}


def answer_of(emulator: Emulator, form: str, path: str, content: object) -> tuple[int, dict[str, Any]]:
    """Return the status and the body of an answer."""
    answer = emulator.invoke(FORMATS[form](HttpRequest.post(path, content)))
    return answer["statusCode"], dict(json.loads(answer["body"]))


def test_package_holds_the_current_rooms_and_bundle(dossier_package: Path) -> None:
    """Features and bundle are those of the working tree, and no room of training came along."""
    for folder in ("scoring", "features", "bundle"):
        assert seals_of(dossier_package / folder) == seals_of(ROOM / folder)
    assert set() == NEVER_DEPLOYED & {path.name.split(".")[0] for path in dossier_package.iterdir()}


def test_package_is_within_its_size(dossier_package: Path, tmp_path: Path) -> None:
    """DuckDB makes it larger than the other function's, and not more."""
    archive = tmp_path / "package.zip"
    write_zip(dossier_package, archive)

    assert unzipped_size(dossier_package) < LARGEST_UNZIPPED
    assert archive.stat().st_size < LARGEST_ZIPPED


def test_package_is_the_same_when_built_again(dossier_package: Path, tmp_path: Path) -> None:
    """The same sources give the same files, so that SAM publishes a version only when something changed."""
    build_package(tmp_path / "again", DOSSIER_FUNCTION)

    assert seals_of(tmp_path / "again") == seals_of(dossier_package)


def test_golden_answers_are_given_from_the_package_alone(
    dossier_package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Golden applications and dossiers get the trainer's probabilities and decisions."""
    status = main(["smoke", "--package", str(dossier_package)])

    assert status == 0
    assert "gives the trained model's answers" in capsys.readouterr().out


@pytest.mark.parametrize("form", FORMATS)
def test_dossier_is_answered_in_both_formats(dossier_emulator: Emulator, form: str) -> None:
    """A dossier of the bundle's population gets its decision, its reasons and the account of its tables."""
    golden = golden_dossiers(BUNDLE)[-1]
    status, reply = answer_of(dossier_emulator, form, "/v1/dossier", golden["dossier"])

    assert status == 200
    assert reply["classe"] == golden["decision"]
    assert reply["explications_locales"]
    assert [one["lignes_lues"] for one in reply["historiques"]] == [
        len(golden["dossier"][one["table"]]) for one in reply["historiques"]
    ]


def test_wrong_dossier_is_told_every_problem(dossier_emulator: Emulator) -> None:
    """Places, not traces; and the next request is answered."""
    dossier = golden_dossiers(BUNDLE)[0]["dossier"]
    status, problem = answer_of(dossier_emulator, "rest", "/v1/dossier", dossier | {"bureau": {}, "clients": []})

    assert (status, {one["champ"] for one in problem["problemes"]}) == (422, {"bureau", "clients"})
    assert answer_of(dossier_emulator, "rest", "/v1/dossier", dossier)[0] == 200
