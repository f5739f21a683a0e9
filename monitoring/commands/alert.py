"""Send the alarm of a report to the webhook, SNS topic and GitHub repository that the environment names.

A report without an alert sends nothing. Exit status: 0 sent, or nothing to send; 2 a way failed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from monitoring.commands import CommandResult
from monitoring.config import Level
from monitoring.report.alerts import alarm_of, send
from monitoring.report.settings import read_alert_settings

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder of the report, as given to report --out"
    )


def run(args: argparse.Namespace) -> CommandResult:
    """Send the alarm, if it is one."""
    alarm, settings = alarm_of(args.out), read_alert_settings()
    if alarm.level != Level.ALERT:
        return CommandResult(0, ("rien en alerte : rien n’est envoyé",))
    sent = send(alarm, settings)
    return CommandResult(0, tuple(sent) or ("aucune destination configurée (MONITORING_…) : rien n’est envoyé",))
