"""The model: a graph that is what it was promised to be, or a start that fails."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
import pytest
from onnx import TensorProto

from scoring.contract import MODEL_FILE
from scoring.errors import ContractError, ModelOutputError
from scoring.model import OUTPUTS, Model, open_session

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scoring.bundle import Bundle
    from training.features.dataset import Dataset
    from training.selection.pipeline import TrainedModel


@pytest.fixture(scope="module")
def model(bundle: Bundle) -> Model:
    """Return the graph of the trees."""
    return Model.of(bundle)


def test_onnxruntime_is_told_not_to_report_usage() -> None:
    """Importing the model turns the telemetry of onnxruntime off."""
    assert os.environ["ORT_DISABLE_TELEMETRY"] == "1"


def test_session_runs_on_one_thread(graph_file: Callable[..., Path]) -> None:
    """A Lambda has a share of a core."""
    options = open_session(graph_file().read_bytes()).get_session_options()

    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (1, 1)


@pytest.mark.parametrize("content", [b"", b"not a graph", b"\x00" * 64])
def test_model_refuses_what_is_no_graph(content: bytes) -> None:
    """What onnxruntime cannot read is SCR204, and the file is named."""
    with pytest.raises(ContractError, match=r"^SCR204: there/model\.onnx is not a graph that can be run"):
        Model(content, n_inputs=1, n_features=1, source="there/model.onnx")


def test_model_refuses_a_truncated_graph(bundle: Bundle) -> None:
    """Half a graph is no graph."""
    content = bundle.content[MODEL_FILE]

    with pytest.raises(ContractError, match="SCR204"):
        Model(content[: len(content) // 2], n_inputs=15, n_features=34)


@pytest.mark.parametrize(
    "graph",
    [
        {"n_inputs": 3},
        {"number": TensorProto.FLOAT},
        {"outputs": OUTPUTS[:2]},
        {"outputs": (OUTPUTS[1], OUTPUTS[0], OUTPUTS[2])},
        {"outputs": ("probability", "margin", "features")},
    ],
)
def test_model_refuses_a_graph_of_another_shape(graph_file: Callable[..., Path], graph: dict[str, object]) -> None:
    """A swapped graph fails at the cold start, not at the first request."""
    with pytest.raises(ContractError, match=r"^SCR204: .* does not read the contract's inputs"):
        Model(graph_file(**graph).read_bytes(), n_inputs=2, n_features=2)


def test_model_refuses_a_graph_with_other_features(graph_file: Callable[..., Path]) -> None:
    """The number of model columns is the contract's."""
    with pytest.raises(ContractError, match="SCR204"):
        Model(graph_file(2).read_bytes(), n_inputs=2, n_features=3)


@pytest.mark.parametrize("answer", [-1e-12, 1.0000001, np.nan, np.inf, -np.inf])
def test_model_refuses_an_answer_that_is_no_probability(graph_file: Callable[..., Path], answer: float) -> None:
    """Nothing but a probability is ever passed on: SCR501, and no value in the message."""
    model = Model(graph_file().read_bytes(), n_inputs=2, n_features=2)

    with pytest.raises(ModelOutputError, match=r"^SCR501: the graph gave an answer that is not a probability$"):
        model.score(np.array([[0.5, 0.0], [answer, 0.0]]))


@pytest.mark.parametrize("answer", [0.0, 5e-324, 0.5, 1.0])
def test_model_passes_every_probability_on(graph_file: Callable[..., Path], answer: float) -> None:
    """Both ends are probabilities, and no digit is lost."""
    model = Model(graph_file().read_bytes(), n_inputs=2, n_features=2)

    assert answer == model.score(np.array([[answer, 0.0]])).default_probability[0]


def test_model_answers_as_the_trained_model(model: Model, trained_trees: TrainedModel, new_dataset: Dataset) -> None:
    """Production equals the validated model, on applications neither has seen."""
    expected = trained_trees.default_probability(new_dataset.rows)

    np.testing.assert_allclose(expected, model.score(new_dataset.rows).default_probability, rtol=0, atol=1e-12)


def test_model_scores_rows_alone_as_it_scores_them_together(model: Model, new_dataset: Dataset) -> None:
    """The neighbours of a row change nothing but, in onnxruntime's order of summing, the last bit."""
    rows = new_dataset.rows[:50]
    alone = [model.score(row[None]).default_probability[0] for row in rows]

    np.testing.assert_allclose(alone, model.score(rows).default_probability, rtol=0, atol=1e-15)


def test_model_scores_a_row_of_missing_values(model: Model) -> None:
    """Nothing known is a question the model has an answer to."""
    scores = model.score(np.full((1, 15), np.nan))

    assert 0 < scores.default_probability[0] < 1


def test_margin_is_the_log_odds_of_the_probability(model: Model, new_dataset: Dataset) -> None:
    """Probability and margin are two forms of one answer."""
    scores = model.score(new_dataset.rows)

    np.testing.assert_allclose(1 / (1 + np.exp(-scores.margin)), scores.default_probability, rtol=1e-12)


def test_features_begin_with_the_inputs_made_whole(model: Model, new_dataset: Dataset) -> None:
    """What is known reaches the model untouched, what is missing as it was learned; derivations stand after them."""
    rows, scores = new_dataset.rows, model.score(new_dataset.rows)
    known = ~np.isnan(rows)

    np.testing.assert_array_equal(rows[known], scores.features[:, :15][known])
    assert not np.isnan(scores.features).any()
    assert known.mean() < 1
