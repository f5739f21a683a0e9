"""Drift of the real sample, `application_test` against `application_train`: aggregates, never a row.

``make report DATA=<folder of the real sample>`` makes the windows that are compared.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.drift.windows import OWN_DATA, windows_in
from metrics.values import NotApplicable
from monitoring.report.make import make_report
from monitoring.windows.parquet import WindowSource

if TYPE_CHECKING:
    from monitoring.checks.checks import CheckResult
    from monitoring.drift.context import ContextDrift
    from monitoring.drift.domain_classifier import Separation
    from monitoring.drift.inputs import InputDrift
    from monitoring.drift.predictions import PredictionDrift, PredictionProfile
    from monitoring.drift.segments import Segments
    from monitoring.report.result import DriftReport

N_INPUTS = 10


def measure_drift_real(folder: Path = OWN_DATA) -> dict[str, Any] | None:
    """Report on test against train of the real tables; ``None`` when ``make report DATA=…`` has not been there."""
    windows = windows_in(folder)
    if windows is None:
        return None
    reference, current = (WindowSource.parse(f"{windows.features}:{one}", windows.scores) for one in ("train", "test"))
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as workspace:
        report = make_report(windows.bundle, reference, current, Path(workspace) / "report")
    return {"report_seconds": time.perf_counter() - started, **_told(report)}


def _told(report: DriftReport) -> dict[str, Any]:
    drift = report.drift
    heaviest = sorted(drift.inputs, key=lambda item: -item.weighted_psi)[:N_INPUTS]
    return {
        "reference_rows": drift.reference.n_applications,
        "current_rows": drift.current.n_applications,
        "decision_threshold": report.model.decision_threshold,
        "weighted_psi": drift.weighted_psi,
        "separation": _separation(drift.separation),
        "checks": {one.code: _check(one) for one in report.checks},
        "inputs": [_input(one) for one in heaviest],
        "context": [_context(one) for one in drift.context[:N_INPUTS]],
        "segments": _segments(drift.segments),
        "answers": None if isinstance(drift.predictions, NotApplicable) else _answers(drift.predictions),
    }


def _separation(found: Separation | NotApplicable) -> dict[str, Any] | None:
    if isinstance(found, NotApplicable):
        return None
    return {
        "auc": found.auc,
        "give_aways": [{"name": one.name, "auc_fall": one.auc_fall} for one in found.give_aways],
    }


def _check(one: CheckResult) -> dict[str, Any]:
    subjects = [finding.subject for finding in one.findings if finding.subject]
    return {"level": one.level.value, "worst": one.worst, "subjects": subjects}


def _input(item: InputDrift) -> dict[str, Any]:
    """Return what moved in an input: the median of a number, the most moved category of the others."""
    median, moved = item.median, item.most_moved
    return {
        "name": item.name,
        "importance": item.importance,
        "psi": item.psi,
        "distance": None if isinstance(item.distance, NotApplicable) else item.distance,
        "median": None if median is None else asdict(median),
        "most_moved": None if moved is None else {"category": moved.category, "share": asdict(moved.share)},
        "missing_share": asdict(item.missing_share),
    }


def _context(item: ContextDrift) -> dict[str, Any]:
    """Return what moved in a column that the model does not read."""
    return {
        "name": item.name,
        "psi": item.psi,
        "median": None if item.median is None else asdict(item.median),
        "mean": None if item.mean is None else asdict(item.mean),
        "most_moved": None if item.most_moved is None else asdict(item.most_moved),
        "missing_share": asdict(item.missing_share),
    }


def _segments(found: Segments | NotApplicable) -> dict[str, Any] | None:
    """Return how the segments' shares moved, and what moved inside the main one."""
    if isinstance(found, NotApplicable) or isinstance(found.main.inputs, NotApplicable):
        return None
    return {
        "column": found.column,
        "shares": {item.value: asdict(item.share) for item in found.segments},
        "main": found.main.value,
        "inputs": [_input(item) for item in found.main.inputs[:N_INPUTS]],
    }


def _answers(drift: PredictionDrift) -> dict[str, Any]:
    return {"reference": _profile(drift.reference), "current": _profile(drift.current), "psi": drift.psi}


def _profile(profile: PredictionProfile) -> dict[str, Any]:
    estimated = profile.estimated
    return {
        "mean_probability": profile.mean_probability.model_dump(),
        "refusal_rate": profile.refusal_rate.model_dump(),
        "cost": estimated.cost.model_dump(),
        "auc": None if isinstance(estimated.auc, NotApplicable) else estimated.auc.model_dump(),
    }
