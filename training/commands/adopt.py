"""Make a proposed threshold a version of the production model, staged until it is promoted."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from scoring.bundle import Bundle
from training.bundle.golden import example_of, wrong_golden_answers
from training.bundle.recalibrated import read_proposal, write_recalibrated_bundle
from training.errors import DataError
from training.registry import aliases, runs, store, versions

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--proposal", type=Path, required=True, metavar="FILE.json", help="from python -m monitoring recalibrate"
    )
    parser.add_argument("--anyway", action="store_true", help="adopt a threshold whose gain is not established")


def run(args: argparse.Namespace) -> int:
    """Write the bundle with the new threshold, register it and stage it."""
    proposal = read_proposal(args.proposal)
    if not proposal.recommended and not args.anyway:
        raise DataError("TRN192", "the proposal says that its gain is not established; wait, or give --anyway")
    client = store.open_store(create=False)
    production = aliases.require_version(client, aliases.PRODUCTION)
    source = versions.sound_bundle_of(client, production)
    # The same model: it is judged on the rows, and has learned from the applications, of the version it comes from.
    hold_out, learned = versions.hold_out_of(client, production), versions.development_ids_of(client, production)
    facts = {"adopted_from": production, "threshold": proposal.threshold, "window": proposal.window}
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "bundle"
        write_recalibrated_bundle(source, folder, proposal)
        bundle = Bundle.open(folder)
        if wrong := wrong_golden_answers(bundle):
            raise DataError("TRN170", f"{wrong} golden applications are answered otherwise; export the bundle again")
        with runs.tracked_run(facts, proposal.model_dump(mode="json")):
            runs.record_rows(hold_out, learned.to_numpy())
            version = runs.register_bundle(client, bundle, example_of(bundle))
    reason = f"threshold {proposal.threshold_now:.6f} -> {proposal.threshold:.6f}, version {production}"
    aliases.move_alias(client, aliases.STAGING, version, action="adopt", reason=reason)
    print(f"version {version} is staged: {reason}; `python -m training promote` puts it into production")
    return 0
