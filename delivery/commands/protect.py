"""Let nobody delete an environment's stack by one call; dev, which is made to be thrown away, stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from delivery.commands.rollback import add_stack_arguments
from delivery.stack import Stack

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_stack_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Switch termination protection on, and say so."""
    stack = Stack(args.environment)
    if not stack.lasts:
        print(f"protect: {stack.name} may be deleted")
        return 0
    stack.protect()
    print(f"protect: {stack.name} is protected from deletion")
    return 0
