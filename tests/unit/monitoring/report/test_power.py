"""Promises of the power table."""

from __future__ import annotations

from monitoring.checks.power import Detection
from monitoring.report.power import power_table


def test_the_table_has_a_line_a_strength() -> None:
    """The page shows every drift at every strength, and a dash where no check noticed it."""
    found = [
        Detection("flux", "Flux perdu", 0.02, reports=10, noticed=0.0, alarmed=0.0, codes=()),
        Detection("flux", "Flux perdu", 1.0, reports=10, noticed=1.0, alarmed=0.9, codes=("MON001", "MON004")),
    ]

    *_, weak, strong = power_table(found).replace("\u00a0", " ").splitlines()
    assert weak == "| Flux perdu | 0,02 | 0,0 % | 0,0 % | – |"
    assert strong == "| Flux perdu | 1 | 100,0 % | 90,0 % | MON001, MON004 |"
