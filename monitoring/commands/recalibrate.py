"""Propose a new threshold from applications whose outcome is known, with its cost beside that of today's.

Writes a proposal, and changes nothing: `python -m training adopt` makes it a version like any other, staged until it
is promoted. Exit status: 0 a gain is established, 1 none is, 2 no proposal.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring.commands import CommandResult, in_zone, moment, zone
from monitoring.config import Maturity, MonitoringConfig
from monitoring.recalibration import proposal_bytes, propose_threshold, told
from monitoring.report.files import written_bytes
from monitoring.windows.audit_records import Period
from monitoring.windows.bundle import opened_bundle
from monitoring.windows.from_audit import window_from_audit
from monitoring.windows.log_lines import is_log
from monitoring.windows.parquet import WindowSource, open_window, opened_database

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("--bundle", type=Path, required=True, metavar="DIR", help="folder of the sealed bundle")
    parser.add_argument("--current", required=True, metavar="PATH", help="window with TARGET, or audit records")
    parser.add_argument("--current-scores", type=Path, metavar="FILE.parquet", help="predictions of the model over it")
    parser.add_argument("--outcomes", type=Path, metavar="FILE.parquet", help="id_requete and TARGET of audit records")
    parser.add_argument("--since", type=moment, metavar="DATE", help="audit records from then on")
    parser.add_argument("--until", type=moment, metavar="DATE", help="and before then")
    parser.add_argument(
        "--zone", type=zone, default="UTC", metavar="NAME", help="whose days and months these are (UTC)"
    )
    parser.add_argument(
        "--mature-until", default="", metavar="YYYY-MM", help="last month whose outcomes are all there, as you know"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of the resamples (0)")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.json", help="proposal to write")


def run(args: argparse.Namespace) -> CommandResult:
    """Write the proposal and say what it would change."""
    bundle = opened_bundle(args.bundle)
    contract = bundle.contract
    source = WindowSource.parse(args.current, args.current_scores)
    with (
        tempfile.TemporaryDirectory() as workspace,
        opened_database(MonitoringConfig().memory_limit) as database,
    ):
        if is_log(source.path):
            period = Period(in_zone(args.since, args.zone), in_zone(args.until, args.zone), args.zone)
            source, _ = window_from_audit(
                [source.path],
                Path(workspace),
                bundle=bundle,
                period=period,
                outcomes=args.outcomes,
            )
        window = open_window(database, source, contract)
        predictions = window.predictions(threshold=contract.decision.threshold)
    proposal = propose_threshold(
        contract,
        predictions,
        window=window.name,
        seal=bundle.seal,
        maturity=Maturity(until=args.mature_until),
        seed=args.seed,
    )
    written_bytes(args.out, proposal_bytes(proposal))
    return CommandResult(int(not proposal.recommended), (*told(proposal), f"proposition : {args.out}"))
