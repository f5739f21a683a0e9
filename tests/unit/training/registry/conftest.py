"""Stores of their own: an empty one, and one with two versions and the rows they are judged on."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scoring.bundle import Bundle
from tests.builders.judged import as_table
from training.registry import aliases, four_eyes, runs, store

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlflow.tracking import MlflowClient

    from training.features.dataset import Dataset
    from training.features.feature_space import FeatureSpace

type Register = Callable[[Path], str]


@pytest.fixture
def empty_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MlflowClient:
    """Open a store of its own, with nothing in it."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'mlflow.db'}")
    return store.open_store()


@pytest.fixture(scope="session")
def register(new_dataset: Dataset, small_dataset: Dataset, small_space: FeatureSpace) -> Register:
    """Register a bundle as `train` does: with its rows, and the alias ``staging``."""

    def run(bundle: Path) -> str:
        with runs.tracked_run({"effort": "test"}, {"files": []}):
            client = store.open_store()
            runs.record_rows(as_table(new_dataset, small_space), small_dataset.ids)
            version = runs.register_bundle(client, Bundle.open(bundle), {})
            aliases.move_alias(client, aliases.STAGING, version, action="train", reason="test")
            four_eyes.propose(client, version, person="proposer", reason="test")
        return version

    return run


@pytest.fixture(scope="session")
def two_versions(bundle_dir: Path, register: Register, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a store with two registered versions of one bundle, none promoted."""
    folder = tmp_path_factory.mktemp("store")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{folder / 'mlflow.db'}")
        for _ in range(2):
            register(bundle_dir)
    return folder


@pytest.fixture
def client(two_versions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MlflowClient:
    """Open a copy of the store with two versions; artefacts stay where they were written."""
    shutil.copy(two_versions / "mlflow.db", tmp_path / "mlflow.db")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'mlflow.db'}")
    return store.open_store()
