"""The store of runs and versions: made when a run needs it, never by a mistyped path."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from training.errors import RegistryError
from training.registry import store

if TYPE_CHECKING:
    from pathlib import Path


def test_a_store_that_is_not_there_is_not_made_by_a_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who promotes from a mistyped path is told so, and no empty store appears."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlfow.db")

    with pytest.raises(RegistryError, match=r"TRN301: there is no store .*mlfow\.db; run `make demo` or `python"):
        store.open_store(create=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("address", ["postgresql://nobody@127.0.0.1:9/x", "http://127.0.0.1:9"])
def test_a_store_that_does_not_answer_is_one_line(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No driver, no server: the message names the store and what to check, within seconds."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")

    with pytest.raises(RegistryError, match=r"TRN301: the store .* did not answer .*; check MLFLOW_TRACKING_URI"):
        store.open_store(create=False)


def test_the_password_of_a_store_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes to screens and logs names the server and the user alone."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "postgresql+psycopg://user:hidden@127.0.0.1:9/x")

    with pytest.raises(RegistryError) as error:
        store.open_store(create=False)
    assert "user:***@127.0.0.1:9" in str(error.value)
    assert "hidden" not in str(error.value)


def test_a_store_is_not_made_in_a_folder_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run whose store could not be written is stopped before it trains."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/none/mlflow.db")

    with pytest.raises(RegistryError, match=r"TRN301: there is no store .*; make its folder first"):
        store.open_store()


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a store that a run has used."""
    folder = tmp_path / "checkout"
    (folder / "mlruns").mkdir(parents=True)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{folder}/mlflow.db")
    store.open_store()
    return folder


def test_a_store_of_another_version_of_mlflow_says_how_to_go_on(made: Path) -> None:
    """Its tables are not touched: who upgrades them keeps a copy first."""
    with closing(sqlite3.connect(made / "mlflow.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '0584bdc529eb'")
        database.commit()
    before = (made / "mlflow.db").read_bytes()

    done = subprocess.run([sys.executable, "-m", "training", "history"], capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert re.fullmatch(
        r"error TRN301: .*another version of mlflow; keep a copy .* `mlflow db upgrade .*\n", done.stderr
    )
    assert (made / "mlflow.db").read_bytes() == before


def test_a_deleted_experiment_says_how_to_bring_it_back(made: Path) -> None:
    """Nothing is trained for it first; the command that is told does bring it back."""
    client = store.open_store()
    number = client.get_experiment_by_name(store.EXPERIMENT).experiment_id
    client.delete_experiment(number)

    with pytest.raises(RegistryError, match=rf"TRN321: .* was deleted; .*--experiment-id {number}`"):
        store.open_store()
    client.restore_experiment(number)
    assert store.open_store()
    assert made.is_dir()


def test_a_checkout_that_was_renamed_says_how_to_lead_back(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs do not go on in a folder of the old name; the link that is told is enough."""
    renamed = made.rename(made.with_name("renamed"))
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{renamed}/mlflow.db")

    with pytest.raises(RegistryError, match=r"TRN301: the store was moved: .*checkout/mlruns .*ln -s") as told:
        store.open_store()
    assert not made.exists()
    command = str(told.value).split("`")[1]
    subprocess.run(["bash", "-c", command], check=True)
    assert store.open_store()
