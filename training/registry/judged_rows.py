"""What a run keeps so that its version can be judged later: rows, audit and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.explanations.plots import run_figures
from training.fairness.audit import hold_out_table
from training.registry import runs

if TYPE_CHECKING:
    from pathlib import Path

    from scoring.fairness import Fairness
    from training.features.dataset import Dataset
    from training.selection.pipeline import TrainedModel


def record_judgement(features: Path, data: Dataset, trained: TrainedModel, fairness: Fairness | None) -> None:
    """Keep in the open run the rows a model was judged on, who it learned from, its audit and its figures.

    Parameters
    ----------
    features
        The whole feature table, protected attributes included.
    data
        The labelled applications the model was trained and judged on.
    """
    development = trained.split.development
    runs.record_rows(hold_out_table(features, data, trained), data.ids[development])
    if fairness is not None:
        runs.record_fairness(fairness)
    if data.default is not None:
        runs.record_figures(run_figures(trained, data.default[development], fairness))
