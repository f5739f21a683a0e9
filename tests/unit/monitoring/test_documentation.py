"""docs/monitoring.md tells every check and every error code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import monitoring
from monitoring.checks.catalogue import CHECKS

PAGE = Path(monitoring.__file__).parents[1] / "docs" / "monitoring.md"
PARTS = ("**Calcul.**", "**Pourquoi.**", "**Que faire.**")


@pytest.mark.parametrize("code", [check.code for check in CHECKS])
def test_every_check_has_its_section(code: str) -> None:
    """Each section says how the check is computed, why it matters and what to do."""
    text = PAGE.read_text(encoding="utf-8")

    section = text.partition(f"### {code}\n")[2].partition("\n#")[0]

    assert all(part in section for part in PARTS)


def test_every_error_code_is_on_the_page_and_no_other() -> None:
    """The codes that the room raises are the codes of the table of errors."""
    room = Path(monitoring.__file__).parent
    raised = set(re.findall(r'"(MON9\d\d)"', "".join(path.read_text(encoding="utf-8") for path in room.rglob("*.py"))))

    assert set(re.findall(r"\| (MON9\d\d) \|", PAGE.read_text(encoding="utf-8"))) == raised
