"""Replay: every recorded decision comes out again bit for bit, or what differs is named."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from scoring.http.app import create_app
from scoring.settings import Settings
from training.__main__ import main
from training.bundle.replay import Replayer, read_records
from training.errors import DataError

if TYPE_CHECKING:
    import io
    from collections.abc import Callable
    from pathlib import Path

    import httpx

    from scoring.bundle import Bundle
    from scoring.service import ScoringService


@pytest.fixture
def recorded(
    tmp_path: Path,
    audited: Callable[[], io.StringIO],
    ask: Callable[..., httpx.Response],
    bundle: Bundle,
    golden: list[dict[str, Any]],
) -> Callable[[ScoringService], Path]:
    """Ask a service for golden applications, one by one and in a batch, and keep the audit records in a file."""

    def record(service: ScoringService) -> Path:
        stream = audited()
        app = create_app(service, bundle, Settings(audit="on", audit_share=1.0))
        applications = [one["application"] for one in golden[:20]]
        for application in applications:
            ask(app, "POST", "/v1/score", json.dumps(application))
        ask(app, "POST", "/v1/score/batch?raisons=2", json.dumps({"demandes": applications}))
        path = tmp_path / "records.jsonl"
        path.write_text('{"evenement": "score"}\nnot JSON\n' + stream.getvalue(), encoding="utf-8")
        return path

    return record


def test_every_recorded_decision_is_reproduced(
    recorded: Callable[..., Path], service: ScoringService, bundle_dir: Path
) -> None:
    """Alone or in a batch: probability, margin, reasons, coverage and review come out bit for bit."""
    records = read_records(recorded(service))
    replays = [Replayer.of(bundle_dir).replay(one) for one in records]

    assert len(replays) == 40
    assert [one for one in replays if one.differences] == []


def test_decision_under_a_configured_rule_is_reproduced(
    recorded: Callable[..., Path], service: ScoringService, bundle_dir: Path
) -> None:
    """The record says under which threshold it was taken; the contract need not know it."""
    records = read_records(recorded(service.under(threshold=0.05)))

    assert {one.seuil for one in records} == {0.05}
    assert [one for one in map(Replayer.of(bundle_dir).replay, records) if one.differences] == []


@pytest.mark.parametrize("name", ["probabilite_de_defaut", "marge", "couverture", "classe", "seuil", "empreinte"])
def test_what_differs_is_named(
    recorded: Callable[..., Path], service: ScoringService, bundle_dir: Path, name: str
) -> None:
    """A record that was tampered with, by a single bit, does not pass."""
    record = read_records(recorded(service))[0]
    told = getattr(record, name)
    tampered = told + "x" if isinstance(told, str) else told * (1 + 2**-52)
    differences = Replayer.of(bundle_dir).replay(replace(record, **{name: tampered})).differences

    # Another threshold is taken as the rule in force: it shows in nothing but what it decides.
    assert any(one.startswith(name) for one in differences) or name == "seuil"


def test_changed_input_changes_the_margin(
    recorded: Callable[..., Path], service: ScoringService, bundle_dir: Path
) -> None:
    """The answer belongs to its inputs."""
    record = read_records(recorded(service))[5]
    changed = replace(record, demande={**record.demande, "EXT_SOURCE_2": 0.01})
    named = {one.partition(":")[0] for one in Replayer.of(bundle_dir).replay(changed).differences}

    assert {"marge", "probabilite_de_defaut", "raisons"} <= named


def test_another_bundle_reproduces_nothing_and_says_why(
    recorded: Callable[..., Path], service: ScoringService, linear_bundle_dir: Path
) -> None:
    """The name that carries the hash, and the hash, are the first things that differ."""
    record = read_records(recorded(service))[0]
    differences = Replayer.of(linear_bundle_dir).replay(record).differences

    assert [one.partition(":")[0] for one in differences[:2]] == ["version_modele", "empreinte"]


def test_inputs_another_bundle_does_not_know_are_a_difference(
    recorded: Callable[..., Path], service: ScoringService, bundle_dir: Path
) -> None:
    """A category this contract does not have cannot be scored again: everything differs."""
    record = read_records(recorded(service))[0]
    changed = replace(record, demande={**record.demande, "NAME_CONTRACT_TYPE": "Car loans"})
    differences = Replayer.of(bundle_dir).replay(changed).differences

    assert f"classe: recorded {record.classe!r}, reproduced None" in differences


def test_command_reads_gzip_and_says_how_many_came_out(
    recorded: Callable[..., Path], service: ScoringService, bundle_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Firehose compresses; the command says what it found, and status 0 that all is well."""
    path = recorded(service)
    path.write_bytes(gzip.compress(path.read_bytes()))
    status = main(["replay", "--record", str(path), "--bundle", str(bundle_dir)])

    assert (status, "40 of 40 decisions reproduced bit for bit" in capsys.readouterr().out) == (0, True)


def test_command_ends_with_one_when_something_differs(
    recorded: Callable[..., Path], service: ScoringService, linear_bundle_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A script can tell a reproduced decision from another one; a long list is cut."""
    status = main(["replay", "--record", str(recorded(service)), "--bundle", str(linear_bundle_dir)])
    told = capsys.readouterr().out

    assert (status, "0 of 40 decisions" in told, "… and 20 more" in told) == (1, True, True)


def test_one_record_can_be_chosen(recorded: Callable[..., Path], service: ScoringService) -> None:
    """An auditor asks for one decision by the identifier of its request."""
    path = recorded(service)
    wanted = read_records(path)[3].id_requete

    assert [one.id_requete for one in read_records(path, request_id=wanted)] == [wanted]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "TRN180"),
        (b"\xff", "TRN180"),
        (b"\x1f\x8bnot gzip", "TRN180"),
        (b"", "TRN181"),
        (b'{"evenement": "score"}\n[]\n', "TRN181"),
        (b'{"evenement": "audit"}', "TRN182"),
    ],
)
def test_file_without_records_is_a_clear_error(tmp_path: Path, content: bytes | None, code: str) -> None:
    """Absent, unreadable, empty and incomplete files are told apart."""
    path = tmp_path / "records.jsonl"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(DataError, match=code):
        read_records(path)


def test_record_of_another_form_is_refused(recorded: Callable[..., Path], service: ScoringService) -> None:
    """A form this version does not write may mean something else."""
    path = recorded(service)
    path.write_text(path.read_text("utf-8").replace('"enregistrement":"2"', '"enregistrement":"0"'), encoding="utf-8")

    with pytest.raises(DataError, match=r"TRN182: line 3 .* is not of form 2"):
        read_records(path)


def test_request_that_left_no_record_is_said(recorded: Callable[..., Path], service: ScoringService) -> None:
    """The sample does not hold everything."""
    with pytest.raises(DataError, match=r"TRN181: .* holds no audit record of request nobody"):
        read_records(recorded(service), request_id="nobody")


def test_bundle_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    """Replay needs the whole bundle."""
    with pytest.raises(DataError, match="TRN171: the bundle cannot be used: SCR201"):
        Replayer.of(tmp_path)
