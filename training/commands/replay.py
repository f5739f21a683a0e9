"""Take recorded decisions again: bit for bit by the bundle that took them, or as a candidate would have taken them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from scoring.errors import ContractError
from scoring.policy import PolicyBook, parse_policy
from training.bundle.candidate_replay import Candidate, read_groups, read_outcomes, replay_candidate
from training.bundle.opening import open_bundle, open_service
from training.bundle.raw_replay import inputs_of_raw
from training.bundle.replay import Replay, Replayer, read_records
from training.bundle.replay_page import replay_page
from training.errors import DataError
from training.files import written_file

if TYPE_CHECKING:
    import argparse

    from scoring.bundle import Bundle

DIFFERENT = 1
_TOLD = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    exact = parser.add_argument_group("the same bundle again")
    exact.add_argument("--record", type=Path, help="file of audit records, JSON lines, gzipped or not")
    exact.add_argument("--bundle", type=Path, help="folder of the bundle that took the decisions")
    exact.add_argument(
        "--dossier", type=Path, nargs="+", default=[], metavar="FILE.json", help="raw dossiers: computed again as well"
    )
    exact.add_argument("--id", help="replay the record of this request alone (id_requete)")
    other = parser.add_argument_group("a candidate")
    other.add_argument("--candidate", metavar="VERSION|DIR", help="registry version, or folder of a bundle")
    other.add_argument("--records", type=Path, nargs="+", metavar="FILE", help="files of audit records")
    other.add_argument("--threshold", type=float, help="refuse from here on, in the place of the candidate's threshold")
    other.add_argument("--policy", type=Path, metavar="FILE", help="rules in the place of those in force then")
    other.add_argument("--outcomes", type=Path, metavar="FILE.csv", help="id_requete,defaut: what became of them")
    other.add_argument("--groups", type=Path, metavar="FILE.csv", help="id_requete, and a column an attribute")
    other.add_argument("--out", type=Path, metavar="FILE.md", help="page for the committee; printed by default")


def run(args: argparse.Namespace) -> int:
    """Replay in one of the two ways; of the first, status 1 says that something differs."""
    if args.candidate and args.records:
        return _replay_candidate(args)
    if args.record and args.bundle:
        return _replay_exactly(args)
    raise DataError("TRN186", "give --record and --bundle, or --candidate and --records")


def _replay_candidate(args: argparse.Namespace) -> int:
    if args.threshold is not None and not 0 < args.threshold < 1:
        raise DataError("TRN186", f"--threshold is {args.threshold}; give a probability between 0 and 1")
    bundle = _bundle(args.candidate)
    candidate = Candidate(
        name=f"Candidat {args.candidate}",
        service=open_service(bundle).under(threshold=args.threshold),
        book=_book(args.policy, bundle) if args.policy else None,
    )
    with tqdm(desc="replaying", unit="record", disable=None) as bar:
        replay = replay_candidate(
            candidate,
            args.records,
            outcomes=read_outcomes(args.outcomes) if args.outcomes else None,
            groups=read_groups(args.groups) if args.groups else None,
            advance=bar.update,
        )
    page = replay_page(replay)
    if args.out is None:
        print(page)
        return 0
    with written_file(args.out) as temporary:
        temporary.write_text(page, encoding="utf-8")
    swap = replay.everybody
    print(f"{args.out}: {swap.n} records, {swap.changed_share:.1%} of the decisions would change")
    return 0


def _bundle(candidate: str) -> Bundle:
    """Return the bundle of a folder, or else of a registry version."""
    if Path(candidate).is_dir():
        return open_bundle(Path(candidate))
    from training.registry import store, versions  # noqa: PLC0415  mlflow takes seconds, and a folder needs none

    return versions.sound_bundle_of(store.open_store(create=False), candidate)


def _book(path: Path, bundle: Bundle) -> PolicyBook:
    try:
        return PolicyBook(parse_policy(path.read_bytes()), bundle.contract)
    except (OSError, ContractError) as error:
        raise DataError("TRN187", f"{path} is no policy for this bundle ({error})") from error


def _replay_exactly(args: argparse.Namespace) -> int:
    """Score each record's application again and compare."""
    replayer = Replayer.of(args.bundle)
    records = read_records(args.record, request_id=args.id)
    raw = inputs_of_raw(replayer.bundle, records, args.dossier) if args.dossier else {}
    replays = [
        _with_inputs(replayer.replay(record), raw.get(record.dossier or "", ()))
        for record in tqdm(records, desc="replaying", unit="record", disable=None)
    ]
    different = [replay for replay in replays if replay.differences]
    for replay in different[:_TOLD]:
        print(f"{replay.request_id}: DIFFERS")
        for difference in replay.differences:
            print(f"  {difference}")
    if len(different) > _TOLD:
        print(f"… and {len(different) - _TOLD} more")
    print(f"{len(replays) - len(different)} of {len(replays)} decisions reproduced bit for bit by {replayer.name}")
    if raw:
        print(
            f"{len(raw)} raw dossiers: {sum(not found for found in raw.values())} give the recorded inputs bit for bit"
        )
    return DIFFERENT if different else 0


def _with_inputs(replay: Replay, differences: tuple[str, ...]) -> Replay:
    return Replay(replay.request_id, (*differences, *replay.differences))
