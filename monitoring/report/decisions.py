"""Decisions of officers from their file to what they come to: the one way of `report --decisions` and `decisions`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring.drift.overrides import measure_overrides
from monitoring.errors import MonitoringError
from monitoring.windows.decision_files import read_decisions
from monitoring.windows.from_audit import told_outcomes
from monitoring.windows.outcome_files import NOTHING_MATCHES, matched_outcomes

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring.drift.overrides import Overrides
    from monitoring.windows.audit_records import Period
    from scoring.contract import DecisionPolicy


def overrides_of(decisions: Path, outcomes: Path | None, *, period: Period, policy: DecisionPolicy) -> Overrides:
    """Return what officers decided in a period, with what is known of it.

    An outcome of another request is none of these decisions': that none matches is no error here.

    Raises
    ------
    MonitoringError
        ``MON902`` no file, ``MON914`` outcomes that are unusable, ``MON926`` no table of decisions.
    """
    made, reading = read_decisions(decisions, period)
    known: dict[str, float] = {}
    if outcomes is not None:
        try:
            known, _ = matched_outcomes(told_outcomes(outcomes), {one.reference for one in made}, source=outcomes.name)
        except MonitoringError as error:
            if error.code != NOTHING_MATCHES:
                raise
    return measure_overrides(made, reading, known, policy)
