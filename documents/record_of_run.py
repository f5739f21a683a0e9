"""What the registry knows of the version in a bundle, for the documents."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from documents.record import Gate, Move, VersionRecord
from scoring.bundle import Bundle
from scoring.contract import CONTRACT_FILE
from training.errors import RegistryError
from training.explanations.report import ExplanationSummary
from training.registry import aliases, promotion, versions
from training.registry.runs import SAMPLE_POPULATION, SUMMARY

if TYPE_CHECKING:
    from pathlib import Path

    from mlflow.tracking import MlflowClient

    from training.registry.aliases import AliasChange


def record_of(client: MlflowClient, bundle: Path) -> VersionRecord:
    """Collect gates, history and explanations of the version that a bundle was exported from.

    Raises
    ------
    RegistryError
        ``TRN316`` when the bundle is not of this versions, ``TRN304`` when the version was not explained yet.
    """
    opened = Bundle.open(bundle)
    identity = opened.contract.identity
    version = identity.registry_version
    if version is None or versions.run_of(client, version) != identity.training_run_id:
        raise RegistryError(
            "TRN316",
            f"{bundle} was not exported from this registry (its run is {identity.training_run_id}); export it again, "
            "or set MLFLOW_TRACKING_URI to where it was registered",
        )
    return VersionRecord(
        contract_sha256=opened.hashes[CONTRACT_FILE],
        synthetic=client.get_run(identity.training_run_id).data.params.get(SAMPLE_POPULATION) == "True",
        gates=tuple(
            Gate(gate=one.gate, n_findings=len(one.findings), n_breaches=len(one.breaches))
            for one in promotion.judge(client, version)
        ),
        history=tuple(_move(change) for change in aliases.alias_history(client)),
        explanations=ExplanationSummary.model_validate_json(
            versions.artefact_of(client, version, SUMMARY).read_bytes()
        ),
    )


def _move(change: AliasChange) -> Move:
    told = asdict(change)
    del told["done"]  # how the trace was kept, and no part of the move
    return Move(**told)
