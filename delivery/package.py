"""The package of a function: rooms, bundle and trimmed dependencies, compiled; the same inputs give the same bytes.

The same bytes matter beyond tidiness: SAM publishes a version of the function when the hash of its package changes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from delivery.errors import DeliveryError
from delivery.paths import BUNDLE, CHALLENGER, DOSSIER_FUNCTION, FUNCTION, POLICY, ROOM
from delivery.trimming import UNNEEDED, UNNEEDED_OF_DUCKDB, trim
from scoring.bundle import Bundle
from scoring.contract import CONTRACT_FILE, SEALED_FILES
from scoring.errors import ContractError
from scoring.policy import PolicyInForce

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

# Lambda's Python 3.12 runs on Amazon Linux 2023, glibc 2.34; wheels for 2.28 are the newest that all dependencies have.
PLATFORM = "x86_64-manylinux_2_28"
WHERE_LAMBDA_PUTS_IT = "/var/task"
# Any fixed instant that a zip file can hold.
EPOCH = 315_619_200
MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Recipe:
    """What goes into the package of a function.

    Attributes
    ----------
    rooms
        Folders of ``lambda/``.
    requirements
        File of its dependencies, beside them.
    unneeded
        What is trimmed of the dependencies, see `delivery.trimming`.
    """

    rooms: tuple[str, ...]
    requirements: str
    unneeded: Mapping[str, str]


RECIPES = {
    FUNCTION: Recipe(("scoring",), "requirements.txt", UNNEEDED),
    DOSSIER_FUNCTION: Recipe(("scoring", "features"), "requirements-dossier.txt", UNNEEDED | UNNEEDED_OF_DUCKDB),
}


def function_of(package: Path) -> str:
    """Return which function a built package is of."""
    return DOSSIER_FUNCTION if (package / "features").is_dir() else FUNCTION


def build_package(package: Path, function: str = FUNCTION) -> None:
    """Fill an absent or empty folder with the package of a function.

    Raises
    ------
    DeliveryError
        When a seal is broken, of the bundle or of what stands beside it, when a dependency cannot be installed, or the
        trimming list is out of date.
    """
    check_bundles()
    package.mkdir(parents=True, exist_ok=True)
    recipe = RECIPES[function]
    _install_dependencies(package, ROOM / recipe.requirements)
    trim(package, recipe.unneeded)
    copy_rooms(package, recipe.rooms)
    _compile(package)
    _level(package)


def check_bundles() -> None:
    """Open what is to be packaged, as the function will.

    Raises
    ------
    DeliveryError
        When a seal is broken: of the bundle, of the challenger, or of the lender's rules.
    """
    try:
        bundle = Bundle.open(BUNDLE)
        if CHALLENGER.is_dir():
            Bundle.open(CHALLENGER)
    except ContractError as error:
        raise DeliveryError(f"the bundle cannot be packaged: {error}") from error
    if POLICY.is_file() and (trouble := PolicyInForce.open(POLICY, bundle.contract).trouble):
        raise DeliveryError(f"the lender's rules cannot be packaged: {trouble}")


def _install_dependencies(package: Path, requirements: Path) -> None:
    # Copies: uv links to its cache otherwise, and _level would change the cache's files.
    target = [
        "--target",
        str(package),
        "--python-platform",
        PLATFORM,
        "--python-version",
        "3.12",
        "--link-mode",
        "copy",
    ]
    exactly = ["--only-binary", ":all:", "--require-hashes", "--no-deps", "-r", str(requirements)]
    _run([sys.executable, "-m", "uv", "pip", "install", "--quiet", *target, *exactly])


def copy_rooms(package: Path, rooms: Sequence[str]) -> None:
    """Copy rooms, bundle, and where they are there, challenger and rules to their places in a package."""
    compiled = shutil.ignore_patterns("__pycache__")
    for room in rooms:
        shutil.copytree(ROOM / room, package / room, ignore=compiled, dirs_exist_ok=True)
    _copy_bundle(BUNDLE, package / BUNDLE.name)
    if CHALLENGER.is_dir():
        _copy_bundle(CHALLENGER, package / CHALLENGER.name)
    if POLICY.is_file():
        shutil.copyfile(POLICY, package / POLICY.name)


def _copy_bundle(bundle: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name in (CONTRACT_FILE, *SEALED_FILES):
        shutil.copyfile(bundle / name, folder / name)


def _compile(package: Path) -> None:
    """Compile all sources; Lambda's file system is read-only, so it could not keep what it compiles itself."""
    # Unchecked: no source is read to see whether it has changed. Traces name files by the place they will have.
    options = ["-q", "-j", "0", "--invalidation-mode", "unchecked-hash"]
    places = ["-s", str(package), "-p", WHERE_LAMBDA_PUTS_IT, str(package)]
    # The order of a frozenset in compiled code follows the hash seed.
    _run([sys.executable, "-m", "compileall", *options, *places], PYTHONHASHSEED="0")


def _level(package: Path) -> None:
    """Give every file the same date and plain permissions: both go into the zip."""
    for path in package.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
        os.utime(path, (EPOCH, EPOCH))


def _run(command: Sequence[str], **environment: str) -> None:
    done = subprocess.run(  # noqa: S603  the project's own commands
        command, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise DeliveryError(f"{' '.join(command[1:4])} failed:\n{done.stdout}{done.stderr}".rstrip())


def with_bundle(package: Path, bundle: Path, folder: Path) -> Path:
    """Write a package that differs from a built one in its bundle alone, and return its folder."""
    shutil.copytree(package, folder, copy_function=os.link, ignore=shutil.ignore_patterns(BUNDLE.name))
    _copy_bundle(bundle, folder / BUNDLE.name)
    return folder


def files_of(package: Path) -> list[Path]:
    """Return the files of a package, in a fixed order."""
    return sorted(path for path in package.rglob("*") if path.is_file())


def unzipped_size(package: Path) -> int:
    """Return the bytes of all files of a package; Lambda allows 250 MB with all layers."""
    return sum(path.stat().st_size for path in files_of(package))


def write_zip(package: Path, target: Path, *, only: Sequence[str] = ()) -> None:
    """Write the archive that is uploaded; with `only`, nothing but the named folders of the package."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files_of(package):
            place = path.relative_to(package)
            if not only or place.parts[0] in only:
                archive.write(path, place)
