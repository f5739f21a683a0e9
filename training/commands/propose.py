"""Put the staged version (or a given one) forward: another person may then promote it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commandline.person import person
from training.registry import aliases, four_eyes, store

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--version", help="registry version; the staged one by default")
    parser.add_argument("--reason", required=True, help="kept with the version")
    parser.add_argument("--by", metavar="NAME", help="who proposes; the user by default")


def run(args: argparse.Namespace) -> int:
    """Keep the proposal with the version."""
    client = store.open_store(create=False)
    version = args.version or aliases.require_version(client, aliases.STAGING)
    by = args.by or person()
    four_eyes.propose(client, version, person=by, reason=args.reason)
    print(f"version {version} is proposed by {by}; another person promotes it")
    return 0
