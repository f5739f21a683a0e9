"""A clone has the bytes that were committed, on a machine that turns line ends as well."""

from __future__ import annotations

import hashlib
import subprocess
from typing import TYPE_CHECKING

import pytest

from delivery.paths import BUNDLE, EVENTS, ROOT
from scoring.bundle import Bundle

if TYPE_CHECKING:
    from pathlib import Path

GOLDEN = ROOT / "tests" / "golden"
SEALED = sorted([*BUNDLE.iterdir(), *GOLDEN.glob("*.json"), *EVENTS.glob("*.json"), ROOT / "docs" / "version.json"])


def git(*arguments: str) -> str:
    """Return what git prints in the repository."""
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clone the repository as Git for Windows does by default: LF becomes CRLF in what it takes for text."""
    folder = tmp_path_factory.mktemp("clone") / "repository"
    git("-c", "core.autocrlf=true", "clone", "--quiet", "--shared", str(ROOT), str(folder))
    return folder


def test_bundle_of_a_clone_opens(clone: Path) -> None:
    """Every seal holds: a line end that changed would make the function refuse to start."""
    assert Bundle.open(clone / "lambda" / "bundle").contract == Bundle.open(BUNDLE).contract


def test_clone_has_the_bytes_that_were_committed(clone: Path) -> None:
    """Sealed, golden and hashed files, scripts and all others are what the repository holds."""
    committed = [line.split(maxsplit=3) for line in git("ls-tree", "-r", "HEAD").splitlines()]
    changed = [path for _, _, blob, path in committed if blob != blob_of(clone / path)]

    assert len(committed) > len(SEALED)
    assert changed == []


def blob_of(path: Path) -> str:
    """Return the name that git gives to the bytes of a file, unfiltered."""
    content = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


@pytest.mark.parametrize("path", SEALED, ids=lambda path: path.name)
def test_no_attribute_lets_git_turn_a_sealed_file(path: Path) -> None:
    """What is sealed or compared byte for byte is no text to git, in what is about to be committed too."""
    assert git("check-attr", "text", "--", str(path.relative_to(ROOT))).strip().endswith("text: unset")
