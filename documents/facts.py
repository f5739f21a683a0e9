"""Everything the documents and the presentation may state: read once, from where each fact is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.report import read_figures
from delivery.paths import BUNDLE
from documents.decision_records import DecisionRecord, read_decision_records
from documents.pages import DOCS
from documents.record import RECORD_FILE, VersionRecord, read_record
from documents.stack import Stack, read_stack
from monitoring.checks.catalogue import CHECKS
from monitoring.config import MonitoringConfig
from scoring.bundle import load_contract
from training.bundle.evidence import read_evidence

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring.checks.checks import Check
    from scoring.contract import Contract
    from scoring.evidence import ComparedCandidate, Evidence, Policy
    from scoring.fairness import Fairness


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the served version, the stack it runs on and its surveillance.

    Attributes
    ----------
    measures
        Figures of ``reports/bench.json``, by measure.
    stack
        Alarms, retention and environments of ``template.yaml`` and ``samconfig.toml``.
    """

    contract: Contract
    evidence: Evidence
    record: VersionRecord
    measures: dict[str, Any]
    stack: Stack
    checks: tuple[Check, ...]
    monitoring: MonitoringConfig
    decisions: tuple[DecisionRecord, ...]

    @property
    def champion(self) -> ComparedCandidate:
        """Return the candidate that is served."""
        return next(one for one in self.evidence.candidates if one.champion)

    def policy(self, name: str) -> Policy:
        """Return what a policy of the evidence does, such as ``accepter_tout``."""
        return next(one for one in self.evidence.policies if one.name == name)

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
    return Facts(
        contract=load_contract(bundle),
        evidence=read_evidence(bundle),
        record=read_record(DOCS / RECORD_FILE, bundle),
        measures=read_figures(),
        stack=read_stack(),
        checks=CHECKS,
        monitoring=MonitoringConfig(),
        decisions=read_decision_records(DOCS / "decisions"),
    )
