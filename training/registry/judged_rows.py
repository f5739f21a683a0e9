"""What a run keeps so that its version can be judged later: rows, audit and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.explanations.plots import run_figures
from training.fairness.audit import hold_out_table
from training.registry import runs

if TYPE_CHECKING:
    from pathlib import Path

    from scoring.fairness import Fairness
    from training.features.dataset import LabelledDataset
    from training.selection.pipeline import TrainedModel


def record_judgement(features: Path, data: LabelledDataset, trained: TrainedModel, fairness: Fairness | None) -> None:
    """Keep in the open run the rows a model was judged on, who it learned from, its audit and its figures.

    Parameters
    ----------
    features
        The whole feature table, protected attributes included.
    data
        The applications the model was trained and judged on.
    """
    runs.record_rows(hold_out_table(features, data, trained), data.ids[trained.split.development])
    if fairness is not None:
        runs.record_fairness(fairness)
    runs.record_figures(run_figures(trained, fairness))
