"""Write the bundle of a registered version where it is served from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from training.bundle.export import publish_bundle
from training.files import ROOT
from training.registry import aliases, store, versions

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--alias",
        choices=(aliases.PRODUCTION, aliases.STAGING),
        default=aliases.PRODUCTION,
        help="production by default",
    )
    parser.add_argument("--out", type=Path, default=ROOT / "lambda" / "bundle", help="folder of the bundle")


def run(args: argparse.Namespace) -> int:
    """Copy the bundle, stamped with its registry version."""
    client = store.open_store(create=False)
    version = aliases.require_version(client, args.alias)
    publish_bundle(
        versions.sound_bundle_of(client, version), args.out, registry_version=version, registry_alias=args.alias
    )
    print(f"{args.out}: version {version} ({args.alias})")
    return 0
