"""Write the decision note and the model card (French) of the bundle that is served."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from delivery.paths import ROOT
from documents.model_pages.pages import pages_of
from documents.pages import write_page
from documents.record import RECORD_FILE, record_text
from documents.record_of_run import record_of
from training.registry import store

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--bundle", type=Path, default=ROOT / "lambda" / "bundle", help="the exported bundle")
    parser.add_argument("--out", type=Path, default=ROOT / "docs", help="folder of the pages")
    parser.add_argument(
        "--keep-record",
        action="store_true",
        help=f"render anew from the {RECORD_FILE} that is there, without asking the registry",
    )


def run(args: argparse.Namespace) -> int:
    """Ask the registry for the record of the bundle's version, then render."""
    if not args.keep_record:
        record = record_of(store.open_store(create=False), args.bundle)
        write_page(args.out / RECORD_FILE, record_text(record))
    pages = pages_of(args.bundle, args.out)
    for name, text in pages.items():
        write_page(args.out / name, text)
    print(f"{args.out}: {', '.join(pages)}")
    return 0
