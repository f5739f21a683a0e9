"""Trimming removes what the list names, and says when the list is out of date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from delivery import trimming
from delivery.errors import DeliveryError

if TYPE_CHECKING:
    from pathlib import Path


def an_installed_tree(folder: Path) -> Path:
    """Return a folder as an installer leaves it."""
    for name in ("lib/core.py", "lib/core.pyi", "lib/tests/test_core.py", "lib-1.dist-info/METADATA"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    (folder / "lib-1.dist-info" / "licenses").mkdir()
    return folder


def test_trim_keeps_what_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules and the metadata that scanners read stay; stubs, tests and the rest of the metadata go."""
    monkeypatch.setattr(trimming, "UNNEEDED", {"**/*.pyi": "stubs", "**/tests": "tests"})
    package = an_installed_tree(tmp_path)
    trimming.trim(package)

    assert {"lib", "lib/core.py", "lib-1.dist-info", "lib-1.dist-info/METADATA"} == {
        str(path.relative_to(package)) for path in package.rglob("*")
    }


def test_trim_refuses_a_pattern_without_a_match(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a dependency moves a file, the build fails and names the pattern."""
    monkeypatch.setattr(trimming, "UNNEEDED", {"lib/moved.so": "no longer there"})

    with pytest.raises(DeliveryError, match=r"lib/moved\.so matches nothing"):
        trimming.trim(an_installed_tree(tmp_path))


def test_every_pattern_says_why() -> None:
    """The list is its own documentation."""
    assert all(trimming.UNNEEDED.values())
