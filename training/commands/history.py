"""Who moved which alias to which version, when and why."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from training.registry import aliases, store

if TYPE_CHECKING:
    import argparse

    from training.registry.aliases import AliasChange


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--alias", choices=(aliases.PRODUCTION, aliases.STAGING), help="both by default")
    parser.add_argument("--json", action="store_true", help="print one JSON list, for a program")


def run(args: argparse.Namespace) -> int:
    """Print the moves, oldest first."""
    client = store.open_store(create=False)
    aliases.require_version(client, args.alias or aliases.STAGING)
    moves = [one for one in aliases.alias_history(client) if args.alias in (None, one.alias)]
    if args.json:
        print(json.dumps([asdict(one) for one in moves], ensure_ascii=False, indent=1))
    else:
        print("\n".join([_line("when", "alias", "move", "by", "action", "why"), *map(_told, moves)]))
    return 0


def _told(change: AliasChange) -> str:
    overruled = "".join(f" [overruled {gate}: {found}]" for gate, found in change.overridden.items())
    overruled += f" [GLASS BROKEN: {change.broken_glass}]" if change.broken_glass else ""
    overruled += f" [proposed by {change.proposed_by}]" if change.proposed_by else ""
    move = f"{change.previous or '-'} -> {change.version}"
    return _line(change.at[:19], change.alias, move, change.by, change.action, change.reason + overruled)


def _line(*cells: str) -> str:
    widths = (19, 10, 9, 12, 8, 0)
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
