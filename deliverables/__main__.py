"""Commands of the deliverables: ``python -m deliverables guides`` and ``python -m deliverables presentation``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from deliverables.facts import DOCS, read_facts
from training.errors import TrainingError

PRESENTATION = DOCS / "soutenance" / "soutenance.pptx"


def main(arguments: list[str] | None = None) -> int:
    """Run a command; a trouble is one line and status 2."""
    args = _parser().parse_args(arguments)
    try:
        for path in _write_guides(args.out) if args.command == "guides" else _write_presentation(args.out):
            print(path)
    except (TrainingError, OSError, ValueError) as error:
        print(f"error {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deliverables", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    guides = commands.add_parser("guides", help="write the French documents of docs/")
    guides.add_argument("--out", type=Path, default=DOCS, help="folder of the documents")
    presentation = commands.add_parser("presentation", help="write the presentation of the served version")
    presentation.add_argument("--out", type=Path, default=PRESENTATION, help="file to write")
    return parser


def _write_guides(folder: Path) -> list[Path]:
    from deliverables.guides.pages import write_guides  # noqa: PLC0415  the presentation needs no templates

    return write_guides(read_facts(), folder)


def _write_presentation(path: Path) -> list[Path]:
    from deliverables.presentation.deck import build_deck, save_deck  # noqa: PLC0415  the guides need no slides

    path.parent.mkdir(parents=True, exist_ok=True)
    save_deck(build_deck(read_facts()), path)
    return [path]


if __name__ == "__main__":
    sys.exit(main())
