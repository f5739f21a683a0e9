"""Write the decision note and the model card (French) of the bundle that is served."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.paths import BUNDLE
from documents.model_pages.pages import pages_of
from documents.pages import DOCS, write_page
from documents.record import RECORD_FILE, Gate, Move, VersionRecord, record_text
from scoring.bundle import load_contract, sha256_of
from scoring.contract import CONTRACT_FILE
from training.errors import RegistryError
from training.explanations.report import ExplanationSummary
from training.registry import aliases, promotion, store, versions
from training.registry.runs import SAMPLE_POPULATION, SUMMARY

if TYPE_CHECKING:
    import argparse

    from mlflow.tracking import MlflowClient

    from training.registry.aliases import AliasChange


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--bundle", type=Path, default=BUNDLE, help="the exported bundle")
    parser.add_argument("--out", type=Path, default=DOCS, help="folder of the pages")
    parser.add_argument(
        "--keep-record",
        action="store_true",
        help=f"render anew from the {RECORD_FILE} that is there, without asking the registry",
    )


def run(args: argparse.Namespace) -> int:
    """Ask the registry for the record of the bundle's version, then render."""
    if not args.keep_record:
        record = record_of(store.open_store(create=False), args.bundle)
        write_page(args.out / RECORD_FILE, record_text(record))
    pages = pages_of(args.bundle, args.out)
    for name, text in pages.items():
        write_page(args.out / name, text)
    print(f"{args.out}: {', '.join(pages)}")
    return 0


def record_of(client: MlflowClient, bundle: Path) -> VersionRecord:
    """Collect gates, history and explanations of the version that a bundle was exported from.

    Raises
    ------
    RegistryError
        ``TRN316`` when the bundle is of no version of this registry, ``TRN304`` when the version was not explained yet.
    """
    identity = load_contract(bundle).identity
    version = identity.registry_version
    if version is None or versions.run_of(client, version) != identity.training_run_id:
        raise RegistryError(
            "TRN316",
            f"{bundle} was not exported from this registry (its run is {identity.training_run_id}); export it again, "
            "or set MLFLOW_TRACKING_URI to where it was registered",
        )
    return VersionRecord(
        contract_sha256=sha256_of(bundle / CONTRACT_FILE),
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
