"""Promotion: held against the gates, one at a time, wholly or not at all."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, event

from training.__main__ import main
from training.bundle.export import MODEL_NAME, Taught, write_bundle
from training.candidates.boosting import N_TREES
from training.errors import RegistryError
from training.features.feature_space import FeatureSpace  # noqa: TC001  pytest reads annotations
from training.registry import aliases, promotion, store, versions
from training.registry.gates import GateResult
from training.registry.lock import EXPIRES_AFTER, registry_lock
from training.selection.effort import Effort
from training.selection.pipeline import train_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mlflow.tracking import MlflowClient

    from scoring.bundle import Bundle
    from training.features.dataset import LabelledDataset


@pytest.fixture
def closed_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Close the calibration gate."""
    refused = GateResult("calibration", ("far off",), ("far off",))
    monkeypatch.setattr(promotion, "calibration_gate", lambda _: refused)


def test_a_closed_gate_refuses_and_nothing_moves(
    client: MlflowClient, closed_gate: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line names gate, finding and way out; the alias and the history stay."""
    before = aliases.alias_history(client)

    assert main(["promote"]) == 2
    assert "error TRN312: version 2 does not pass (calibration: far off)" in capsys.readouterr().err
    assert (aliases.version_of(client, aliases.PRODUCTION), aliases.alias_history(client)) == (None, before)


def test_an_override_promotes_and_is_kept(client: MlflowClient, closed_gate: None) -> None:
    """Who overruled which gate, what it had found and why stay in the history."""
    assert main(["promote", "--override", "calibration", "--reason", "the committee agreed"]) == 0
    last = aliases.alias_history(client)[-1]

    assert (last.version, last.reason, last.overridden) == ("2", "the committee agreed", {"calibration": "far off"})
    assert last.by


def test_an_override_without_a_reason_is_refused(client: MlflowClient, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody overrules a gate without saying why."""
    assert main(["promote", "--override", "cost"]) == 2
    assert "TRN315" in capsys.readouterr().err
    assert aliases.version_of(client, aliases.PRODUCTION) is None


def test_parity_cannot_be_overruled(client: MlflowClient, capsys: pytest.CaptureFixture[str]) -> None:
    """Production equals the validated model, whoever asks."""
    with pytest.raises(SystemExit, match="2"):
        main(["promote", "--override", "parity", "--reason", "hurry"])
    assert "invalid choice: 'parity'" in capsys.readouterr().err


def test_the_same_version_twice_changes_nothing(client: MlflowClient, capsys: pytest.CaptureFixture[str]) -> None:
    """Promoting what is in production leaves no second trace."""
    main(["promote", "--version", "1"])
    moves = len(aliases.alias_history(client))

    assert main(["promote", "--version", "1"]) == 0
    assert "already" in capsys.readouterr().out
    assert len(aliases.alias_history(client)) == moves


def test_two_promotions_at_once_exclude_each_other(client: MlflowClient, capsys: pytest.CaptureFixture[str]) -> None:
    """While one is at work the other is told who and changes nothing; afterwards it may."""
    with registry_lock(client, "promote version 1"):
        assert main(["promote"]) == 2
    assert "TRN307" in capsys.readouterr().err
    assert aliases.version_of(client, aliases.PRODUCTION) is None
    assert main(["promote"]) == 0


def test_a_rollback_waits_for_a_promotion(client: MlflowClient, capsys: pytest.CaptureFixture[str]) -> None:
    """The lock is on the versions, not on one command."""
    main(["promote"])
    with registry_lock(client, "promote version 1"):
        assert main(["rollback", "--reason", "costs rose"]) == 2
    assert "TRN307" in capsys.readouterr().err


def test_a_lock_of_someone_who_died_expires(client: MlflowClient) -> None:
    """A promotion that was killed keeps others out for minutes, not for ever."""
    long_ago = time.time() - EXPIRES_AFTER.total_seconds() - 1
    claim = {"by": "somebody", "purpose": "promote version 1", "at": long_ago}
    client.set_registered_model_tag(MODEL_NAME, "lock.dead", json.dumps(claim))

    assert main(["promote"]) == 0
    assert "lock.dead" not in client.get_registered_model(MODEL_NAME).tags


def test_the_lock_is_given_back_after_a_refusal(client: MlflowClient, closed_gate: None) -> None:
    """A gate that refuses leaves no claim behind."""
    main(["promote"])

    assert [key for key in client.get_registered_model(MODEL_NAME).tags if key.startswith("lock.")] == []


def test_a_promotion_that_dies_half_way_never_was(client: MlflowClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between its trace and the alias, it is in no history, and the next one clears it away."""
    main(["promote", "--version", "1"])

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(type(client), "set_registered_model_alias", die)
        assert main(["promote", "--version", "2"]) == 130

    assert aliases.version_of(client, aliases.PRODUCTION) == "1"
    assert [one.version for one in aliases.alias_history(client) if one.alias == aliases.PRODUCTION] == ["1"]
    assert main(["promote", "--version", "2"]) == 0
    assert main(["rollback", "--reason", "costs rose"]) == 0
    assert aliases.version_of(client, aliases.PRODUCTION) == "1"


def test_a_rollback_goes_nowhere_but_where_it_is_meant_to(
    client: MlflowClient, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the function went back to a model, the registry follows: already there, there, or not at all."""
    main(["promote", "--version", "1"])
    main(["promote", "--version", "2"])
    assert main(["rollback", "--reason", "costs rose", "--to", "2"]) == 0
    assert "version 2 is in production already; nothing was changed" in capsys.readouterr().out
    assert main(["rollback", "--reason", "costs rose", "--to", "7"]) == 2
    assert "TRN303: the version before 2 is 1, not 7" in capsys.readouterr().err
    assert main(["rollback", "--reason", "costs rose", "--to", "1"]) == 0

    assert aliases.version_of(client, aliases.PRODUCTION) == "1"


def test_an_alias_moved_in_the_ui_keeps_the_history(client: MlflowClient) -> None:
    """Whoever moves the alias elsewhere does not wipe out what was promoted before."""
    main(["promote", "--version", "1"])
    client.set_registered_model_alias(MODEL_NAME, aliases.PRODUCTION, "2")

    assert [one.version for one in aliases.alias_history(client) if one.action == "promote"] == ["1"]


def test_artefacts_that_are_gone_stop_a_promotion(
    two_versions: Path, bundle_dir: Path, register: Callable[[Path], str], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """With its folder deleted a version is not promoted, and what is in production stays."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'mlflow.db'}")
    register(bundle_dir)
    shutil.rmtree(tmp_path / "mlruns")

    assert main(["promote"]) == 2
    assert "error TRN304: the artefacts of version 1 are gone" in capsys.readouterr().err
    assert aliases.version_of(store.open_store(), aliases.PRODUCTION) is None


@pytest.fixture
def impatient_sqlite() -> Iterator[None]:
    """Wait a fifth of a second for a locked database, where mlflow waits for twenty seconds."""

    def shorten(_: object, __: object, statement: str, parameters: object, *___: object) -> tuple[str, object]:
        return statement.replace("busy_timeout = 20000", "busy_timeout = 200"), parameters

    event.listen(Engine, "before_cursor_execute", shorten, retval=True)
    yield
    event.remove(Engine, "before_cursor_execute", shorten)


@pytest.mark.usefixtures("impatient_sqlite")
def test_a_locked_store_is_one_line(client: MlflowClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """While another program holds the database nothing is promoted, and the line says to look for it."""
    other = sqlite3.connect(tmp_path / "mlflow.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        status = main(["promote"])
    finally:
        other.close()

    assert status == 2
    assert "TRN301" in capsys.readouterr().err
    assert aliases.version_of(client, aliases.PRODUCTION) is None


def test_a_server_that_is_not_there_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An address nobody listens on is said in seconds, with the variable to look at."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")

    assert main(["promote"]) == 2
    assert "error TRN301: the store http://127.0.0.1:9 did not answer" in capsys.readouterr().err


@pytest.fixture(scope="module")
def poor_bundle(
    small_dataset: LabelledDataset, small_space: FeatureSpace, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return the bundle of a model that reads next to nothing."""
    names = {"AMT_INCOME_TOTAL", "AMT_CREDIT", "NAME_CONTRACT_TYPE", "DAYS_BIRTH"}
    trained = train_model(
        small_dataset,
        small_space.restricted_to(names),
        Effort(3, (), {N_TREES: 20, "max_depth": 3}),
        seed=0,
        say=lambda _: None,
    )
    folder = tmp_path_factory.mktemp("poor") / "bundle"
    write_bundle(folder, trained, small_dataset, other_data={}, taught=Taught("poor", "0" * 64))
    return folder


def test_a_costlier_version_is_refused_on_the_same_rows(
    client: MlflowClient, poor_bundle: Path, register: Callable[[Path], str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A model that knows less than the one in production is refused by what its decisions cost."""
    main(["promote", "--version", "1"])
    version = register(poor_bundle)

    assert main(["promote", "--override", "fairness", "--reason", "nobody audited it"]) == 2
    assert f"error TRN313: version {version} does not pass (cost: " in capsys.readouterr().err
    assert aliases.version_of(client, aliases.PRODUCTION) == "1"


def test_a_lost_production_version_can_be_replaced(client: MlflowClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be compared with closes the gate, and may be overruled: the registry is not stuck."""
    main(["promote", "--version", "1"])
    kept = versions.sound_bundle_of

    def lost(client: MlflowClient, version: str) -> Bundle:
        if version == "1":
            raise RegistryError("TRN304", "gone")
        return kept(client, version)

    monkeypatch.setattr(versions, "sound_bundle_of", lost)

    assert main(["promote", "--version", "2"]) == 2
    assert main(["promote", "--version", "2", "--override", "cost", "--reason", "the old one is lost"]) == 0


def test_history_tells_every_move(client: MlflowClient, capsys: pytest.CaptureFixture[str]) -> None:
    """The command prints who moved what, when and why, and the same as JSON."""
    main(["promote", "--version", "1", "--reason", "first"])
    capsys.readouterr()

    assert main(["history"]) == 0
    assert "promote   first" in capsys.readouterr().out
    assert main(["history", "--alias", "production", "--json"]) == 0
    assert [(one["version"], one["reason"]) for one in json.loads(capsys.readouterr().out)] == [("1", "first")]
