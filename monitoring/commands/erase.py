"""Erase the lines of a person from logs and recorded inputs; without --confirm, say only what would be erased.

Exit status: 0, 1 where files still name the person, 2 where nobody is named or a file cannot be written.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring.commands import CommandResult
from monitoring.commands.find import add_person_arguments, given_person, told
from monitoring.report.files import written_bytes
from monitoring.report.wording import number
from monitoring.rights.erasure import erase
from monitoring.rights.search import find
from monitoring.windows.log_lines import log_files

if TYPE_CHECKING:
    import argparse

REMAINS = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    add_person_arguments(parser)
    parser.add_argument("--out", type=Path, metavar="FILE.txt", help="what is printed, kept as a proof: no value in it")
    parser.add_argument("--confirm", action="store_true", help="erase; without it nothing is changed")
    parser.add_argument(
        "--log-days", type=int, required=True, metavar="N", help="LogRetentionDays: age at which log groups drop a line"
    )
    parser.add_argument(
        "--replaced-days",
        type=int,
        required=True,
        metavar="N",
        help="NoncurrentDays of the vault: age of what was replaced",
    )


def run(args: argparse.Namespace) -> CommandResult:
    """Erase, and say what is left and until when."""
    found = find(given_person(args), args.logs)
    lines = list(told(found))
    status = 0
    if not args.confirm:
        lines.append("Rien n’a été effacé : relancer avec --confirm.")
    else:
        done = erase(found.person, log_files(args.logs))
        lines += [f"Effacé de {path} : {number(count)} ligne(s)." for path, count in done.erased.items()]
        lines.append(f"{number(sum(done.erased.values()))} ligne(s) effacée(s).")
        lines += [
            f"Nommé encore dans {path}, en un endroit illisible : à traiter à la main." for path in done.remaining
        ]
        lines += [f"{path} est coupé et n’a pas été touché : à traiter à la main." for path in done.cut]
        status = REMAINS if done.remaining or done.cut else 0
    last = found.last or datetime.now(UTC)
    lines += [
        (
            "Groupes de journaux CloudWatch : une ligne ne s’y efface pas ; la dernière en part d’elle-même le "
            f"{_day(last, args.log_days)}."
        ),
        (
            "Coffre : remettre les fichiers (aws s3 sync) en fait de nouvelles versions ; les remplacées en partent le "
            f"{_day(datetime.now(UTC), args.replaced_days)}."
        ),
        "Ce que gardent le prêteur (décisions, issues) et le partenaire, par identifiant ou reçu, s’efface chez eux.",
    ]
    if args.out is not None:
        written_bytes(args.out, "".join(f"{line}\n" for line in lines).encode())
    return CommandResult(status, tuple(lines))


def _day(since: datetime, days: int) -> str:
    """Return the first day on which nothing is left: retention is by whole days."""
    return (since + timedelta(days=days + 1)).date().isoformat()
