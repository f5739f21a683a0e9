"""Tell how often officers decide against the proposal, why, and who turned out right: the part of the report alone.

Exit status: 0, or 2 where the decisions or the outcomes cannot be read.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from monitoring.commands import CommandResult, in_zone, moment, zone
from monitoring.report.decisions import overrides_of
from monitoring.report.files import written_bytes
from monitoring.report.result import json_bytes
from monitoring.report.summary_requests import overrides_lines
from monitoring.windows.audit_records import Period
from monitoring.windows.bundle import opened_bundle

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("--bundle", type=Path, required=True, metavar="DIR", help="sealed bundle: costs of a decision")
    parser.add_argument(
        "--decisions",
        type=Path,
        required=True,
        metavar="FILE",
        help="what `python -m frontend.desk.export` wrote, or a table of another desk (CSV, Parquet)",
    )
    parser.add_argument(
        "--outcomes", type=Path, metavar="FILE.parquet", help="id_requete and TARGET, where defaults have become known"
    )
    parser.add_argument("--since", type=moment, metavar="DATE", help="decisions from then on")
    parser.add_argument("--until", type=moment, metavar="DATE", help="and before then")
    parser.add_argument(
        "--zone", type=zone, default="UTC", metavar="NAME", help="of dates without a time zone of their own (UTC)"
    )
    parser.add_argument("--out", type=Path, metavar="FILE.json", help="the same as JSON")


def run(args: argparse.Namespace) -> CommandResult:
    """Print what the decisions come to, and write it where that is asked for."""
    found = overrides_of(
        args.decisions,
        args.outcomes,
        period=Period(in_zone(args.since, args.zone), in_zone(args.until, args.zone), args.zone),
        policy=opened_bundle(args.bundle).contract.decision,
    )
    if args.out is not None:
        written_bytes(args.out, json_bytes(found))
    return CommandResult(0, tuple(overrides_lines(found)))
