"""Keep in the stack's journal that the versions that are live answered rightly: a rollback may go to them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from commandline.person import person
from delivery.commands.rollback import add_stack_arguments
from delivery.errors import DeliveryError
from delivery.paths import BUNDLE
from delivery.rollback import record
from delivery.stack import Move, Release, Stack, now, way_back
from scoring.bundle import Bundle
from scoring.errors import ContractError

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_stack_arguments(parser)
    parser.add_argument("--bundle", type=Path, default=BUNDLE, help="bundle that is served (lambda/bundle)")


def run(args: argparse.Namespace) -> int:
    """Add the versions of both functions to the journal, once."""
    stack = Stack(args.environment)
    try:
        bundle = Bundle.open(args.bundle)
    except ContractError as error:
        raise DeliveryError(f"the bundle cannot be recorded: {error}") from error
    identity = bundle.contract.identity
    live, path = stack.live(), way_back(stack.moves())
    if path and path[-1].release == live:
        print(f"{stack.name}: {live} are recorded already")
        return 0
    before = path[-1].release if path else Release("", "")
    move = Move(
        action="deploy",
        version=live.scoring,
        left=before.scoring,
        reason="the smoke test found it right",
        by=person(),
        at=now(),
        model=f"{identity.model_name}:{identity.registry_version or ''}",
        bundle=bundle.seal,
        commit=os.environ.get("GITHUB_SHA", ""),
        dossier_version=live.dossier,
        dossier_left=before.dossier,
    )
    record(stack, move)
    print(f"{stack.name}: {live} are recorded as right")
    return 0
