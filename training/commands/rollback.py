"""Put the version that was in production before back into production."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.registry import promotion, store

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--reason", required=True, help="why; kept with the change")
    parser.add_argument("--to", metavar="VERSION", help="the version that is meant: refuse to go to another")


def run(args: argparse.Namespace) -> int:
    """Move the alias one promotion back."""
    change = promotion.rollback(store.open_store(create=False), reason=args.reason, to=args.to)
    if change is None:
        print(f"version {args.to} is in production already; nothing was changed")
        return 0
    print(f"version {change.version} is back in production (before: {change.previous})")
    return 0
