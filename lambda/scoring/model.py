"""The model: one ONNX graph from raw values to the probability of default (the only importer of onnxruntime)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

# onnxruntime reports usage by default in recent builds; it reads this when it is imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime

from scoring.contract import MODEL_FILE
from scoring.errors import ContractError, ModelOutputError

if TYPE_CHECKING:
    from pathlib import Path

    from scoring.bundle import Bundle

INPUT = "application"
OUTPUTS = ("default_probability", "margin", "features")


@dataclass(frozen=True, slots=True)
class Scores:
    """What the graph says of some applications.

    Attributes
    ----------
    default_probability
        Calibrated probability of default, shape ``(n_applications,)``.
    margin
        Its log-odds, shape ``(n_applications,)``.
    features
        The columns the model read, derivations included, shape ``(n_applications, n_features)``.
    """

    default_probability: np.ndarray
    margin: np.ndarray
    features: np.ndarray


def open_session(graph: bytes) -> onnxruntime.InferenceSession:
    """Return a session of a serialised graph, on one thread."""
    options = onnxruntime.SessionOptions()
    # A Lambda has a share of a core: more threads only wait for each other.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


class Model:
    """An inference session on one thread.

    Parameters
    ----------
    graph
        What `source`, which messages name, holds.

    Raises
    ------
    ContractError
        ``SCR204`` when it is not a graph with the promised input and outputs.
    """

    def __init__(self, graph: bytes, *, n_inputs: int, n_features: int, source: Path | str = MODEL_FILE) -> None:
        try:
            self._session = open_session(graph)
        except Exception as error:  # onnxruntime's own exceptions have no common root but Exception
            raise ContractError(
                "SCR204", f"{source} is not a graph that can be run; export the bundle again"
            ) from error
        self._check_shape(source, n_inputs=n_inputs, n_features=n_features)

    @classmethod
    def of(cls, bundle: Bundle) -> Self:
        """Return the model of a bundle.

        Raises
        ------
        ContractError
            ``SCR204`` when its graph cannot be run, or does not read the contract's inputs.
        """
        contract = bundle.contract
        return cls(
            bundle.content[MODEL_FILE],
            n_inputs=len(contract.inputs),
            n_features=len(contract.features),
            source=bundle.folder / MODEL_FILE,
        )

    def _check_shape(self, source: Path | str, *, n_inputs: int, n_features: int) -> None:
        """Compare the graph's columns with the contract's, so that a swapped file fails at the cold start."""
        inputs = {item.name: (item.type, item.shape[1:]) for item in self._session.get_inputs()}
        outputs = {item.name: item.shape[1:] for item in self._session.get_outputs()}
        expected = {INPUT: ("tensor(double)", [n_inputs])}
        if inputs != expected or tuple(outputs) != OUTPUTS or outputs["features"] != [n_features]:
            raise ContractError("SCR204", f"{source} does not read the contract's inputs; export the bundle again")

    def score(self, rows: np.ndarray) -> Scores:
        """Score rows of raw values, shape ``(n_applications, n_inputs)``, float64, NaN for missing.

        Raises
        ------
        ModelOutputError
            ``SCR501`` when an answer is not a probability.
        """
        scores = Scores(*self._session.run(OUTPUTS, {INPUT: rows}))
        probability = scores.default_probability
        # The comparison is false for NaN too.
        if not np.all((probability >= 0) & (probability <= 1)):
            raise ModelOutputError("SCR501", "the graph gave an answer that is not a probability")
        return scores
