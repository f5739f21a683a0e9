"""Ask what an environment serves whether the bundle still takes what partners send; status 1 where it does not."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.asking import over_http
from delivery.commands.rollback import add_stack_arguments
from delivery.errors import DeliveryError
from delivery.events import HttpRequest
from delivery.paths import BUNDLE
from delivery.smoke import OK
from delivery.stack import Stack
from scoring.bundle import Bundle, parse_contract
from scoring.compatibility import refusals
from scoring.errors import ContractError

if TYPE_CHECKING:
    import argparse

    from delivery.smoke import Ask
    from scoring.contract import Contract

INCOMPATIBLE = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_stack_arguments(parser)
    parser.add_argument("--bundle", type=Path, default=BUNDLE, help="bundle that is meant (lambda/bundle)")


def run(args: argparse.Namespace) -> int:
    """Compare, and say what would be refused."""
    stack = Stack(args.environment)
    if not stack.exists():
        print(f"compatible: {stack.name} serves nothing yet")
        return 0
    with over_http(stack.output("ApiUrl"), stack.api_key()) as ask:
        return judge(ask, args.bundle, stack.name)


def judge(ask: Ask, bundle: Path, where: str) -> int:
    """Compare the bundle with the contract that a deployment serves."""
    try:
        meant = Bundle.open(bundle).contract
        found = refusals(_served(ask), meant, on=datetime.now(UTC).date())
    except ContractError as error:
        raise DeliveryError(f"the inputs cannot be compared: {error}") from error
    for sentence in found:
        print(f"incompatible {sentence}", file=sys.stderr)
    if found:
        print(
            f"incompatible: requests that {where} takes would be refused; export with --previous and --accept-until",
            file=sys.stderr,
        )
        return INCOMPATIBLE
    print(f"compatible: every request that {where} takes is taken")
    return 0


def _served(ask: Ask) -> Contract:
    status, content = ask(HttpRequest("GET", "/v1/contract"))
    if status != OK:
        raise DeliveryError(f"what is served does not tell its contract: status {status}")
    return parse_contract(json.dumps(content).encode(), source="what is served")
