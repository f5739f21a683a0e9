"""The one verdict of a report, for the page of Evidently: value and level of each column, and the words above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commandline.colophon import Colophon
from metrics.values import NotApplicable
from monitoring.checks.catalogue import level_of_psi
from monitoring.report.evidently_values import Heading, Verdict
from monitoring.report.summary import conclusion, model_line, title
from monitoring.windows.columns import DECISION, PROBABILITY
from scoring import __version__

if TYPE_CHECKING:
    from monitoring.report.result import DriftReport

OF_PROBABILITY, OF_DECISION = "MON008", "MON009"


def verdicts_of(report: DriftReport) -> dict[str, Verdict]:
    """Return what the report says of each input, of the probability and of the decision."""
    by_code = {item.code: item for item in report.checks}
    verdicts = {
        item.name: Verdict(item.psi, level_of_psi(report.checks, item.name).is_raised) for item in report.drift.inputs
    }
    found = report.drift.predictions
    if not isinstance(found, NotApplicable):
        verdicts[PROBABILITY] = Verdict(found.psi, by_code[OF_PROBABILITY].level.is_raised)
        verdicts[DECISION] = Verdict(abs(found.refusal_rate_change), by_code[OF_DECISION].level.is_raised)
    return verdicts


def heading_of(report: DriftReport) -> Heading:
    """Return the words of the summary that stand above the page."""
    origin = Colophon(__version__, f"modèle {report.model.name}, version {report.model.version}")
    return Heading(title(report), f"{model_line(report)} Calculé le {report.created_at}.", origin, conclusion(report))
