"""The store of runs and versions: made when a run needs it, never by a mistyped path."""

from __future__ import annotations

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
