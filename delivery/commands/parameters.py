"""Print the parameters of an environment's stack, with the bundle that is meant: what sam deploy is given."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.commands.rollback import add_stack_arguments
from delivery.errors import DeliveryError
from delivery.paths import BUNDLE, POLICY
from delivery.template import environments
from scoring.bundle import Bundle
from scoring.errors import ContractError
from scoring.policy import parse_policy

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
    _check_rules(known[args.environment].get("PolicySeal", ""))
    given = {"AlarmEmail": email} if (email := os.environ.get("ALARM_EMAIL")) else {}
    for name, value in (known[args.environment] | given | {"BundleSha256": seal}).items():
        print(f"{name}={value}")
    return 0


def _check_rules(meant: str) -> None:
    """Refuse to deploy rules that are not those of the package: every application would go to a person."""
    if not meant:
        return
    try:
        seal = parse_policy(POLICY.read_bytes()).seal
    except (OSError, ContractError) as error:
        raise DeliveryError(f"PolicySeal={meant}, and {POLICY} cannot be read: {error}") from error
    if not seal.startswith(meant):
        raise DeliveryError(f"PolicySeal={meant}, and the seal of {POLICY} begins with {seal[:12]}")
