"""Tell what logs and recorded inputs keep of a person, by identifier or by the receipt of a reply.

Exit status: 0, or 2 where nobody is named or nothing can be read.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring.commands import CommandResult
from monitoring.errors import MonitoringError
from monitoring.report.files import written_bytes
from monitoring.report.wording import number
from monitoring.rights.person import person_of
from monitoring.rights.search import find
from scoring.log_lines import HASH_KEY

if TYPE_CHECKING:
    import argparse

    from monitoring.rights.person import Person
    from monitoring.rights.search import Found


def add_person_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare who is meant, and where to look."""
    parser.add_argument(
        "--identifier", action="append", default=[], metavar="ID", help="as the partner gives it to the API"
    )
    parser.add_argument(
        "--partner",
        action="append",
        default=[],
        metavar="KEY-ID",
        help="API key of the partner; none where none is used",
    )
    parser.add_argument(
        "--request", action="append", default=[], metavar="RECEIPT", help="id_requete of a reply; of a batch, ID/PLACE"
    )
    parser.add_argument(
        "--key-env", action="append", metavar="NAME", help=f"variable with the key of the hashes ({HASH_KEY}); repeat"
    )
    parser.add_argument("--logs", type=Path, nargs="+", required=True, metavar="PATH", help="logs, audit records")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    add_person_arguments(parser)
    parser.add_argument("--out", type=Path, metavar="FILE.jsonl", help="the lines themselves, for the person")


def run(args: argparse.Namespace) -> CommandResult:
    """Look, say how much there is and where, and write it where that is asked for."""
    found = find(given_person(args), args.logs)
    if args.out is not None:
        text = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in found.all_lines)
        written_bytes(args.out, text.encode())
    return CommandResult(0, told(found))


def given_person(args: argparse.Namespace) -> Person:
    """Return whom the command is about."""
    names = args.key_env or [HASH_KEY]
    if absent := [name for name in args.key_env or [] if not os.environ.get(name)]:
        raise MonitoringError("MON927", f"the variable {absent[0]} is not set; put the key of the hashes into it")
    keys = [value.encode() for name in names if (value := os.environ.get(name))]
    return person_of(args.identifier, args.request, partners=args.partner, keys=keys)


def told(found: Found) -> tuple[str, ...]:
    """Return what was found, file by file, and what could not be looked into."""
    kinds = ", ".join(f"{kind} {number(times)}" for kind, times in sorted(found.kinds.items()))
    count = f"{number(len(found.all_lines))} ligne(s) dans {number(len(found.lines))} fichier(s)"
    lines = [f"{count} : {kinds}." if kinds else f"{count}."]
    lines += [f"  {path} : {number(len(one))}" for path, one in found.lines.items()]
    lines += [f"Reçus : {', '.join(sorted(found.person.receipts))}."] if found.person.receipts else []
    lines += [
        f"{one} est le reçu d’un lot, de plusieurs personnes : nommer la demande, {one}/PLACE."
        for one in sorted(found.batches)
    ]
    if found.tally.cut_files:
        lines.append(f"Fichiers coupés, lus jusque-là : {', '.join(sorted(set(found.tally.cut_files)))}.")
    if found.tally.unreadable:
        lines.append(f"Objets illisibles, non cherchés : {number(found.tally.unreadable)}.")
    lines.append(
        "Une décision hors échantillon n’a d’autre trace que les lignes de sa requête, sans identifiant : la chercher "
        "par son reçu (id_requete de la réponse, suivi de /place dans un lot)."
    )
    lines.append("Historique, rapports et profils ne tiennent que des agrégats : rien n’y est d’une personne.")
    return tuple(lines)
