"""Findings stand alone: each says what was seen and when, installs what it names, and runs without this product."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from delivery.paths import ROOT
from documents.imports import ROOMS

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = ROOT / "findings"
FINDINGS = sorted(FOLDER.glob("*.sh"))
HEAD = re.compile(
    r"#!/usr/bin/env bash\n"
    r"# Subject: +(?P<subject>\S.*)\n(?:#  .*\n)*?"
    r"# Versions: +(?P<versions>\S.*)\n(?:#  .*\n)*?"
    r"# Behaviour: +\S.*\n(?:#  .*\n)*?"
    r"# Seen: +(?P<date>\d{4}-\d\d-\d\d)\n(?:#  .+\n)+"
    r"set -euo pipefail\n"
)
ROW = re.compile(r"^\| `(?P<name>[a-z0-9-]+)` \| .+ \| (?P<date>\d{4}-\d\d-\d\d) \|$", re.MULTILINE)
every_finding = pytest.mark.parametrize("finding", FINDINGS, ids=lambda path: path.stem)


@every_finding
def test_head_says_what_was_seen(finding: Path) -> None:
    """Subject, versions, behaviour in words, and the output with its date stand at the top."""
    assert HEAD.match(finding.read_text(encoding="utf-8"))


@every_finding
def test_packages_are_pinned(finding: Path) -> None:
    """Whatever is installed is installed in one version, else another day sees something else."""
    text = finding.read_text(encoding="utf-8").replace("\\\n", " ")
    installs = re.findall(r"pip\" install --quiet(.*)", text)

    assert installs
    assert all("==" in package for install in installs for package in install.split())


@every_finding
def test_finding_needs_no_room_and_leaves_nothing(finding: Path) -> None:
    """It imports no room of this house, works in a temporary folder and takes that away, whatever happens."""
    text = finding.read_text(encoding="utf-8")
    imported = set(re.findall(r"^(?:import|from) (\w+)", text, re.MULTILINE))

    assert imported & set(ROOMS) == set()
    assert "mktemp -d" in text
    assert "trap 'rm -rf \"$folder\"' EXIT" in text


@every_finding
def test_finding_fails_when_the_behaviour_changed(finding: Path) -> None:
    """At the end stands a comparison with what was seen."""
    assert ', "changed: ' in finding.read_text(encoding="utf-8")


@every_finding
def test_shell_can_read_it(finding: Path) -> None:
    """It is a program that bash parses, and may be started by its name."""
    subprocess.run(["bash", "-n", str(finding)], check=True)

    assert os.access(finding, os.X_OK)


def test_list_is_complete() -> None:
    """The list by subject names every finding once, with the date in its head."""
    listed = [(row["name"], row["date"]) for row in ROW.finditer((FOLDER / "README.md").read_text(encoding="utf-8"))]
    heads = [(path.stem, HEAD.match(path.read_text(encoding="utf-8"))) for path in FINDINGS]

    assert sorted(listed) == [(name, head["date"]) for name, head in heads if head]
