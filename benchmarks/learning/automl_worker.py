"""Runs in the AutoML environment: trains FLAML on one fold's training rows and scores the rows held out.

``python automl_worker.py TASK.npz ANSWER.npz SECONDS SEED``; imports nothing of the project.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from flaml import AutoML

FAMILIES = ["lgbm", "xgboost", "catboost", "rf", "extra_tree"]


def main(task: str, answer: str, seconds: str, seed: str) -> int:
    """Train within a budget and write the probabilities of the held rows."""
    with np.load(task, allow_pickle=False) as content:
        frame = _frame(content["rows"], content["n_codes"])
        default, held = content["default"], content["held"]
    automl = AutoML()
    automl.fit(
        frame[~held],
        default[~held],
        task="classification",
        metric="roc_auc",
        time_budget=float(seconds),
        estimator_list=FAMILIES,
        ensemble=True,
        eval_method="cv",
        n_splits=3,
        seed=int(seed),
        verbose=1,
    )
    probability = automl.predict_proba(frame[held])[:, 1]
    with Path(answer).open("wb") as stream:
        np.savez(stream, probability=probability, winner=np.array(str(automl.best_estimator)))
    return 0


def _frame(rows: np.ndarray, n_codes: np.ndarray) -> pd.DataFrame:
    """Return the columns as AutoML likes them: categories as categories."""
    frame = pd.DataFrame(rows, columns=[f"c{number}" for number in range(rows.shape[1])])
    for number in np.flatnonzero(n_codes).tolist():
        frame[f"c{number}"] = pd.Categorical(frame[f"c{number}"])
    return frame


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
