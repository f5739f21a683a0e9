"""Audit records as a service writes them, without its door: one line an application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.policy import told_outcome
from scoring.records import SAMPLED, AuditRecord, answer_of, origin_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from scoring.bundle import Bundle
    from scoring.features import Value
    from scoring.service import ScoringService


def write_records(
    path: Path, service: ScoringService, bundle: Bundle, applications: Iterable[Mapping[str, Value]], *, share: float
) -> Path:
    """Write the record of each application, named by its place, as if it were in a sample of this share."""
    with path.open("w", encoding="utf-8") as file:
        for place, application in enumerate(applications):
            scored = service.score(application, n_reasons=0)
            record = AuditRecord(
                motif=SAMPLED,
                id_requete=str(place),
                route="score",
                horodatage="2026-12-01T10:00:00.000+00:00",
                **origin_of(bundle, service.rule),
                seuil=service.rule.threshold,
                **answer_of(scored),
                demandeur=None,
                demande=application,
                part_auditee=share,
                politique=None if scored.policy is None else told_outcome(scored.policy),
            )
            file.write(record.line() + "\n")
    return path
