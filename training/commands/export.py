"""Write the bundle of a registered version where it is served from."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scoring.bundle import Bundle
from scoring.contract import Predecessor
from training.bundle.export import publish_bundle
from training.errors import DataError
from training.files import ROOT
from training.registry import aliases, store, versions

if TYPE_CHECKING:
    import argparse

    from training.registry.aliases import AliasChange


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--alias",
        choices=(aliases.PRODUCTION, aliases.STAGING),
        default=aliases.PRODUCTION,
        help="production by default",
    )
    parser.add_argument("--out", type=Path, default=ROOT / "lambda" / "bundle", help="folder of the bundle")
    parser.add_argument(
        "--previous", type=Path, help="bundle that is served now: requests it takes are accepted until --accept-until"
    )
    parser.add_argument(
        "--accept-until", type=date.fromisoformat, metavar="YYYY-MM-DD", help="last day for those requests"
    )


def run(args: argparse.Namespace) -> int:
    """Copy the bundle, stamped with its registry version."""
    predecessor = _predecessor(args.previous, args.accept_until)
    client = store.open_store(create=False)
    version = aliases.require_version(client, args.alias)
    last = [one for one in aliases.alias_history(client) if (one.alias, one.version) == (args.alias, version)][-1:]
    publish_bundle(
        versions.sound_bundle_of(client, version),
        args.out,
        registry_version=version,
        registry_alias=args.alias,
        predecessor=predecessor,
        proposed_by=last[0].proposed_by if last else None,
        approved_by=_approved(last[0]) if last and args.alias == aliases.PRODUCTION else None,
    )
    print(f"{args.out}: version {version} ({args.alias})")
    return 0


def _predecessor(previous: Path | None, until: date | None) -> Predecessor | None:
    """Return whose inputs are accepted, and how long.

    Raises
    ------
    DataError
        ``TRN175`` when one of the two is not said, or the day is gone.
    """
    if previous is None and until is None:
        return None
    if previous is None or until is None or until < datetime.now(UTC).date():
        raise DataError("TRN175", "--previous needs --accept-until, a day to come, and the other way round")
    before = Bundle.open(previous)
    return Predecessor(seal=before.seal, inputs=before.contract.inputs, accepted_until=until)


def _approved(change: AliasChange) -> str:
    """Return who answers for a move, and aloud where it was one person alone."""
    return change.by if change.broken_glass is None else f"{change.by} (glass broken: {change.broken_glass})"
