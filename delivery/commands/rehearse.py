"""Rehearse a deployment in a mocked AWS: deploy, canary, alarm, rollback, and which version answers at each step."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.errors import DeliveryError
from delivery.paths import BUNDLE, DOSSIER_PACKAGE, PACKAGE, ROOT

if TYPE_CHECKING:
    import argparse

REPORT = ROOT / "reports" / "rehearsal.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--package", type=Path, default=PACKAGE, help="what `make package` built for applications")
    parser.add_argument("--dossier-package", type=Path, default=DOSSIER_PACKAGE, help="the same for dossiers")
    parser.add_argument(
        "--failing", type=Path, required=True, help="bundle whose decisions raise the alarm on refusals"
    )
    parser.add_argument(
        "--strange", type=Path, required=True, help="bundle that takes none of the requests partners send today"
    )
    parser.add_argument("--right", type=Path, required=True, help="bundle that takes over, until a person goes back")
    parser.add_argument("--environment", default="staging", help="whose canary and limits rule (staging)")


def run(args: argparse.Namespace) -> int:
    """Walk, and print each step as it is done."""
    # The mocked AWS takes seconds to import, and no other command needs it.
    from delivery.rehearsal import Rehearsal, say_step  # noqa: PLC0415

    for package in (args.package, args.dossier_package):
        if not package.is_dir():
            raise DeliveryError(f"{package} is absent; run `make package`")
    steps = []
    rehearsal = Rehearsal(args.package.resolve(), args.dossier_package.resolve(), environment=args.environment)
    for step in rehearsal.walk(BUNDLE, args.failing, args.strange, args.right):
        steps.append(step)
        print(say_step(len(steps), step), flush=True)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps([asdict(one) for one in steps], ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0
