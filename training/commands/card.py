"""Write the card of a bundle that is a scorecard: a table for people, JSON for programs, SQL for a warehouse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from training.bundle.card import card_json, card_of, card_sql, card_table
from training.bundle.opening import open_bundle
from training.files import ROOT, written_folder

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--bundle", type=Path, default=ROOT / "lambda" / "bundle", help="lambda/bundle by default")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of carte.md, .json and .sql")


def run(args: argparse.Namespace) -> int:
    """Read the card off the sealed graph and write its three forms."""
    card = card_of(open_bundle(args.bundle))
    told = json.dumps(card_json(card), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    with written_folder(args.out) as folder:
        for name, content in (("md", card_table(card)), ("json", told), ("sql", card_sql(card))):
            (folder / f"carte.{name}").write_text(content, encoding="utf-8")
    print(f"{args.out}: {len(card.rows)} characteristics, {card.base_points:.1f} points before any")
    return 0
