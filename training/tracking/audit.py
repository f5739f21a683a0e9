"""What a run keeps so that its version can be judged later: rows, audit and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.fairness.audit import audit_decisions, cost_of_leaving_out, hold_out_table
from training.figures import run_figures
from training.tracking import runs

if TYPE_CHECKING:
    from pathlib import Path

    from training.dataset import Dataset
    from training.pipeline import TrainedModel
    from training.scores import Bundle


def record_audit(features: Path, data: Dataset, trained: TrainedModel, bundle: Bundle, *, n_folds: int) -> None:
    """Audit a trained model and keep what it was judged on in the open run.

    Parameters
    ----------
    features
        The whole feature table, protected attributes included.
    data
        The labelled applications the model was trained and judged on.
    n_folds
        Of the folds the champion was judged on.
    """
    hold_out = hold_out_table(features, data, trained)
    price = cost_of_leaving_out(features, data, trained, n_folds=n_folds)
    fairness = audit_decisions(bundle, hold_out, seed=trained.seed).model_copy(update={"protected_cost": price})
    development = trained.split.development
    runs.record_audit(fairness, hold_out, data.ids[development])
    if data.default is not None:
        runs.record_figures(run_figures(trained, data.default[development], fairness))
