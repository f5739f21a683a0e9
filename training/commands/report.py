"""Explain a registered version in one HTML page: what counts, what its loss would cost, and six applications."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from training.explanations.report import make_report
from training.files import ROOT, written_file
from training.registry import aliases, runs, store, versions

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--version", help="registry version; the one that --alias names by default")
    parser.add_argument(
        "--alias",
        choices=(aliases.PRODUCTION, aliases.STAGING),
        default=aliases.STAGING,
        help="staging by default: to be read before the version is promoted",
    )
    parser.add_argument("--out", type=Path, default=ROOT / "reports" / "explications.html", help="the page to write")
    parser.add_argument("--seed", type=int, default=0, help="of the shuffles and of LIME")


def run(args: argparse.Namespace) -> int:
    """Write the page, and keep it with its figures in the version's run."""
    client = store.open_store(create=False)
    version = args.version or aliases.require_version(client, args.alias)
    bundle = versions.sound_bundle_of(client, version)
    hold_out = versions.hold_out_of(client, version)
    report = make_report(bundle, hold_out, title=f"Explications de la version {version}", seed=args.seed)
    with written_file(args.out) as temporary:
        temporary.write_text(report.html, encoding="utf-8")
    runs.record_report(versions.run_of(client, version), report)
    print(f"{args.out}: version {version}, {len(report.figures)} figures, kept in its run as well")
    return 0
