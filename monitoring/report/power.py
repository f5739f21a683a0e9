"""The power table for people, in French."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commandline.markdown import table
from monitoring.report.wording import number, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring.checks.power import Detection


def power_table(found: Sequence[Detection]) -> str:
    """Return a line for each drift at each strength."""
    head = ("dérive injectée", "force", "remarquée", "en alerte", "contrôles (dans la moitié des rapports ou plus)")
    return table(
        head,
        [
            (
                item.title,
                number(item.strength, 3).rstrip("0").rstrip(","),
                percent(item.noticed),
                percent(item.alarmed),
                ", ".join(item.codes) or "–",
            )
            for item in found
        ],
    )
