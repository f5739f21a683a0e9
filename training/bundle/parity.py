"""The gate: the exported graph answers as the trained model does, on every row at hand, or there is no bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scoring.contract import Parity
from scoring.decision import refuses
from training.errors import ParityError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scoring.explanation import Explainer
    from scoring.model import Model
    from training.selection.pipeline import TrainedModel

TOLERANCE = 1e-6
EXPLAINED_ROWS = 1000
BATCH = 50_000


def check_parity(
    trained: TrainedModel, model: Model, explainer: Explainer, data_sets: Mapping[str, np.ndarray]
) -> Parity:
    """Compare graph and trainer on every row, attributions with the library's on an even sample of each data set.

    That attributions and base value sum to the margin is looked at on every row.

    Parameters
    ----------
    data_sets
        Raw rows by name, shape ``(n_applications, n_inputs)``.

    Raises
    ------
    ParityError
        ``TRN401`` a probability differs by more than 1e-6, ``TRN402`` a decision changed, ``TRN403`` an attribution
        differs by more than 1e-6 or the attributions do not sum to the margin.
    """
    worst_probability = worst_contribution = 0.0
    for name, rows in data_sets.items():
        worst_probability = _worst(worst_probability, _compare_answers(trained, model, name, rows))
        worst_contribution = _worst(worst_contribution, _compare_contributions(trained, model, explainer, name, rows))
        _check_sums(model, explainer, name, rows)
    return Parity(
        tolerance=TOLERANCE,
        worst_probability_difference=worst_probability,
        worst_contribution_difference=worst_contribution,
        changed_decisions=0,
        n_applications=sum(len(rows) for rows in data_sets.values()),
        data_sets={name: len(rows) for name, rows in data_sets.items()},
    )


def _compare_answers(trained: TrainedModel, model: Model, name: str, rows: np.ndarray) -> float:
    """Return the largest difference of probability; a changed decision stops everything."""
    worst = 0.0
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        expected, served = trained.default_probability(batch), model.score(batch).default_probability
        worst = _worst(worst, float(np.abs(served - expected).max()))
        threshold = trained.threshold.threshold
        _answer_alone(model, batch, served, close=np.abs(expected - threshold) <= TOLERANCE)
        changed = int((refuses(served, threshold=threshold) != refuses(expected, threshold=threshold)).sum())
        if changed:
            raise ParityError("TRN402", f"{changed} decisions of {name} differ between the graph and the trained model")
    if not worst <= TOLERANCE:
        raise ParityError("TRN401", f"probabilities of {name} differ by {worst:.2e}; at most {TOLERANCE} is allowed")
    return worst


def _answer_alone(model: Model, rows: np.ndarray, served: np.ndarray, *, close: np.ndarray) -> None:
    """Put the answer that a row gets on its own in place, where its last bit could change the decision.

    The service scores one row at a time, and the graph's vectorised functions may round the last bit otherwise.
    """
    for index in np.flatnonzero(close):
        served[index] = model.score(rows[index : index + 1]).default_probability[0]


def _worst(first: float, second: float) -> float:
    """Return the larger difference; an answer that is no number is the worst of all."""
    return float(np.maximum(first, second))


def _compare_contributions(
    trained: TrainedModel, model: Model, explainer: Explainer, name: str, rows: np.ndarray
) -> float:
    """Return the largest difference between the tables' attributions and the library's, on an even sample."""
    sample = rows[np.linspace(0, len(rows) - 1, min(EXPLAINED_ROWS, len(rows))).astype(int)]
    scores = model.score(sample)
    expected = trained.calibration.scale * trained.fitted.contributions(scores.features)[:, :-1]
    served = np.array([explainer.contributions(row) for row in scores.features])
    worst = float(np.abs(served - expected).max())
    if not worst <= TOLERANCE:
        raise ParityError("TRN403", f"attributions of {name} differ by {worst:.2e} from the library's")
    return worst


def _check_sums(model: Model, explainer: Explainer, name: str, rows: np.ndarray) -> None:
    """Refuse attributions that do not sum to the margin, whichever row it is."""
    for start in range(0, len(rows), BATCH):
        gap = worst_gap(model, explainer, rows[start : start + BATCH])
        if not gap <= TOLERANCE:
            raise ParityError("TRN403", f"attributions of {name} sum to the margin but for {gap:.2e}")


def worst_gap(model: Model, explainer: Explainer, rows: np.ndarray) -> float:
    """Return the largest distance between a margin and the sum of its attributions and the base value."""
    scores = model.score(rows)
    sums = np.array([explainer.contributions(row).sum() for row in scores.features])
    return float(np.abs(sums + explainer.base_value - scores.margin).max())
