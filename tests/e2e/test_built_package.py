"""The package as it is deployed: what is in it, how large it is, that it is up to date and the same every time."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from delivery.emulator import ALONE, INTERPRETER, package_environment
from delivery.package import MEBIBYTE, build_package, files_of, unzipped_size, write_zip
from delivery.paths import BUNDLE, ROOM
from scoring.bundle import sha256_of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e

# A megabyte as AWS counts its limits would be smaller; the aims are ours and in MiB.
LARGEST_UNZIPPED = 120 * MEBIBYTE
LARGEST_ZIPPED = 45 * MEBIBYTE
NEVER_DEPLOYED = (
    "pandas",
    "sklearn",
    "scipy",
    "lightgbm",
    "xgboost",
    "shap",
    "mlflow",
    "onnx",
    "skl2onnx",
    "onnxmltools",
    "duckdb",
    "evidently",
    "streamlit",
    "sympy",
    "training",
    "monitoring",
    "frontend",
    "delivery",
)


def seals_of(folder: Path) -> dict[str, str]:
    """Return the hash of each source or data file below a folder."""
    return {name: seal for name, (seal, *_) in zip_entries(folder).items() if not name.endswith(".pyc")}


def zip_entries(folder: Path) -> dict[str, tuple[str, int, float]]:
    """Return what an archive keeps of each file below a folder: hash, permissions, date."""
    return {
        str(path.relative_to(folder)): (sha256_of(path.read_bytes()), path.stat().st_mode, path.stat().st_mtime)
        for path in files_of(folder)
    }


def run_alone(package: Path, program: str) -> str:
    """Run a program in an interpreter that sees the package and the standard library."""
    done = subprocess.run(
        [str(INTERPRETER), *ALONE, "-c", program],
        cwd=package,
        env=package_environment(package),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


def test_package_holds_the_current_room_and_bundle(package: Path) -> None:
    """What the tests run is what the working tree holds: a stale package is not mistaken for it."""
    assert seals_of(ROOM / "scoring") == seals_of(package / "scoring")
    assert seals_of(BUNDLE) == seals_of(package / "bundle")


def test_package_holds_no_training_library(package: Path) -> None:
    """Nothing of the offline rooms, and none of their libraries, is deployed."""
    shipped = {path.name.split(".")[0] for path in package.iterdir()}

    assert set() == shipped & set(NEVER_DEPLOYED)


def test_package_holds_no_leftover(package: Path) -> None:
    """Tests, type stubs, headers, requirement files and stray bytecode stay behind."""
    leftovers = ("requirements*", "*.pyi", "*.h", "*.a", "Makefile", "test_*.py", ".lock")

    assert [path for pattern in leftovers for path in package.rglob(pattern)] == []


def test_package_is_compiled(package: Path) -> None:
    """Every module has bytecode that is used as it is: the file system of Lambda is read-only."""
    sources = list(package.rglob("*.py"))
    compiled = [path.parent / "__pycache__" / f"{path.stem}.cpython-312.pyc" for path in sources]

    assert sources
    # Bytes 4 to 8 hold the flags: 1 is "named by a hash", without 2, "check the source".
    assert {1} == {int.from_bytes(path.read_bytes()[4:8], "little") for path in compiled}


def test_package_is_small(package: Path, tmp_path: Path) -> None:
    """A small package starts and deploys fast: far below Lambda's limits."""
    archive = tmp_path / "package.zip"
    write_zip(package, archive)

    assert unzipped_size(package) < LARGEST_UNZIPPED
    assert archive.stat().st_size <= LARGEST_ZIPPED


def test_package_is_the_same_when_built_again(package: Path, tmp_path: Path) -> None:
    """The same sources give the same archive, so that SAM publishes a version only when something changed."""
    build_package(tmp_path / "again")

    assert zip_entries(package) == zip_entries(tmp_path / "again")


def test_trimming_leaves_the_libraries_whole_for_the_room(package: Path) -> None:
    """What the room may import of each dependency still imports, alone: linear algebra, random numbers, docs."""
    program = (
        "import json, sys, scoring.handler, numpy.linalg, numpy.random\n"
        "json.dump(sorted({name.split('.')[0] for name in sys.modules}), sys.stdout)"
    )
    imported = set(json.loads(run_alone(package, program).splitlines()[-1]))

    assert {"numpy", "onnxruntime", "fastapi", "mangum", "pydantic"} <= imported
    assert set() == imported & set(NEVER_DEPLOYED)


def test_cold_start_leaves_the_collector_on_and_its_own_objects_out(package: Path) -> None:
    """Garbage is collected while requests are answered, but what the cold start made is not looked through again."""
    program = "import gc, scoring.handler; print(gc.isenabled(), gc.get_freeze_count() > 10_000)"

    assert run_alone(package, program).splitlines()[-1] == "True True"


def test_no_plugin_is_looked_for(package: Path) -> None:
    """What a package declares as a plugin of pydantic is not imported, nor searched for in each cold start."""
    assert package_environment(package)["PYDANTIC_DISABLE_PLUGINS"] == "__all__"
    program = "import pydantic.plugin._loader as loader; print(list(loader.get_plugins()))"

    assert run_alone(package, program).splitlines()[-1] == "[]"
