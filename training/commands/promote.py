"""Put the staged version (or a given one) into production."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.tracking import registry, store

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--version", help="registry version; the staged one by default")
    parser.add_argument("--reason", default="promoted by hand", help="kept with the change")


def run(args: argparse.Namespace) -> int:
    """Check that the version holds a sound bundle, then move the alias."""
    client = store.open_store(create=False)
    version = args.version or registry.require_version(client, registry.STAGING)
    registry.sound_bundle_of(client, version)
    change = registry.move_alias(client, registry.PRODUCTION, version, action="promote", reason=args.reason)
    print(f"version {version} is in production (before: {change.previous or 'none'})")
    return 0
