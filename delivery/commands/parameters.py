"""Print the parameters of an environment's stack, with the bundle that is meant: what sam deploy is given."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.commands.rollback import add_stack_arguments
from delivery.errors import DeliveryError
from delivery.paths import BUNDLE
from delivery.template import environments
from scoring.bundle import Bundle
from scoring.errors import ContractError

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_stack_arguments(parser)
    parser.add_argument("--bundle", type=Path, default=BUNDLE, help="bundle of the package (lambda/bundle)")


def run(args: argparse.Namespace) -> int:
    """Print one NAME=VALUE a line."""
    known = environments()
    if args.environment not in known:
        raise DeliveryError(f"{args.environment!r} is no environment of samconfig.toml; there are {', '.join(known)}")
    try:
        seal = Bundle.open(args.bundle).seal
    except ContractError as error:
        raise DeliveryError(f"there is no bundle to deploy: {error}") from error
    given = {"AlarmEmail": email} if (email := os.environ.get("ALARM_EMAIL")) else {}
    for name, value in (known[args.environment] | given | {"BundleSha256": seal}).items():
        print(f"{name}={value}")
    return 0
