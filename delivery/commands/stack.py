"""Print name and region of an environment's stack, as samconfig.toml has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from delivery.commands.rollback import add_stack_arguments
from delivery.stack import configuration

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_stack_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print the two in one line."""
    configured = configuration(args.environment)
    print(configured["stack_name"], configured["region"])
    return 0
