"""Finished assessments, kept under a name made from everything they depend on: an interrupted run goes on from them."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np

from training.files import ROOT, written_file
from training.provenance import code_fingerprint

if TYPE_CHECKING:
    from training.candidates import Candidate, Fit
    from training.features.feature_space import FeatureSpace

_LIBRARIES = (
    "imbalanced-learn",
    "lightgbm",
    "numpy",
    "onnx",
    "onnxruntime",
    "optuna",
    "scikit-learn",
    "scipy",
    "shap",
    "xgboost-cpu",
)
# Where a candidate learns, is trained once a fold, is measured, and has its settings searched.
_WORK = (
    "training.candidates.families",
    "training.candidates.imbalance",
    "training.candidates.blends",
    "training.selection.folds",
    "training.selection.search",
)


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """What training a candidate once a fold gives.

    Attributes
    ----------
    score
        Of each application, by the model that has not seen it; shape ``(n_applications,)``.
    importance
        Mean absolute contribution of each feature, shape ``(n_features,)``; zeros where it was not asked for.
    fit_seconds
        Processor time of a fit, the mean over folds.
    size_bytes
        Of the exported graph and its attribution tables; 0 for what cannot be exported.
    latency_us
        Median time of the graph on a single row, in microseconds.
    """

    score: np.ndarray
    importance: np.ndarray
    fit_seconds: float
    size_bytes: int
    latency_us: float


@dataclass(frozen=True, slots=True)
class AssessmentStore:
    """A folder of out-of-fold results.

    Attributes
    ----------
    folder
        Made when the first result is kept.
    """

    folder: Path

    def recall(self, key: str) -> OutOfFold | None:
        """Return what was kept under a key; ``None`` when there is nothing, or nothing that can be read."""
        try:
            with self._path(key).open("rb") as stream, np.load(stream, allow_pickle=False) as kept:
                return OutOfFold(
                    score=kept["score"],
                    importance=kept["importance"],
                    fit_seconds=float(kept["fit_seconds"]),
                    size_bytes=int(kept["size_bytes"]),
                    latency_us=float(kept["latency_us"]),
                )
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return None

    def keep(self, key: str, result: OutOfFold) -> None:
        """Keep a result; it appears complete or not at all."""
        fields = ("score", "importance", "fit_seconds", "size_bytes", "latency_us")
        arrays = {name: np.asarray(getattr(result, name)) for name in fields}
        with written_file(self._path(key)) as temporary, temporary.open("wb") as stream:
            np.savez(stream, allow_pickle=False, **arrays)

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.npz"


def fingerprint(settings: object, *arrays: np.ndarray) -> str:
    """Return the name of a result: 32 hexadecimal digits of settings, arrays, libraries and the code at work.

    >>> fingerprint({"a": 1}) == fingerprint({"a": 1}) != fingerprint({"a": 2})
    True
    """
    digest = hashlib.sha256(json.dumps([settings, _surroundings()], sort_keys=True, default=str).encode())
    for array in arrays:
        digest.update(str((array.dtype, array.shape)).encode())
        # No copy of what lies column by column.
        digest.update(np.ascontiguousarray(array.T if array.flags.f_contiguous else array).data)
    return digest.hexdigest()[:32]


def settings_of(candidate: Candidate, space: FeatureSpace) -> dict[str, Any]:
    """Return what tells a candidate over a space from any other."""
    return {
        "candidate": [candidate.name, candidate.imbalance, dict(candidate.parameters), _source_of(candidate.fit)],
        "inputs": space.input_names,
        "features": [str(node) for node in space.nodes],
        "n_codes": space.columns.n_codes.tolist(),
        "directions": space.columns.directions.tolist(),
        "completion": str(space.completion),
    }


def _source_of(fit: Fit) -> str:
    """Return the fingerprint of the module that a way to learn stands in: a benchmark's is not among the families."""
    file = getattr(sys.modules.get(fit.__module__), "__file__", None)
    return "" if file is None else hashlib.sha256(Path(file).read_bytes()).hexdigest()


def work_fingerprint(root: Path = ROOT) -> str:
    """Return the fingerprint of all code that finished assessments and searches depend on."""
    return code_fingerprint(*_WORK, root=root)


@cache
def _surroundings() -> dict[str, str]:
    return {name: version(name) for name in _LIBRARIES} | {"code": work_fingerprint()}
