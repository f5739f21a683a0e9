"""Pages lead to what exists: links, paths, modules, commands; and the index of docs/ leaves none out."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from delivery.paths import ROOT
from documents.imports import ROOMS, modules

if TYPE_CHECKING:
    from pathlib import Path

DOCS = ROOT / "docs"
INDEX = DOCS / "README.md"
RECORDS = DOCS / "decisions" / "README.md"
WITH_COMMANDS = ("training", "monitoring", "documents", "delivery")
# Made by commands, kept outside the repository, or in an environment of its own.
MADE = ("reports/", "build/", "data/", "mlruns/", ".aws-sam/", ".venv", "lambda/challenger")

LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)")
BLOCK = re.compile(r"^( *)```.*?^\1```", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| \[[^\]]+\]\(([^)]+)\) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"\.?[\w-]+(?:/[\w.*-]+)+/?")
SOURCE = re.compile(r"(?<![\w./-])[\w./-]*\w\.(?:py|sql|toml|yaml|yml|j2|ipynb)\b(?![\w.])")
MODULE = re.compile(rf"(?<![\w/.])((?:{'|'.join(ROOMS)})(?:\.\w+)+)(?![\w/])")
RUN = re.compile(r"python -m ([\w.]+)(?: ([a-z]\w*))?")
VERB = re.compile(r"`make ([a-z][a-z-]*)")
WORDS = {"French": r"\b(?:le|la|les|des|est|une|du|par)\b", "English": r"\b(?:the|of|is|and|with|by|for)\b"}


def pages() -> list[Path]:
    """Return the pages a person reads; the changelog tells of what is gone, too."""
    at_the_top = [path for path in sorted(ROOT.glob("*.md")) if path.name != "CHANGELOG.md"]
    return [*at_the_top, *sorted((ROOT / ".github").rglob("*.md")), *sorted(DOCS.rglob("*.md"))]


every_page = pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))


@cache
def text_of(page: Path) -> str:
    """Return the text of a page."""
    return page.read_text(encoding="utf-8")


@cache
def prose_of(page: Path) -> str:
    """Return what stands outside the blocks of code."""
    return BLOCK.sub("", text_of(page))


@cache
def anchors(page: Path) -> frozenset[str]:
    """Return the anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", prose_of(page), re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings)


@cache
def files() -> frozenset[str]:
    """Return every file of the repository, those about to be committed included."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    return frozenset(subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines())


@every_page
def test_links_lead_somewhere(page: Path) -> None:
    """Each relative link names a file that exists and, where it names a heading, one that is there."""
    broken = []
    for target, anchor in LINK.findall(prose_of(page)):
        path = (page.parent / target).resolve() if target else page
        wrong_anchor = bool(anchor) and path.suffix == ".md" and path.is_file() and anchor not in anchors(path)
        broken += [(target, anchor)] if not path.exists() or wrong_anchor else []

    assert broken == []


@every_page
def test_paths_and_modules_named_exist(page: Path) -> None:
    """A file that was moved or renamed is named by its new path on every page."""
    spans = [span for span in SPAN.findall(prose_of(page)) if not span.startswith(MADE)]
    tops = {path.partition("/")[0] for path in files()}
    paths = {span for span in spans if PATH.fullmatch(span) and span.partition("/")[0] in tops}
    gone = {path for path in paths if not any(ROOT.glob(path.rstrip("/")))}
    sources = {source for span in spans for source in SOURCE.findall(span) if not source.startswith(MADE)}
    gone |= {source for source in sources if not any(f"/{path}".endswith(f"/{source}") for path in files())}
    gone |= {module for span in spans for module in MODULE.findall(span) if not is_module(module)}

    assert sorted(gone) == []


def is_module(name: str) -> bool:
    """Say whether a dotted name is a module of the rooms, or something of one."""
    return name in modules() or name.rpartition(".")[0] in set(modules()) - set(ROOMS)


@every_page
def test_commands_and_verbs_named_exist(page: Path) -> None:
    """Each `python -m …` names a module that runs, each command of a room is one, and each verb is one of make."""
    targets = set(re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    runs = set(RUN.findall(text_of(page)))
    rooms = {(module, command) for module, command in runs if module.partition(".")[0] in ROOMS}
    wrong = {" ".join(run) for run in rooms if not {run[0], f"{run[0]}.__main__"} & set(modules())}
    wrong |= {" ".join(run) for run in rooms if run[0] in WITH_COMMANDS and run[1] and run[1] not in commands(run[0])}
    wrong |= {f"make {verb}" for verb in VERB.findall(text_of(page)) if verb not in targets}

    assert sorted(wrong) == []


def commands(room: str) -> set[str]:
    """Return the names of a room's commands."""
    return set(import_module(f"{room}.commands").COMMANDS)


def test_index_lists_every_page() -> None:
    """Whoever looks for a page finds it in docs/README.md, a decision record in its own index."""
    listed = {(INDEX.parent / target).resolve() for target, _, _ in ROW.findall(text_of(INDEX))}
    records = {
        (RECORDS.parent / target).resolve() for target in LINK.findall(text_of(RECORDS)) for target in target[:1]
    }
    documents = {path for kind in ("*.md", "*.pptx", "*.json") for path in DOCS.rglob(kind)} - {INDEX}

    assert sorted(documents - listed - records) == []


def test_index_lists_no_page_twice() -> None:
    """A page stands with the reader it is written for first."""
    targets = [target for target, _, _ in ROW.findall(text_of(INDEX))]

    assert len(targets) == len(set(targets)) == text_of(INDEX).count("\n| [")


@pytest.mark.parametrize(("target", "language"), [row[:2] for row in ROW.findall(text_of(INDEX))])
def test_index_says_the_language_of_a_page(target: str, language: str) -> None:
    """The language named is the one that the page is written in."""
    assert language in WORDS
    if target.endswith(".md"):
        prose = re.sub(r"^\|.*$", "", prose_of((INDEX.parent / target).resolve()), flags=re.MULTILINE).lower()
        counts = {one: len(re.findall(words, prose)) for one, words in WORDS.items()}

        assert max(counts, key=lambda one: counts[one]) == language


def test_readme_points_to_the_index() -> None:
    """The README names the index of the documents instead of listing them again."""
    assert "(docs/README.md)" in text_of(ROOT / "README.md")
