"""Put the staged version (or a given one) into production, if the gates let it pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.errors import RegistryError
from training.registry import aliases, promotion, store
from training.registry.gates import OVERRIDABLE

if TYPE_CHECKING:
    import argparse


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


def run(args: argparse.Namespace) -> int:
    """Hold the version against the gates, then move the alias."""
    if args.override and not args.reason:
        raise RegistryError("TRN315", "--override needs --reason: say who may answer for it, and why")
    client = store.open_store(create=False)
    version = args.version or aliases.require_version(client, aliases.STAGING)
    done = promotion.promote(client, version, reason=args.reason or "promoted by hand", override=args.override)
    for result in done.results:
        for finding in result.findings:
            print(f"{'overruled' if finding in result.breaches else 'ok':<9} {result.gate:<12} {finding}")
    if done.change is None:
        print(f"version {version} is in production already; nothing was changed")
    else:
        print(f"version {version} is in production (before: {done.change.previous or 'none'})")
    return 0
