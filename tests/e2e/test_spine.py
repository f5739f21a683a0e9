"""The whole way through the house by its commands: sample, train, promote, export, score, demo."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from scoring.bundle import Bundle
from training.bundle.golden import wrong_golden_answers

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Walk from nothing to an exported bundle, in a folder and a store of its own."""
    folder = tmp_path_factory.mktemp("house")
    data, cache = str(folder / "data"), str(folder / "cache")
    command(folder, "sample", "--applications", "4000", "--seed", "3", "--out", data)
    command(folder, "train", "--data", data, "--cache", cache, "--parity-data", data)
    command(folder, "promote", "--reason", "test", "--break-glass", "test")
    command(folder, "export", "--out", str(folder / "bundle"))
    bundle = str(folder / "bundle")
    command(folder, "score", "--bundle", bundle, "--data", data, "--cache", cache, "--out", str(folder / "s.parquet"))
    return folder


def command(folder: Path, *arguments: str) -> str:
    """Run one command of the training room, which leaves nothing open, and return what it prints."""
    environment = os.environ | {"MLFLOW_TRACKING_URI": f"sqlite:///{folder / 'mlflow.db'}"}
    done = subprocess.run(
        [sys.executable, "-m", "training", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    assert "leaked" not in done.stderr
    return done.stdout


def test_all_seven_tables_reach_the_choice_of_inputs(house: Path) -> None:
    """The feature table holds aggregates of every history, and none was left out."""
    tables = (house / "cache").glob("features-*.parquet")
    prefixes = {name.split("_")[0] for table in tables for name in pq.read_schema(table).names}

    assert {"BUREAU", "PREVIOUS", "POS", "INSTALMENTS", "CARD"} <= prefixes


def test_exported_bundle_serves_its_golden_applications(house: Path) -> None:
    """The bundle at the end of the way answers as its trainer did, and names its version."""
    identity = Bundle.open(house / "bundle").contract.identity

    assert wrong_golden_answers(Bundle.open(house / "bundle")) == 0
    assert (identity.registry_version, identity.registry_alias) == ("1", "production")


def test_gate_saw_every_application_of_every_data_set(house: Path) -> None:
    """Training, test and further applications are all in the contract's parity record."""
    data_sets = Bundle.open(house / "bundle").contract.parity.data_sets

    assert list(data_sets) == [
        "application_train",
        "application_test",
        "1:data/application_train",
        "1:data/application_test",
    ]
    assert data_sets["application_train"] == data_sets["1:data/application_train"] == 4_000


def test_score_answers_every_application(house: Path) -> None:
    """Batch scoring gives each application of both sets a probability near the default rate on average."""
    answers = pq.read_table(house / "s.parquet")
    total = sum(pq.read_metadata(house / "data" / f"application_{name}.parquet").num_rows for name in ("train", "test"))

    assert answers.num_rows == total
    assert 0.05 < np.mean(answers["probabilite_de_defaut"].to_numpy()) < 0.12


def test_demo_prints_the_decision_of_the_exported_bundle(house: Path) -> None:
    """The last step of `make demo` prints a decision with its reasons."""
    printed = command(house, "demo", "--bundle", str(house / "bundle"))

    assert '"previous_application": [' in printed
    assert "probabilité de défaut" in printed
    assert "À essayer ensuite" in printed


def test_candidate_is_proposed_with_its_bundle_pages_and_comparison(house: Path) -> None:
    """What `train` hands on holds the staged bundle, the pages and events made from it, and the comparison as text."""
    done = subprocess.run(
        [str(ROOT / "scripts" / "candidate"), "--trained"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"MLFLOW_TRACKING_URI": f"sqlite:///{house / 'mlflow.db'}"},
    )
    assert done.returncode == 0, done.stderr
    proposal = ROOT / "build" / "candidate" / "proposal"
    with tarfile.open(proposal / "files.tar.gz") as archive:
        archive.extractall(house / "proposed", filter="data")
    proposed = house / "proposed"

    assert Bundle.open(proposed / "bundle").contract.identity.training_run_id == (
        Bundle.open(house / "bundle").contract.identity.training_run_id
    )
    assert {path.name for path in (proposed / "docs").iterdir()} == {
        "version.json", "note-de-decision.md", "model-card.md",
    }  # fmt: skip
    assert {path.name for path in (proposed / "events").iterdir()} == {
        path.name for path in (ROOT / "tests" / "events").iterdir()
    }
    assert "coût" in (proposal / "comparison.md").read_text(encoding="utf-8").lower()
