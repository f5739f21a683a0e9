"""Compare a current window with a reference window and write the drift report.

A window is a Parquet file of the model's raw inputs, one row per application (python -m training features makes one);
FILE.parquet:train and FILE.parquet:test pick one population of it. A folder or a .jsonl or .gz file is read as the
API's audit records. Exit status: 0 nothing in alert, 1 alert, 2 no report, 3 too few applications to see anything for
several reports in a row, 4 a fault of this program.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from monitoring.commands import CommandResult, in_zone, moment, zone
from monitoring.config import Level, Maturity, MonitoringConfig
from monitoring.report.files import HTML_FILE, JSON_FILE, SUMMARY_FILE
from monitoring.report.make import Surroundings, make_report
from monitoring.report.wording import LEVELS, number
from monitoring.windows.audit_records import Period
from monitoring.windows.parquet import WindowSource

if TYPE_CHECKING:
    import argparse

    from monitoring.drift.measure import WindowFacts
    from monitoring.report.result import DriftReport

NO_ALERT, ALERT, BLIND = 0, 1, 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("--bundle", type=Path, required=True, metavar="DIR", help="folder of the sealed bundle")
    for name, meaning in (("reference", "the accepted period"), ("current", "the period to judge")):
        parser.add_argument(
            f"--{name}", required=True, metavar="FILE.parquet[:train|:test]", help=f"window of {meaning}"
        )
        parser.add_argument(
            f"--{name}-scores", type=Path, metavar="FILE.parquet", help=f"predictions of the model over {meaning}"
        )
    parser.add_argument("--since", type=moment, metavar="DATE", help="audit records and log lines from then on")
    parser.add_argument("--until", type=moment, metavar="DATE", help="and before then")
    parser.add_argument(
        "--zone", type=zone, default="UTC", metavar="NAME", help="whose days and months these are (UTC)"
    )
    parser.add_argument(
        "--outcomes", type=Path, metavar="FILE.parquet", help="id_requete and TARGET of audited requests, as they come"
    )
    parser.add_argument(
        "--mature-until", default="", metavar="YYYY-MM", help="last month whose outcomes are all there, as you know"
    )
    parser.add_argument(
        "--logs", type=Path, nargs="+", default=[], metavar="PATH", help="the API's log lines: service indicators"
    )
    parser.add_argument(
        "--decisions", type=Path, metavar="FILE", help="decisions of officers, as the desk exports them"
    )
    parser.add_argument(
        "--segment", default="", metavar="COLUMN", help="category whose segments are each measured (the main product)"
    )
    parser.add_argument("--quiet", type=Path, metavar="FILE.json", help="false-alarm limits, from the command quiet")
    parser.add_argument("--history", type=Path, metavar="FILE.csv", help="table that the report is added to")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder that the report takes the place of"
    )


def run(args: argparse.Namespace) -> CommandResult:
    """Make the report and tell what it says."""
    reference = WindowSource.parse(args.reference, args.reference_scores)
    current = WindowSource.parse(args.current, args.current_scores)
    with tqdm(desc="drift", unit="step", disable=None) as bar:

        def advance(step: str) -> None:
            bar.set_postfix_str(step)
            bar.update()

        report = make_report(
            args.bundle,
            reference,
            current,
            args.out,
            config=MonitoringConfig(maturity=Maturity(until=args.mature_until), segment=args.segment),
            surroundings=_surroundings(args),
            advance=advance,
        )
    return CommandResult(_status(report), told(report, args.out))


def _status(report: DriftReport) -> int:
    if report.level is Level.ALERT:
        return ALERT
    return BLIND if report.blind_in_a_row >= report.config.blind_reports else NO_ALERT


def _surroundings(args: argparse.Namespace) -> Surroundings:
    return Surroundings(
        period=Period(in_zone(args.since, args.zone), in_zone(args.until, args.zone), args.zone),
        outcomes=args.outcomes,
        logs=tuple(args.logs),
        decisions=args.decisions,
        false_alarms=args.quiet,
        history=args.history,
    )


def told(report: DriftReport, out: Path) -> tuple[str, ...]:
    """Return the lines for the person at the keyboard: what is not stable, and where to read on."""
    raised = [item for item in report.checks if item.level.is_raised]
    unknown = sum(item.level is Level.NOT_APPLICABLE for item in report.checks)
    return (
        f"{_told(report.drift.reference)} → {_told(report.drift.current)} : {LEVELS[report.level]}",
        *_blind_lines(report),
        *(f"  {item.code} {LEVELS[item.level]} : {item.title}" for item in raised),
        f"  {len(report.checks)} contrôles, dont {unknown} non applicable(s)",
        f"à lire : {out / SUMMARY_FILE}, {out / HTML_FILE} ; tous les chiffres : {out / JSON_FILE}",
    )


def _blind_lines(report: DriftReport) -> list[str]:
    if not report.blind_in_a_row:
        return []
    return [
        (
            f"  moins de {number(report.config.seeing_rows)} demandes : aucun écart ne pouvait être vu, "
            f"{number(report.blind_in_a_row)} rapport(s) de suite"
        )
    ]


def _told(window: WindowFacts) -> str:
    return f"{window.source} ({number(window.n_applications)} demandes)"
