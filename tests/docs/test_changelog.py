"""The changelog keeps its form, and its newest release is the version of the project."""

from __future__ import annotations

import re
import tomllib

from delivery.paths import ROOT

CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
SECTIONS = ["Added", "Changed", "Fixed", "Removed"]
RELEASES = re.findall(r"^## (.+)$", CHANGELOG, re.MULTILINE)


def test_newest_release_is_the_version_of_the_project() -> None:
    """What is not released yet stands first, then releases with their day; the newest is that of pyproject.toml."""
    unreleased, newest, *before = RELEASES

    assert unreleased == "Unreleased"
    assert newest.startswith(f"{VERSION} - ")
    assert [one for one in (newest, *before) if not re.fullmatch(r"\d+\.\d+\.\d+ - \d{4}-\d{2}-\d{2}", one)] == []


def test_each_release_has_each_section_once_and_in_order() -> None:
    """A reader finds what was added, changed, fixed and removed in one place each."""
    for release in re.split(r"^## .+$", CHANGELOG, flags=re.MULTILINE)[1:]:
        found = re.findall(r"^### (.+)$", release, re.MULTILINE)

        assert found == [section for section in SECTIONS if section in found]


def test_what_changes_an_answer_stands_first() -> None:
    """An entry about a probability or a decision leads its section."""
    for section in re.split(r"^##+ .+$", CHANGELOG, flags=re.MULTILINE):
        entries = re.findall(r"^- (.+)$", section, re.MULTILINE)
        leading = [entry.startswith(("Probabilities:", "Decisions:")) for entry in entries]

        assert leading == sorted(leading, reverse=True)


def test_pages_that_name_a_version_name_this_one() -> None:
    """The tag of the first deployment is that of the release."""
    deployment = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")

    assert set(re.findall(r"git tag v(\d+\.\d+\.\d+)", deployment)) == {VERSION}
