"""Production equals the validated model, for every family and every row that can be had."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from scoring.bundle import Bundle
from scoring.contract import EVIDENCE_FILE, MODEL_FILE, SEALED_FILES
from scoring.explanation import explainer_of
from scoring.features import InputEncoder
from scoring.model import Model
from training.bundle.contract import contract_inputs
from training.bundle.export import Taught, write_bundle
from training.bundle.parity import check_parity
from training.features.dataset import read_dataset
from training.features.learning_data import read_learning_data
from training.selection.effort import EFFORTS
from training.selection.pipeline import train_model

if TYPE_CHECKING:
    from training.features.dataset import LabelledDataset
    from training.features.feature_space import FeatureSpace
    from training.selection.pipeline import TrainedModel

REAL_SAMPLE = Path(os.environ.get("HOME_CREDIT_SAMPLE", Path(__file__).parents[3] / "shared" / "home-credit"))


def served(folder: Path, trained: TrainedModel) -> Model:
    """Open the graph of a bundle."""
    n_inputs, n_features = len(trained.space.inputs), len(trained.space.nodes)
    return Model((folder / MODEL_FILE).read_bytes(), n_inputs=n_inputs, n_features=n_features)


@pytest.fixture(params=["trees", "logistic"])
def family(request: pytest.FixtureRequest) -> tuple[TrainedModel, Path]:
    """Return each family's model and bundle."""
    trained = request.getfixturevalue(f"trained_{request.param}")
    folder = request.getfixturevalue("bundle_dir" if request.param == "trees" else "linear_bundle_dir")
    return trained, folder


def test_graph_answers_every_row_as_the_trainer(
    family: tuple[TrainedModel, Path], new_dataset: LabelledDataset
) -> None:
    """Rows no model has seen get the trainer's probability to 1e-12."""
    trained, folder = family
    answers = served(folder, trained).score(new_dataset.rows).default_probability

    np.testing.assert_allclose(answers, trained.default_probability(new_dataset.rows), rtol=0, atol=1e-12)


def test_graph_answers_extremes_as_the_trainer(family: tuple[TrainedModel, Path]) -> None:
    """Nothing known, zeros and huge values are no exception."""
    trained, folder = family
    n_inputs = len(trained.space.inputs)
    rows = np.vstack([np.full(n_inputs, value) for value in (np.nan, 0.0, 1.0, 1e8, -1e8, 1e-300)])
    codes = trained.space.columns.n_codes[:n_inputs] > 0
    rows[3:, codes] = np.nan
    answers = served(folder, trained).score(rows).default_probability

    np.testing.assert_allclose(answers, trained.default_probability(rows), rtol=0, atol=1e-12)


def test_request_values_reach_the_graph_as_training_saw_them(
    family: tuple[TrainedModel, Path], new_dataset: LabelledDataset, small_dataset: LabelledDataset
) -> None:
    """Encoding requests one by one gives the columns that training encoded at once."""
    trained, _ = family
    inputs = contract_inputs(trained, small_dataset.columns(trained.space.input_names))
    rows = new_dataset.columns(trained.space.input_names)[:100]
    requests = [
        {
            item.name: None if np.isnan(value) else (item.categories[int(value)] if item.categories else value)
            for item, value in zip(inputs, row, strict=True)
        }
        for row in rows.tolist()
    ]

    np.testing.assert_array_equal(InputEncoder(inputs).encode(requests), rows)


def test_contributions_sum_to_the_margin_on_every_row(
    family: tuple[TrainedModel, Path], small_dataset: LabelledDataset
) -> None:
    """Base value and attributions add up to the log-odds of every application at hand."""
    trained, folder = family
    scores = served(folder, trained).score(small_dataset.columns(trained.space.input_names))
    explainer = explainer_of(Bundle.open(folder))
    sums = [explainer.base_value + explainer.contributions(row).sum() for row in scores.features]

    np.testing.assert_allclose(sums, scores.margin, rtol=0, atol=1e-9)


def test_training_twice_gives_the_same_bundle(
    small_dataset: LabelledDataset, small_space: FeatureSpace, tmp_path: Path
) -> None:
    """The same data, seed and versions give ``model.onnx`` and its tables byte for byte."""
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        trained = train_model(small_dataset, small_space, EFFORTS["quick"], seed=3, say=str)
        write_bundle(folder, trained, small_dataset, other_data={}, taught=Taught("r", "f"))
    timed = {EVIDENCE_FILE}  # it says how long fits and rows took
    names = [name for name in SEALED_FILES if name not in timed]
    first, second = ([(folder / name).read_bytes() for name in names] for folder in folders)

    assert first == second


@pytest.mark.skipif(not REAL_SAMPLE.is_dir(), reason="the real Home Credit sample is not on this machine")
def test_gate_passes_on_every_real_application(tmp_path: Path) -> None:
    """A model of the real sample answers all 112,118 real applications as its trainer does, and decides the same."""
    learning = read_learning_data(REAL_SAMPLE, tmp_path)
    data, space = learning.applications, learning.space
    test = read_dataset(learning.table.path, space.inputs, population="test")
    # The family that is served, on every input there is; what else an export may meet is in test_every_family.
    boosting_alone = replace(EFFORTS["quick"], input_counts=(), families={})
    trained = train_model(data, space, boosting_alone, seed=0, say=str)
    contract = write_bundle(
        tmp_path / "bundle", trained, data, other_data={"application_test": test}, taught=Taught("r", "f")
    )

    assert contract.parity.n_applications == len(data.ids) + len(test.ids) == 112_118
    assert contract.parity.worst_probability_difference <= 1e-6


def test_gate_compares_what_is_served(trained_trees: TrainedModel, bundle_dir: Path, linear_bundle_dir: Path) -> None:
    """The gate reads the written files: another model's tables do not pass."""
    model, rows = served(bundle_dir, trained_trees), np.zeros((5, len(trained_trees.space.inputs)))

    with pytest.raises(Exception, match="TRN403"):
        check_parity(trained_trees, model, explainer_of(Bundle.open(linear_bundle_dir)), {"zeros": rows})
