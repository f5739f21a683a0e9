"""Take decisions of audit records again, and show that they come out bit for bit the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from training.bundle.replay import Replayer, read_records

if TYPE_CHECKING:
    import argparse

DIFFERENT = 1
_TOLD = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--record", type=Path, required=True, help="file of audit records, JSON lines, gzipped or not")
    parser.add_argument("--bundle", type=Path, required=True, help="folder of the bundle that took the decisions")
    parser.add_argument("--id", help="replay the record of this request alone (id_requete)")


def run(args: argparse.Namespace) -> int:
    """Score each record's application again and compare; status 1 says that something differs."""
    replayer = Replayer.of(args.bundle)
    records = read_records(args.record, request_id=args.id)
    replays = [replayer.replay(record) for record in tqdm(records, desc="replaying", unit="record", disable=None)]
    different = [replay for replay in replays if replay.differences]
    for replay in different[:_TOLD]:
        print(f"{replay.request_id}: DIFFERS")
        for difference in replay.differences:
            print(f"  {difference}")
    if len(different) > _TOLD:
        print(f"… and {len(different) - _TOLD} more")
    print(f"{len(replays) - len(different)} of {len(replays)} decisions reproduced bit for bit by {replayer.name}")
    return DIFFERENT if different else 0
