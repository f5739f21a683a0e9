"""The Evidently report; the only module that imports Evidently, and only when a report is made (it takes seconds)."""

from __future__ import annotations

import html
import os
import re
import warnings
from typing import TYPE_CHECKING

# Evidently reads this when it is imported, and reports its use to its makers otherwise.
os.environ["DO_NOT_TRACK"] = "1"

with warnings.catch_warnings():
    # Its import trips over its own old escapes and over deprecations of NumPy and Litestar; none is ours to mend.
    warnings.simplefilter("ignore")
    from evidently import DataDefinition, Dataset, Report, Run  # type: ignore[import-untyped]  # ships no types
    from evidently.legacy.calculations.stattests.registry import (  # type: ignore[import-untyped]  # ships no types
        StatTest,
        register_stattest,
    )
    from evidently.legacy.core import ColumnType  # type: ignore[import-untyped]  # ships no types
    from evidently.metrics import MissingValueCount  # type: ignore[import-untyped]  # ships no types
    from evidently.presets import DataDriftPreset, DataSummaryPreset  # type: ignore[import-untyped]  # ships no types
    from evidently.tests import lte  # type: ignore[import-untyped]  # ships no types

from monitoring.report.evidently_values import EvidentlyResult
from monitoring.report.files import JSON_FILE, SUMMARY_FILE
from monitoring.windows.columns import DECISION, PROBABILITY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from monitoring.config import MonitoringConfig
    from monitoring.report.evidently_values import Heading, Verdict
    from monitoring.windows.parquet import Window
    from scoring.contract import Contract, Input


METHOD = "psi_du_rapport"
METHOD_TITLE = "PSI de report.json (toutes les demandes)"


def write_evidently_report(
    contract: Contract,
    windows: tuple[Window, Window],
    config: MonitoringConfig,
    out: Path,
    *,
    verdicts: Mapping[str, Verdict],
    heading: Heading,
) -> EvidentlyResult:
    """Write the HTML report on the inputs that matter most or have moved, the probability and the decision."""
    inputs = shown_inputs(contract, config.evidently.columns, verdicts)
    names = [item.name for item in inputs]
    drawn = [window.sample(names, rows=config.evidently.rows) for window in windows]
    scored = all(PROBABILITY in rows for rows in drawn) and PROBABILITY in verdicts
    wanted = [*names, *([PROBABILITY, DECISION] if scored else [])]
    columns = [name for name in wanted if all(rows[name].notna().any() for rows in drawn)]
    snapshot = _snapshot([rows[columns] for rows in drawn], _definition(inputs, columns), config, verdicts)
    snapshot.save_html(str(out))
    out.write_text(_headed(out.read_text(encoding="utf-8"), heading), encoding="utf-8")
    return EvidentlyResult(
        columns=tuple(columns),
        without_values=tuple(name for name in wanted if name not in columns),
        rows=(len(drawn[0]), len(drawn[1])),
        drift=_drift(snapshot),
        drifted=tuple(name for name in columns if verdicts[name].has_moved),
    )


def _headed(page: str, heading: Heading) -> str:
    """Return the page with its French title, what it is about, and the way back to the summary."""
    title, model, conclusion = (html.escape(text) for text in (heading.title, heading.model, heading.conclusion))
    block = (
        f'<header style="font:15px/1.5 system-ui,sans-serif;padding:1rem 2rem"><h1>{title}</h1>'
        f"<p>{html.escape(heading.origin.line)}</p><p>{model}</p>"
        f"<p><strong>Conclusion : {conclusion}</strong></p><p>Mêmes mesures, mêmes limites et même verdict que "
        f'<a href="{SUMMARY_FILE}">{SUMMARY_FILE}</a> et <a href="{JSON_FILE}">{JSON_FILE}</a> ; les histogrammes '
        "portent sur un tirage.</p></header>"
    )
    # Evidently's page has no title of its own; what looks like one stands inside its scripts.
    head = f'<meta charset="utf-8"><title>{title}</title>{heading.origin.tags}'
    titled = re.sub(r"<head[^>]*>", lambda found: found[0] + head, page, count=1)
    return re.sub(r"<body[^>]*>", lambda found: found[0] + block, titled, count=1)


def _snapshot(
    drawn: Sequence[pd.DataFrame],
    definition: DataDefinition,
    config: MonitoringConfig,
    verdicts: Mapping[str, Verdict],
) -> Run:
    """Run Evidently, current rows first as it wants them."""
    _register(verdicts)
    metrics = _metrics(drawn[0], config)
    with warnings.catch_warnings():
        # A constant column divides by zero inside Evidently's statistics.
        warnings.simplefilter("ignore")
        before, after = (Dataset.from_pandas(rows, data_definition=definition) for rows in drawn)
        return Report(metrics).run(after, before)


def _register(verdicts: Mapping[str, Verdict]) -> None:
    """Let Evidently ask the report for value and verdict of a column, instead of testing its own way."""

    def told(reference: pd.Series, *_: object) -> tuple[float, bool]:
        found = verdicts[str(reference.name)]
        return found.value, found.has_moved

    kinds = [ColumnType.Numerical, ColumnType.Categorical]
    register_stattest(StatTest(METHOD, METHOD_TITLE, kinds), told)


def _drift(snapshot: Run) -> dict[str, float]:
    metrics = [item for item in snapshot.dict()["metrics"] if item["metric_name"].startswith("ValueDrift(")]
    return {item["config"]["column"]: float(item["value"]) for item in metrics}


def shown_inputs(contract: Contract, n_inputs: int, verdicts: Mapping[str, Verdict]) -> list[Input]:
    """Return the inputs that matter most to the model, and all that have moved, the most important first."""
    ordered = sorted(contract.inputs, key=lambda item: -contract.coverage.weights[item.name])
    return [item for place, item in enumerate(ordered) if place < n_inputs or verdicts[item.name].has_moved]


def _definition(inputs: Sequence[Input], columns: Sequence[str]) -> DataDefinition:
    categories = {DECISION, *(item.name for item in inputs if item.kind == "category")}
    return DataDefinition(
        numerical_columns=[name for name in columns if name not in categories],
        categorical_columns=[name for name in columns if name in categories],
    )


def _metrics(reference: pd.DataFrame, config: MonitoringConfig) -> list[object]:
    columns = list(reference.columns)
    drift = DataDriftPreset(
        columns=columns,
        drift_share=config.evidently.drift_share,
        method=METHOD,
        threshold=config.psi.watch,
        include_tests=False,
    )
    limit = config.missing_share_change.alert
    missing = [
        MissingValueCount(column=name, share_tests=[lte(min(1.0, float(reference[name].isna().mean()) + limit))])
        for name in columns
    ]
    return [drift, *missing, DataSummaryPreset(columns=columns)]
