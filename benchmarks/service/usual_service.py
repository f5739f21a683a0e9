"""The usual way to serve a model: pickled, behind FastAPI, with pandas, scikit-learn and shap on every request.

It answers what the scoring API answers (probability, class, the five strongest contributions), from the same trained
model, so that the two can be compared: ``python -m benchmarks.service.usual_service MODEL PORT``.
"""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import joblib
import numpy as np
import pandas as pd
import shap
import uvicorn
from fastapi import FastAPI
from sklearn.preprocessing import OrdinalEncoder

from training.compiler.derivations import Column, Constant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import lightgbm

    from scoring.contract import Input
    from training.compiler.derivations import Node, Step
    from training.features.completion import Completion
    from training.selection.calibration import Calibration

N_REASONS = 5
LOOPBACK = "127.0.0.1"


@dataclass
class UsualModel:
    """What a notebook saves: encoder, medians, derivations, booster, calibration and threshold."""

    inputs: tuple[str, ...]
    categories: tuple[str, ...]
    encoder: OrdinalEncoder
    completion: Completion
    features: dict[str, Node]
    booster: lightgbm.Booster
    calibration: Calibration
    threshold: float

    def compute(self, application: dict[str, Any]) -> pd.DataFrame:
        """Return the features of one application, as a frame of one row."""
        frame = pd.DataFrame([application], columns=self.inputs)
        numbers = [name for name in self.inputs if name not in self.categories]
        frame[numbers] = frame[numbers].astype(float)
        if self.categories:
            words = frame[list(self.categories)].astype(object)
            frame[list(self.categories)] = self.encoder.transform(words.where(words.notna(), np.nan))
        rare = dict(zip(self.inputs, map(list, self.completion.rare), strict=True))
        frame = frame.mask(frame.isin(rare))
        whole = frame.fillna(dict(zip(self.inputs, self.completion.fill, strict=True)))
        with np.errstate(all="ignore"):
            features = {name: _evaluate(node, whole, frame.isna()) for name, node in self.features.items()}
        without_value = dict(zip(self.features, self.completion.without_value, strict=True))
        return pd.DataFrame(features).astype(float).fillna(without_value)


def fitted_encoder(inputs: Sequence[Input]) -> OrdinalEncoder:
    """Return scikit-learn's encoder with the contract's order of categories."""
    known = [np.array(item.categories, dtype=object) for item in inputs if item.kind == "category"]
    encoder = OrdinalEncoder(
        categories=known, handle_unknown="use_encoded_value", unknown_value=np.nan, encoded_missing_value=np.nan
    )
    return (
        encoder.fit(pd.DataFrame([[one[0] for one in known]], columns=_category_names(inputs), dtype=object))
        if known
        else encoder
    )


def _category_names(inputs: Sequence[Input]) -> list[str]:
    return [item.name for item in inputs if item.kind == "category"]


def _evaluate(node: Node, whole: pd.DataFrame, missing: pd.DataFrame) -> Any:  # noqa: ANN401  a column or a number
    if isinstance(node, Column):
        return whole[node.name]
    if isinstance(node, Constant):
        return pd.Series(node.value, index=whole.index)
    if node.operation == "missing" and isinstance(node.left, Column):
        return missing[node.left.name].astype(float)
    return _OPERATIONS[node.operation](*_operands(node, whole, missing))


def _operands(step: Step, whole: pd.DataFrame, missing: pd.DataFrame) -> list[Any]:
    return [_evaluate(operand, whole, missing) for operand in (step.left, step.right) if operand is not None]


_OPERATIONS: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b.where(b != 0),
    "total": lambda a, b: pd.concat([a, b], axis=1).sum(axis=1, min_count=1),
    "minimum": lambda a, b: pd.concat([a, b], axis=1).min(axis=1),
    "maximum": lambda a, b: pd.concat([a, b], axis=1).max(axis=1),
    "missing": lambda a: a.isna().astype(float),
    "present": lambda a: a.notna().astype(float),
}


def create_app(model: UsualModel) -> FastAPI:
    """Return the service; the explainer is built once, which not everybody does."""
    app = FastAPI()
    explainer = shap.TreeExplainer(model.booster)
    warnings.simplefilter("ignore")  # shap warns on every call that its output is a list

    @app.post("/score")
    def score(application: dict[str, Any]) -> dict[str, Any]:
        frame = model.compute(application)
        raw = model.booster.predict(frame, raw_score=True)
        probability = float(model.calibration.probability(np.asarray(raw))[0])
        contributions = np.ravel(explainer.shap_values(frame))
        strongest = np.argsort(-np.abs(contributions))[:N_REASONS]
        return {
            "probabilite_de_defaut": probability,
            "classe": "refuse" if probability >= model.threshold else "accepte",
            "explications_locales": [
                {"variable": frame.columns[place], "contribution": float(contributions[place])} for place in strongest
            ],
        }

    return app


if __name__ == "__main__":
    uvicorn.run(create_app(joblib.load(Path(sys.argv[1]))), host=LOOPBACK, port=int(sys.argv[2]), log_level="warning")
