"""Trimming removes what the list names, and says when the list is out of date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from delivery.errors import DeliveryError
from delivery.trimming import UNNEEDED, UNNEEDED_OF_DUCKDB, trim

if TYPE_CHECKING:
    from pathlib import Path


def an_installed_tree(folder: Path) -> Path:
    """Return a folder as an installer leaves it."""
    for name in ("lib/core.py", "lib/core.pyi", "lib/tests/test_core.py", "lib-1.dist-info/METADATA"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    (folder / "lib-1.dist-info" / "licenses").mkdir()
    return folder


def test_trim_keeps_what_runs(tmp_path: Path) -> None:
    """Modules and the metadata that scanners read stay; stubs, tests and the rest of the metadata go."""
    package = an_installed_tree(tmp_path)
    trim(package, {"**/*.pyi": "stubs", "**/tests": "tests"})

    assert {"lib", "lib/core.py", "lib-1.dist-info", "lib-1.dist-info/METADATA"} == {
        str(path.relative_to(package)) for path in package.rglob("*")
    }


def test_trim_refuses_a_pattern_without_a_match(tmp_path: Path) -> None:
    """When a dependency moves a file, the build fails and names the pattern."""
    with pytest.raises(DeliveryError, match=r"lib/moved\.so matches nothing"):
        trim(an_installed_tree(tmp_path), {"lib/moved.so": "no longer there"})


def test_every_pattern_says_why() -> None:
    """The list is its own documentation."""
    assert all((UNNEEDED | UNNEEDED_OF_DUCKDB).values())
