"""Measure the false alarms: report on windows of one population, and count what chance alone sets off.

Give the file to `report --quiet`: a check is then stable up to what the reference shows against itself. Exit status:
0 at most one report in a hundred gave a false alarm, 1 more did, 2 nothing could be measured.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from monitoring.checks.false_alarms import false_alarms_bytes, measure_chunks, measure_false_alarms
from monitoring.checks.trials import TrialPlan
from monitoring.commands import CommandResult
from monitoring.config import MonitoringConfig
from monitoring.report.files import written_bytes
from monitoring.report.wording import number, percent
from monitoring.windows.arrays import loaded
from monitoring.windows.bundle import opened_bundle
from monitoring.windows.parquet import WindowSource, open_window, opened_database

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("--bundle", type=Path, required=True, metavar="DIR", help="folder of the sealed bundle")
    parser.add_argument("--reference", required=True, metavar="FILE.parquet[:train|:test]", help="accepted period")
    parser.add_argument(
        "--reference-scores", type=Path, metavar="FILE.parquet", help="predictions of the model over it"
    )
    parser.add_argument("--reference-rows", type=int, default=5_000, metavar="N", help="drawn for one side (5000)")
    parser.add_argument("--rows", type=int, default=3_000, metavar="N", help="drawn for the other side (3000)")
    parser.add_argument("--reports", type=int, default=300, metavar="N", help="pairs of windows (300)")
    parser.add_argument(
        "--chunks",
        action="store_true",
        help="cut the reference into chunks of --rows, oldest month first, instead of drawing: limits by input from "
        "its own spread",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of the draws (0)")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.json", help="file to write")


def run(args: argparse.Namespace) -> CommandResult:
    """Measure, write the file and say the rate."""
    contract, config = opened_bundle(args.bundle).contract, MonitoringConfig()
    with opened_database(config.memory_limit) as database:
        source = WindowSource.parse(args.reference, args.reference_scores)
        pool = loaded(open_window(database, source, contract), contract)
    total = pool.n_applications // args.rows if args.chunks else args.reports
    with tqdm(desc="false alarms", total=total, unit="report", disable=None) as bar:
        rows = args.reference_rows, args.rows
        plan = TrialPlan(contract, pool, rows, args.reports, config, bar.update)
        measured = (measure_chunks if args.chunks else measure_false_alarms)(plan, seed=args.seed)
    written_bytes(args.out, false_alarms_bytes(measured))
    below = percent(measured.false_alarm_rate_below)
    said = (
        f"{number(measured.reports)} rapports sans dérive : {number(measured.alerts)} fausse(s) alerte(s), soit "
        f"{percent(measured.false_alarm_rate)} (moins de {below} au seuil de 95\u00a0%) ; "
        f"{number(measured.not_stable)} rapport(s) qui ne disent pas « stable »"
    )
    too_many = measured.false_alarm_rate > config.false_alarm_rate
    return CommandResult(int(too_many), (said, f"limites de fausse alerte : {args.out}"))
