"""The Evidently report; the only module that imports Evidently, and only when a report is made (it takes seconds)."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

# Evidently reads this when it is imported, and reports its use to its makers otherwise.
os.environ["DO_NOT_TRACK"] = "1"

with warnings.catch_warnings():
    # Its import trips over its own old escapes and over deprecations of NumPy and Litestar; none is ours to mend.
    warnings.simplefilter("ignore")
    from evidently import DataDefinition, Dataset, Report, Run  # type: ignore[import-untyped]  # ships no types
    from evidently.presets import DataDriftPreset, DataSummaryPreset  # type: ignore[import-untyped]  # ships no types

from monitoring.windows.columns import DECISION, PROBABILITY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from monitoring.config import EvidentlyConfig, MonitoringConfig
    from monitoring.windows.parquet import Window
    from scoring.contract import Contract, Input


@dataclass(frozen=True, slots=True)
class EvidentlyResult:
    """What the HTML report was made from, and the drift it shows.

    Attributes
    ----------
    without_values
        Columns left out, as one of the drawn windows has no value in them: Evidently refuses those.
    rows
        Applications drawn from the reference window and from the current one.
    drift
        Distance of each column, on the drawn rows.
    """

    columns: tuple[str, ...]
    without_values: tuple[str, ...]
    rows: tuple[int, int]
    drift: dict[str, float]


def write_evidently_report(
    contract: Contract, reference: Window, current: Window, config: MonitoringConfig, out: Path
) -> EvidentlyResult:
    """Write the HTML report on the inputs that matter most, the probability and the decision."""
    inputs = most_important(contract, config.evidently.columns)
    names = [item.name for item in inputs]
    drawn = [window.sample(names, rows=config.evidently.rows) for window in (reference, current)]
    scored = all(PROBABILITY in rows for rows in drawn)
    wanted = [*names, *([PROBABILITY, DECISION] if scored else [])]
    columns = [name for name in wanted if all(rows[name].notna().any() for rows in drawn)]
    snapshot = _snapshot([rows[columns] for rows in drawn], _definition(inputs, columns), config)
    snapshot.save_html(str(out))
    return EvidentlyResult(
        columns=tuple(columns),
        without_values=tuple(name for name in wanted if name not in columns),
        rows=(len(drawn[0]), len(drawn[1])),
        drift=_drift(snapshot),
    )


def _snapshot(drawn: Sequence[pd.DataFrame], definition: DataDefinition, config: MonitoringConfig) -> Run:
    """Run Evidently, current rows first as it wants them."""
    metrics = _metrics(list(drawn[0].columns), config.evidently, threshold=config.distance.watch)
    with warnings.catch_warnings():
        # A constant column divides by zero inside Evidently's statistics.
        warnings.simplefilter("ignore")
        before, after = (Dataset.from_pandas(rows, data_definition=definition) for rows in drawn)
        return Report(metrics).run(after, before)


def _drift(snapshot: Run) -> dict[str, float]:
    metrics = [item for item in snapshot.dict()["metrics"] if item["metric_name"].startswith("ValueDrift(")]
    return {item["config"]["column"]: float(item["value"]) for item in metrics}


def most_important(contract: Contract, n_inputs: int) -> list[Input]:
    """Return the inputs that matter most to the model, the most important first."""
    return sorted(contract.inputs, key=lambda item: -contract.coverage.weights[item.name])[:n_inputs]


def _definition(inputs: Sequence[Input], columns: Sequence[str]) -> DataDefinition:
    categories = {DECISION, *(item.name for item in inputs if item.kind == "category")}
    return DataDefinition(
        numerical_columns=[name for name in columns if name not in categories],
        categorical_columns=[name for name in columns if name in categories],
    )


def _metrics(columns: list[str], config: EvidentlyConfig, *, threshold: float) -> list[object]:
    drift = DataDriftPreset(
        columns=columns,
        drift_share=config.drift_share,
        num_method=config.number_method,
        num_threshold=threshold,
        cat_method=config.category_method,
        cat_threshold=threshold,
    )
    return [drift, DataSummaryPreset(columns=columns)]
