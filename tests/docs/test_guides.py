"""The French documents say what bundle, measures, template and monitoring say, and leave nothing out."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from delivery.paths import ROOT
from documents.decision_records import read_decision_records
from documents.facts import Facts, read_facts
from documents.guides.pages import PAGES, render_guides
from documents.pages import DOCS
from tests.architecture.imports import ROOMS

if TYPE_CHECKING:
    from pathlib import Path

FRENCH = (*PAGES, "glossaire.md", "note-de-decision.md", "model-card.md", "monitoring.md", "guide/mlflow.md")
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)")
ROOM = re.compile(r"`((?:lambda/)?[a-z]+)/`")


@pytest.fixture(scope="module")
def facts() -> Facts:
    """Read all facts once."""
    return read_facts()


def text_of(name: str) -> str:
    """Return a committed document."""
    return (DOCS / name).read_text(encoding="utf-8")


def section(page: str, heading: str) -> str:
    """Return what stands below a heading of the third level."""
    found = re.search(rf"^### {re.escape(heading)}\n(.*?)(?=^##|\Z)", text_of(page), re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def anchors(path: Path) -> set[str]:
    """Return the anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", PAGES)
def test_page_is_the_one_the_facts_give(facts: Facts, name: str) -> None:
    """A number that no longer matches its source fails here; `make pages` writes it anew."""
    assert render_guides(facts)[name] == text_of(name), "run `make pages`"


def test_every_alarm_of_the_template_has_a_section(facts: Facts) -> None:
    """Whoever is called at night finds what the alarm says, where to look and what to do."""
    for alarm in facts.stack.alarms:
        written = section("exploitation.md", f"`{alarm.name}`")

        assert all(part in written for part in ("**Ce qu’elle dit.**", "**Regarder.**", "**Faire.**")), alarm.name


def test_every_section_has_its_alarm(facts: Facts) -> None:
    """A section about an alarm or a check that is gone would send somebody looking for nothing."""
    headings = re.findall(r"^### (\S+)$", text_of("exploitation.md"), re.MULTILINE)

    assert headings == [f"`{alarm.name}`" for alarm in facts.stack.alarms] + [check.code for check in facts.checks]


def test_every_check_of_the_drift_report_has_a_section(facts: Facts) -> None:
    """Each code that can alert says where to look and what to do, and links to its calculation."""
    for check in facts.checks:
        written = section("exploitation.md", check.code)

        assert all(part in written for part in ("**Regarder.**", "**Faire.**", f"monitoring.md#{check.code.lower()}"))


def test_alarms_are_read_from_the_template(facts: Facts) -> None:
    """The reader of the template finds the alarms that send a version back, and the one that does not."""
    sends_back = {alarm.name: alarm.rolls_back for alarm in facts.stack.alarms}

    assert sends_back["version-errors"]
    assert not sends_back["audit-delivery"]
    assert facts.stack.alarm("api-errors").within_minutes == 2


def test_retention_of_the_page_is_that_of_each_environment(facts: Facts) -> None:
    """The page of the law names both lengths of time of production as the deployment sets them."""
    production = facts.stack.environment("production").parameters
    page = text_of("securite-conformite.md").replace("\u202f", "")

    assert f"{production['LogRetentionDays']} jours" in page
    assert f"{production['AuditRetentionDays']} jours" in page


def test_laws_are_all_treated() -> None:
    """Each law has a part, and each part says what is left to the lender."""
    page = text_of("securite-conformite.md")
    parts = re.split(r"^## ", page, flags=re.MULTILINE)[1:]
    laws = [part for part in parts if re.match(r"[345]\. ", part)]

    assert [bool(re.search(name, page)) for name in ("art. 22", "2023/2225", "2024/1689")] == [True, True, True]
    assert ["reste au prêteur" in part for part in laws] == [True, True, True]


@pytest.mark.parametrize("name", FRENCH)
def test_links_lead_somewhere(name: str) -> None:
    """Each relative link names a file that exists and, where it names a heading, one that is there."""
    page = DOCS / name
    broken = []
    for target, anchor in LINK.findall(text_of(name)):
        path = (page.parent / target).resolve() if target else page
        wrong_anchor = bool(anchor) and path.suffix == ".md" and path.is_file() and anchor not in anchors(path)
        broken += [(target, anchor)] if not path.exists() or wrong_anchor else []

    assert broken == []


def test_rooms_of_the_architecture_exist_and_none_is_left_out() -> None:
    """The page names the folders that hold code, no other, and every one of them."""
    named = set(ROOM.findall(text_of("architecture.md")))
    linted = re.search(r"root_packages =\n((?: +\w+\n)+)", (ROOT / ".importlinter").read_text(encoding="utf-8"))

    assert linted is not None
    assert named == {str(ROOMS[name].relative_to(ROOT)) for name in linted[1].split()}
    assert [name for name in sorted(named) if not (ROOT / name).is_dir()] == []


def test_decision_records_named_exist_and_have_one_number_each() -> None:
    """Every record is on the page of the architecture; no number is given twice; numbers in texts are records."""
    records = read_decision_records(DOCS / "decisions")
    numbers = [record.number for record in records]
    listed = re.findall(r"\(decisions/([^)]+)\)", text_of("architecture.md"))
    written = re.findall(r"décision (\d{4})", "".join(text_of(name) for name in FRENCH))

    assert len(set(numbers)) == len(numbers)
    assert {record.file for record in records} == set(listed)
    assert [number for number in written if number not in numbers] == []


def test_diagrams_have_a_kind_that_github_draws() -> None:
    """Each Mermaid block begins with its kind, and every bracket in it is closed."""
    blocks = [block for name in PAGES for block in re.findall(r"```mermaid\n(.*?)```", text_of(name), re.DOTALL)]

    assert len(blocks) >= 5
    assert {block.split()[0] for block in blocks} <= {"flowchart", "sequenceDiagram", "stateDiagram-v2"}
    assert [
        block for block in blocks for pair in ("[]", "()", "{}") if block.count(pair[0]) != block.count(pair[1])
    ] == []


def test_names_of_the_glossary_exist_in_the_code() -> None:
    """Each name of the column « dans le code » is found in the project."""
    rows = re.findall(r"^\|.*\| (`.*`) \|$", text_of("glossaire.md"), re.MULTILINE)
    names = sorted({name for row in rows for name in re.findall(r"`([^`]+)`", row)})
    searched = ["git", "grep", "-qF"]
    places = ["lambda/scoring", "training", "monitoring", "benchmarks", "template.yaml", "README.md"]
    missing = [
        name for name in names if subprocess.run([*searched, name, "--", *places], cwd=ROOT, check=False).returncode
    ]

    assert len(rows) > 30
    assert missing == []


def test_readme_links_the_french_summary_on_its_first_screen() -> None:
    """A French reader finds the summary before anything else."""
    first_screen = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Quickstart")[0]

    assert "docs/resume.fr.md" in first_screen
