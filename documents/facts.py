"""Everything the documents and the presentation may state: read once, from where each fact is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.report import read_report
from delivery.paths import BUNDLE, ROOT
from documents.decisions import Decision, read_decisions
from documents.drift import RealDrift, read_real_drift
from documents.platform import Platform, read_platform
from documents.record import RECORD_FILE, VersionRecord, read_record
from monitoring.checks.catalogue import CHECKS
from monitoring.config import MonitoringConfig
from scoring.bundle import Bundle

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring.checks.checks import Check
    from scoring.contract import Contract
    from scoring.evidence import ComparedCandidate, Evidence
    from scoring.fairness import Fairness

DOCS = ROOT / "docs"
REPORT = ROOT / "reports" / "bench.json"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the served version, its platform and its surveillance.

    Attributes
    ----------
    measures
        Figures of ``reports/bench.json``, by measure.
    platform
        Alarms, retention and environments of ``template.yaml`` and ``samconfig.toml``.
    """

    contract: Contract
    evidence: Evidence
    record: VersionRecord
    measures: dict[str, Any]
    platform: Platform
    checks: tuple[Check, ...]
    monitoring: MonitoringConfig
    drift: RealDrift
    decisions: tuple[Decision, ...]

    @property
    def champion(self) -> ComparedCandidate:
        """Return the candidate that is served."""
        return next(one for one in self.evidence.candidates if one.champion)

    @property
    def fairness(self) -> Fairness:
        """Return the audit by protected attribute.

        Raises
        ------
        ValueError
            When the bundle was made from data without protected attributes.
        """
        if self.evidence.fairness is None:
            raise ValueError("the bundle holds no audit by protected attribute; train on data that has them")
        return self.evidence.fairness


def read_facts(bundle: Path = BUNDLE) -> Facts:
    """Read all facts of the committed version."""
    measures, opened = read_report(REPORT)["measures"], Bundle.open(bundle)
    return Facts(
        contract=opened.contract,
        evidence=opened.evidence,
        record=read_record(DOCS / RECORD_FILE, opened),
        measures={name: one["figures"] for name, one in measures.items() if one.get("figures")},
        platform=read_platform(),
        checks=CHECKS,
        monitoring=MonitoringConfig(),
        drift=read_real_drift(DOCS / "interpretation-drift.md"),
        decisions=read_decisions(DOCS / "decisions"),
    )
