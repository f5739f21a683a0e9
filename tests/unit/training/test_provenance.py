"""Kept results are those of this very code: every source they run through is in their name."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from training import provenance
from training.files import ROOT
from training.provenance import MAKES_BUNDLES, code_fingerprint, git_commit
from training.selection.assessment_store import work_fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the sources that training runs through."""
    root = tmp_path_factory.mktemp("checkout")
    for room in MAKES_BUNDLES:
        shutil.copytree(ROOT / room, root / room, ignore=shutil.ignore_patterns("__pycache__", "*.ipynb"))
    return root


@pytest.fixture(scope="module")
def before(checkout: Path) -> dict[str, str]:
    """Return the fingerprints of the copy as it is."""
    return {work: fingerprint(checkout) for work, fingerprint in FINGERPRINTS.items()}


FINGERPRINTS: dict[str, Callable[[Path], str]] = {
    "assessments": work_fingerprint,
    "features": lambda root: code_fingerprint("training.features.build", root=root),
}


def after_a_byte(work: str, source: str, checkout: Path) -> str:
    """Return a fingerprint with one byte more in a source, which is put back."""
    content = (checkout / source).read_bytes()
    (checkout / source).write_bytes(content + b"\n")
    code_fingerprint.cache_clear()
    changed = FINGERPRINTS[work](checkout)
    (checkout / source).write_bytes(content)
    return changed


@pytest.mark.parametrize(
    ("work", "source"),
    [
        ("assessments", "training/candidates/imbalance.py"),
        ("assessments", "training/compiler/leaf_tables.py"),
        ("assessments", "training/features/feature_space.py"),
        ("assessments", "training/selection/calibration.py"),
        ("assessments", "training/selection/folds.py"),
        ("assessments", "training/selection/serving_cost.py"),
        ("assessments", "metrics/costs.py"),
        ("assessments", "metrics/quality.py"),
        ("assessments", "lambda/scoring/model.py"),
        ("features", "lambda/features/sql.py"),
        ("features", "training/features/one_row.py"),
        ("features", "training/sources/reading.py"),
    ],
)
def test_work_is_done_again_when_its_code_changes(
    work: str, source: str, checkout: Path, before: dict[str, str]
) -> None:
    """One byte more in any source that the work runs through gives what is kept another name."""
    assert after_a_byte(work, source, checkout) != before[work]


@pytest.mark.parametrize(
    ("work", "source"),
    [("assessments", "training/commands/train.py"), ("features", "training/selection/folds.py")],
)
def test_other_code_throws_nothing_away(work: str, source: str, checkout: Path, before: dict[str, str]) -> None:
    """What the work does not run through may change without hours of it being done again."""
    assert after_a_byte(work, source, checkout) == before[work]


def test_code_is_the_same_wherever_it_lies(before: dict[str, str]) -> None:
    """Who checks the project out elsewhere finds the same names."""
    assert {work: fingerprint(ROOT) for work, fingerprint in FINGERPRINTS.items()} == before


def test_commit_is_that_of_the_checkout() -> None:
    """Forty hexadecimal digits, with a mark where the code differs, or the word for a copy without history."""
    commit = git_commit()

    assert commit == "unknown" or len(commit.removesuffix("-dirty")) == 40


def test_every_room_that_makes_a_bundle_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change in any of them marks the commit, one elsewhere does not; outside a checkout nothing is known."""
    assert [name for name in MAKES_BUNDLES if not (ROOT / name).is_dir()] == []
    monkeypatch.setattr(provenance, "ROOT", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert git_commit() == "unknown"
    for name in (*MAKES_BUNDLES, "docs"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "file").touch()
    identity = ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-q", "-m", "t"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    (tmp_path / "docs" / "file").write_text("changed", encoding="utf-8")
    clean = git_commit()

    assert len(clean) == 40
    for name in MAKES_BUNDLES:
        (tmp_path / name / "file").write_text("changed", encoding="utf-8")
        assert git_commit() == f"{clean}-dirty"
        (tmp_path / name / "file").write_text("", encoding="utf-8")
