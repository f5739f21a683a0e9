"""Draw the history of the reports: share of inputs in alert, score PSI, expected cost, time to react.

The page is one HTML file without any script, to be opened anywhere. Exit status: 0, or 2 where there is no history.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from monitoring.commands import CommandResult
from monitoring.errors import MonitoringError
from monitoring.report.files import written_bytes
from monitoring.report.history import read_history
from monitoring.report.trend import trend_page
from monitoring.report.wording import number

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument(
        "--history", type=Path, required=True, metavar="FILE.csv", help="table that report --history adds to"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.html", help="page to write")


def run(args: argparse.Namespace) -> CommandResult:
    """Write the page."""
    rows = read_history(args.history)
    if not rows:
        raise MonitoringError("MON918", f"{args.history} holds no report; make one with `report --history`")
    written_bytes(args.out, trend_page(rows).encode())
    return CommandResult(0, (f"{number(len(rows))} rapport(s) : {args.out}",))
