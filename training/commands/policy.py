"""Seal a draft of the lender's rules for the function: who wrote it, who lets it in, why, and for how long."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from scoring.errors import ContractError
from scoring.policy import Policy, PolicyBook, policy_bytes
from training.bundle.opening import open_bundle
from training.errors import DataError
from training.files import ROOT, written_file

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--draft",
        type=Path,
        required=True,
        metavar="FILE",
        help="JSON with fields and rules; the rules in force will do",
    )
    parser.add_argument("--bundle", type=Path, default=ROOT / "lambda" / "bundle", help="what the rules stand beside")
    parser.add_argument("--version", required=True, help="how this version is called")
    parser.add_argument("--author", required=True)
    parser.add_argument("--approver", required=True, help="another person than the author")
    parser.add_argument("--reason", required=True)
    parser.add_argument("--valid-from", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
    parser.add_argument("--valid-until", type=date.fromisoformat, metavar="YYYY-MM-DD", help="no end by default")
    parser.add_argument("--out", type=Path, required=True, metavar="regles.json")


def run(args: argparse.Namespace) -> int:
    """Read the rules over the inputs of the bundle, and seal them."""
    draft = _draft(args.draft)
    stamp = {name: getattr(args, name) for name in ("version", "author", "approver", "reason")}
    days = {"valid_from": args.valid_from, "valid_until": args.valid_until}
    try:
        policy = Policy.model_validate({**draft, **days, **stamp}, strict=False).sealed()
        PolicyBook(policy, open_bundle(args.bundle).contract)
    except (ValidationError, ContractError) as error:
        raise DataError("TRN187", f"{args.draft} is no policy for this bundle: {_told(error)}") from error
    with written_file(args.out) as temporary:
        temporary.write_bytes(policy_bytes(policy))
    print(f"{args.out}: {len(policy.rules)} rules, version {policy.version}, seal {policy.seal}")
    return 0


def _draft(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {name: content[name] for name in ("fields", "rules")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError("TRN187", f"{path} is no draft: JSON with the lists fields and rules") from error


def _told(error: ValidationError | ContractError) -> str:
    if isinstance(error, ContractError):
        return str(error)
    first = error.errors()[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
