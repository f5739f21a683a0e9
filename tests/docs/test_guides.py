"""The French documents say what bundle, measures, template and monitoring say, and leave nothing out."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from unicodedata import normalize

import pytest

from delivery.paths import ROOT
from documents.decision_records import read_decision_records
from documents.facts import Facts, read_facts
from documents.guides.pages import PAGES, render_guides
from documents.imports import ROOMS
from documents.pages import DOCS

FRENCH = (*PAGES, "glossaire.md", "note-de-decision.md", "model-card.md", "monitoring.md", "guide/mlflow.md")


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


def test_rooms_of_the_architecture_are_those_of_the_code() -> None:
    """The table of the page has a row for each room, from the ground up, and for nothing else."""
    linted = re.search(r"root_packages =\n((?: +\w+\n)+)", (ROOT / ".importlinter").read_text(encoding="utf-8"))

    assert linted is not None
    assert set(linted[1].split()) == set(ROOMS)
    assert re.findall(r"^\| `([\w/]+)/` \|", text_of("architecture.md"), re.MULTILINE) == [
        str(folder.relative_to(ROOT)) for folder in ROOMS.values()
    ]


def test_decision_records_named_exist_and_have_one_number_each() -> None:
    """No number is given twice, and numbers in texts are records."""
    numbers = [record.number for record in read_decision_records(DOCS / "decisions")]
    written = re.findall(r"décision (\d{4})", "".join(text_of(name) for name in FRENCH))

    assert len(set(numbers)) == len(numbers)
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
    names = sorted({name for *_, code in glossary() for name in re.findall(r"`([^`]+)`", code)})
    searched = ["git", "grep", "-qF"]
    places = [*(str(folder) for folder in ROOMS.values()), "template.yaml", "README.md"]
    missing = [
        name for name in names if subprocess.run([*searched, name, "--", *places], cwd=ROOT, check=False).returncode
    ]

    assert len(names) > len(glossary()) / 2
    assert missing == []


def test_glossary_has_each_term_once_in_both_languages() -> None:
    """Each row is whole, and no term, French or English, is explained twice."""
    rows = glossary()
    terms = [[term for row in rows for term in row[column].split(", ")] for column in (0, 1)]

    assert [row for row in rows if not all(cell.strip() for cell in row)] == []
    assert [term for language in terms for term, times in Counter(language).items() if times > 1] == []


def test_glossary_is_in_alphabetical_order() -> None:
    """A term is found by its French name, whatever its accents."""
    terms = [plain(french) for french, *_ in glossary()]

    assert terms == sorted(terms)


def glossary() -> list[tuple[str, str, str, str]]:
    """Return the rows of the glossary: French, English, meaning, names in the code."""
    return re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| (`[^|]+`) \|$", text_of("glossaire.md"), re.MULTILINE)


def plain(term: str) -> str:
    """Return the letters of a term without accents."""
    return "".join(sign for sign in normalize("NFKD", term.casefold()) if sign.isalnum() or sign == " ")


def test_readme_links_the_french_summary_on_its_first_screen() -> None:
    """A French reader finds the summary before anything else."""
    first_screen = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Quickstart")[0]

    assert "docs/resume.fr.md" in first_screen
