"""The documents, rendered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from documents.architecture import picture_of_rooms, picture_within, room_folders, say_imports
from documents.decision_records import free_numbers, next_number
from documents.guides.clauses import dossier_rows
from documents.guides.first_looks import FIRST_LOOKS
from documents.model_pages.pages import GATE_NAMES, markdown_environment
from monitoring.report.wording import ACTIONS
from scoring.contract import Estimate
from scoring.numerals import FRENCH
from training.registry.gates import GATES, LIMITS
from training.wording import say_count

if TYPE_CHECKING:
    from documents.facts import Facts
    from monitoring.checks.checks import Check

TEMPLATES = Path(__file__).parent
PAGES = (
    "architecture.md",
    "decisions/README.md",
    "dossier-validation.md",
    "exploitation.md",
    "guide-mlops.md",
    "resume.fr.md",
    "securite-conformite.md",
)
DAYS_A_YEAR = 365


def render_guides(facts: Facts) -> dict[str, str]:
    """Return the text of each document by file name."""
    environment = markdown_environment(TEMPLATES)
    environment.filters["days"] = say_days
    numbers = [decision.number for decision in facts.decisions]
    content = {
        "facts": facts,
        "contract": facts.contract,
        "evidence": facts.evidence,
        "measures": facts.measures,
        "stack": facts.stack,
        "gates": [GATE_NAMES[one] for one in GATES],
        "gate_names": GATE_NAMES,
        "gate_limits": LIMITS,
        "checks": [_check(one, facts) for one in facts.checks],
        "real": {name: Estimate.model_validate(facts.measures["real_sample"]["hold_out"][name]) for name in REAL},
        "environments": {one.name: one.parameters for one in facts.stack.environments},
        "clauses": dossier_rows(facts),
        "say_imports": say_imports,
        "room_folders": room_folders(),
        "picture_of_rooms": picture_of_rooms(),
        "picture_within": picture_within,
        "free_numbers": free_numbers(numbers),
        "next_number": next_number(numbers),
    }
    return {name: environment.get_template(f"{name}.j2").render(content) for name in PAGES}


REAL = ("cost", "auc")


def _check(check: Check, facts: Facts) -> dict[str, str]:
    """Return what the runbook tells of a check of the drift report."""
    bands = check.bands(facts.monitoring)
    return {
        "code": check.code,
        "title": check.title,
        "alert": _limit(bands.alert, as_share=check.as_share),
        "look": FIRST_LOOKS[check.code],
        "action": ACTIONS[check.action],
    }


def _limit(value: float, *, as_share: bool) -> str:
    return FRENCH.percent(value, "g") if as_share else FRENCH.say(value, "g")


def say_days(days: str | int) -> str:
    """Return a length of time in days, and in years or months where it is a whole number of them.

    >>> say_days("1095").replace("\u202f", " "), say_days(30)
    ('1 095 jours (3 ans)', '30 jours')
    """
    years, rest = divmod(int(days), DAYS_A_YEAR)
    told = f"{say_count(int(days))} jours"
    return told if rest or not years else f"{told} ({years} an{'s' if years > 1 else ''})"
