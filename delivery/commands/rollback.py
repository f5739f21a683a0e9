"""Put both aliases of a stack back to the versions before that were found right, and keep the reason."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from commandline.person import person
from delivery.errors import DeliveryError
from delivery.paths import ROOT
from delivery.rollback import roll_back, served_model, withdraw
from delivery.stack import Stack

if TYPE_CHECKING:
    import argparse

REPORT = ROOT / "reports" / "deployment" / "rollback.json"
LONGEST_REASON = 1000


def add_stack_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what names a stack."""
    parser.add_argument("--environment", required=True, help="dev, staging or production (samconfig.toml)")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_stack_arguments(parser)
    parser.add_argument("--reason", required=True, help="why; kept with the move")
    parser.add_argument("--version", default="", help="version of the function for applications; the one before")
    parser.add_argument("--dossier-version", default="", help="of the one for dossiers; what went with --version")
    parser.add_argument(
        "--failed-deployment", action="store_true", help="do nothing where the versions last found right are live"
    )


def run(args: argparse.Namespace) -> int:
    """Move the aliases; the last line names the model that is served now."""
    reason = args.reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise DeliveryError(f"a rollback needs its reason, in at most {LONGEST_REASON} characters (REASON=…)")
    stack = Stack(args.environment)
    if args.failed_deployment:
        move = withdraw(stack, reason=reason, by=person())
    else:
        named = {"to": args.version or None, "dossier_to": args.dossier_version or None}
        move = roll_back(stack, reason=reason, by=person(), **named)
    if move is None:
        print(f"{stack.name}: what was last found right, {stack.live()}, is live; nothing was moved")
    else:
        REPORT.parent.mkdir(parents=True, exist_ok=True)
        REPORT.write_text(json.dumps(asdict(move), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(f"{stack.name}: {move.release} are live again (before: {move.left_release}); {move.reason}")
    print(f"model: {(move.model if move else served_model(stack)) or 'unknown'}")
    return 0
