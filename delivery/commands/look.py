"""Look at a deployed stack: what no tool here can show, passed or failed line by line; status 1 where one failed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from delivery.asking import over_http
from delivery.commands.rollback import add_stack_arguments
from delivery.deployed import Deployment, look
from delivery.paths import BUNDLE
from delivery.stack import Stack

if TYPE_CHECKING:
    import argparse

FAILED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_stack_arguments(parser)
    parser.add_argument("--bundle", type=Path, default=BUNDLE, help="bundle that should be served (lambda/bundle)")


def run(args: argparse.Namespace) -> int:
    """Look, and print each line as it is known."""
    stack = Stack(args.environment)
    address = stack.output("ApiUrl")
    with over_http(address, stack.api_key()) as ask, over_http(address, None) as ask_without_key:
        return report(Deployment(stack, ask, ask_without_key, args.bundle))


def report(deployment: Deployment) -> int:
    """Print a line a check, and how many failed."""
    failed = 0
    for seen in look(deployment):
        print(seen.line(), flush=True)
        failed += bool(seen.wrong)
    print(f"look: {failed} failed" if failed else "look: everything passed")
    return FAILED if failed else 0
