"""Put the staged version (or a given one) into production, if the gates let it pass."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from commandline.person import person
from training.bundle.candidate_replay import Candidate, read_outcomes, replay_candidate
from training.bundle.opening import open_service
from training.bundle.shadow_record import read_shadow
from training.errors import RegistryError
from training.registry import aliases, four_eyes, promotion, store
from training.registry.gates import OVERRIDABLE, GateResult, replay_gate, shadow_gate

if TYPE_CHECKING:
    import argparse

    from scoring.bundle import Bundle


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--version", help="registry version; the staged one by default")
    parser.add_argument("--reason", help="kept with the change")
    parser.add_argument(
        "--override",
        choices=OVERRIDABLE,
        action="append",
        default=[],
        help="promote although this gate refuses (repeatable); needs --reason, and both are kept in the history",
    )

    parser.add_argument("--by", metavar="NAME", help="who approves, another than who proposed; the user by default")
    parser.add_argument("--break-glass", metavar="REASON", help="one person alone: told aloud, and kept")
    parser.add_argument("--records", type=Path, nargs="+", default=[], metavar="FILE", help="audit records to replay")
    parser.add_argument("--outcomes", type=Path, metavar="FILE.csv", help="id_requete,defaut: what became of them")
    parser.add_argument("--shadow", type=Path, metavar="FILE", help="log lines of the function with its shadow")


def run(args: argparse.Namespace) -> int:
    """Hold the version against the gates, then move the alias."""
    if args.override and not args.reason:
        raise RegistryError("TRN315", "--override needs --reason: say who may answer for it, and why")
    client = store.open_store(create=False)
    version = args.version or aliases.require_version(client, aliases.STAGING)
    by = args.by or person()
    signed = four_eyes.sign(client, version, person=by, break_glass=args.break_glass)
    if args.break_glass:
        print(f"BREAKING GLASS: {by} alone puts version {version} forward: {args.break_glass}", file=sys.stderr)
    done = promotion.promote(
        client,
        version,
        reason=args.reason or "promoted by hand",
        override=args.override,
        signed=signed,
        further=lambda bundle: _recorded(args, version, bundle),
    )
    for result in done.results:
        for finding in result.findings:
            print(f"{'overruled' if finding in result.breaches else 'ok':<9} {result.gate:<12} {finding}")
    if done.change is None:
        print(f"version {version} is in production already; nothing was changed")
    else:
        print(f"version {version} is in production (before: {done.change.previous or 'none'})")
    return 0


def _recorded(args: argparse.Namespace, version: str, bundle: Bundle) -> list[GateResult]:
    """Hold a version against what the function has recorded, where that is given."""
    results = []
    if args.records:
        candidate = Candidate(f"version {version}", open_service(bundle))
        outcomes = read_outcomes(args.outcomes) if args.outcomes else None
        results.append(replay_gate(replay_candidate(candidate, args.records, outcomes=outcomes)))
    if args.shadow:
        results.append(shadow_gate(read_shadow(args.shadow, version=version)))
    return results
