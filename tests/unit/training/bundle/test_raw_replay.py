"""Replay from raw dossiers: the hash binds a dossier to its record, and the SQL gives the inputs again bit for bit."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from scoring.dossier.app import open_dossier_app
from scoring.settings import Settings
from training.__main__ import main

if TYPE_CHECKING:
    import io
    from collections.abc import Callable
    from pathlib import Path

    import httpx

    from scoring.bundle import Bundle

    type Kept = tuple[Path, list[Path]]


@pytest.fixture
def kept(
    tmp_path: Path,
    audited: Callable[[], io.StringIO],
    ask: Callable[..., httpx.Response],
    bundle: Bundle,
    bundle_dir: Path,
) -> Kept:
    """Ask for golden dossiers, one alone and the others in a batch; return the records and the dossiers as files."""
    stream = audited()
    app = open_dossier_app(Settings(bundle_dir=bundle_dir, audit="on", audit_share=1.0))
    first, *others = [one["dossier"] for one in bundle.golden_dossiers[:4]]
    assert ask(app, "POST", "/v1/dossier", json.dumps(first)).status_code == 200
    assert ask(app, "POST", "/v1/dossier/lot", json.dumps({"dossiers": others})).status_code == 200
    records = tmp_path / "records.jsonl"
    records.write_text(stream.getvalue(), encoding="utf-8")
    paths = []
    for place, dossier in enumerate([first, *others]):
        paths.append(tmp_path / f"{place}.json")
        # Another order of names and other blanks: the same dossier.
        paths[-1].write_text(json.dumps(dict(reversed(dossier.items())), indent=1), encoding="utf-8")
    return records, paths


def replay(records: Path, dossiers: list[Path], bundle: Path) -> int:
    """Run the command."""
    return main(["replay", "--record", str(records), "--bundle", str(bundle), "--dossier", *map(str, dossiers)])


def changed(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the dossier of a file."""
    dossier = json.loads(path.read_text(encoding="utf-8"))
    change(dossier)
    path.write_text(json.dumps(dossier), encoding="utf-8")


def test_raw_dossiers_give_inputs_and_decisions_again(
    kept: Kept, bundle_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Alone or in a batch: every input by the SQL, and the decision on them, bit for bit."""
    status = replay(*kept, bundle_dir)
    told = capsys.readouterr().out

    assert status == 0
    assert "4 of 4 decisions reproduced bit for bit" in told
    assert "4 raw dossiers: 4 give the recorded inputs bit for bit" in told


def test_a_dossier_that_was_changed_is_refused(
    kept: Kept, bundle_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One unit of one amount is another hash: nothing is replayed on it."""
    records, (first, *_) = kept
    changed(first, lambda dossier: dossier["application"].update(AMT_CREDIT=dossier["application"]["AMT_CREDIT"] + 1))

    assert replay(records, [first], bundle_dir) == 2
    assert "TRN189: no record was taken on" in capsys.readouterr().err


def test_a_record_whose_inputs_were_changed_is_named(
    kept: Kept, bundle_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The hash is the dossier's, the inputs are not: the input is named with both values."""
    records, (first, *_) = kept
    lines = [json.loads(line) for line in records.read_text(encoding="utf-8").splitlines()]
    lines[0]["demande"]["EXT_SOURCE_2"] = 0.123
    records.write_text("".join(f"{json.dumps(one)}\n" for one in lines), encoding="utf-8")

    assert replay(records, [first], bundle_dir) == 1
    assert "EXT_SOURCE_2: recorded 0.123, computed from the raw dossier " in capsys.readouterr().out


@pytest.mark.parametrize("content", ["", "[]", "{}", "{not JSON"])
def test_a_file_that_is_no_dossier_is_one_line(
    content: str, kept: Kept, bundle_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is wrong is named by place and code, never a value."""
    records, (first, *_) = kept
    first.write_text(content, encoding="utf-8")

    assert replay(records, [first], bundle_dir) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error TRN189: ")
