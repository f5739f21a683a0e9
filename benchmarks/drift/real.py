"""Drift of the real sample, `application_test` against `application_train`: aggregates, never a row.

``make report DATA=<folder of the real sample>`` makes the windows that are compared.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.drift.windows import OWN_DATA, windows_in
from metrics.values import NotApplicable
from monitoring.drift.performance import estimated_performance, realised_performance
from monitoring.report.make import make_report
from monitoring.windows.parquet import WindowSource, open_window, opened_database
from scoring.bundle import Bundle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring.checks.checks import CheckResult
    from monitoring.drift.context import ContextDrift
    from monitoring.drift.domain_classifier import Separation
    from monitoring.drift.inputs import InputDrift
    from monitoring.drift.performance import Performance
    from monitoring.drift.predictions import PredictionDrift, PredictionProfile
    from monitoring.drift.segments import Segments
    from monitoring.report.result import DriftReport

N_INPUTS = 10
# As many applications as a small month of the service.
CHUNK = 3_000


def measure_drift_real(folder: Path = OWN_DATA) -> dict[str, Any] | None:
    """Report on test against train of the real tables; ``None`` when ``make report DATA=…`` has not been there."""
    windows = windows_in(folder)
    if windows is None:
        return None
    reference, current = (WindowSource.parse(f"{windows.features}:{one}", windows.scores) for one in ("train", "test"))
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as workspace:
        report = make_report(windows.bundle, reference, current, Path(workspace) / "report")
    seconds = time.perf_counter() - started
    return {
        "report_seconds": seconds,
        **_told(report),
        "estimated_against_realised": _estimated_against_realised(windows.bundle, reference),
    }


def _estimated_against_realised(bundle: Path, source: WindowSource) -> dict[str, Any] | None:
    """Return how near estimates without outcomes come to the truth, over chunks whose outcomes are known.

    ``None`` where no outcome is.
    """
    policy = Bundle.open(bundle).contract.decision
    with opened_database("1GB") as database:
        window = open_window(database, source, Bundle.open(bundle).contract)
        predictions = window.predictions(threshold=policy.threshold)
    if predictions is None or predictions.outcome is None:
        return None
    order = np.random.default_rng(0).permutation(len(predictions.probability))
    chunks = [predictions.at(places) for places in np.array_split(order, max(1, len(order) // CHUNK))]
    pairs = [(estimated_performance(one, policy), realised_performance(one, policy)) for one in chunks]
    known = [(expected, came) for expected, came in pairs if not isinstance(came, NotApplicable)]
    return {
        "chunks": len(known),
        "rows": CHUNK,
        **{name: _agreement(known, name) for name in ("cost", "auc", "default_rate")},
    }


def _agreement(pairs: Sequence[tuple[Performance, Performance]], name: str) -> dict[str, float]:
    """Return the means of an indicator, how far they lie apart, and how often truth lies inside the interval."""
    told = [(getattr(expected, name), getattr(came, name)) for expected, came in pairs]
    return {
        "estimated": float(np.mean([expected.value for expected, _ in told])),
        "realised": float(np.mean([came.value for _, came in told])),
        "mean_absolute_difference": float(np.mean([abs(expected.value - came.value) for expected, came in told])),
        "inside": float(np.mean([expected.low <= came.value <= expected.high for expected, came in told])),
    }


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
