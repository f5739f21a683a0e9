"""The table of candidates: the same applications, the same folds, each at its own threshold and calibration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics.intervals import bootstrap_mean, paired_difference
from scoring.evidence import ComparedCandidate, Difference
from training.selection.rules import RULE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.selection.assessments import Assessment


def candidate_table(
    assessed: Sequence[Assessment], champion: Assessment, *, seed: int
) -> tuple[ComparedCandidate, ...]:
    """Return one row a candidate, cheapest first; differences are to the champion, on the same applications."""
    ordered = sorted(assessed, key=lambda one: one.cost)
    return tuple(_row(one, champion, seed=seed) for one in ordered)


def _row(one: Assessment, champion: Assessment, *, seed: int) -> ComparedCandidate:
    return ComparedCandidate(
        name=one.candidate.name,
        family=one.candidate.family,
        imbalance=one.candidate.imbalance,
        champion=one is champion,
        exportable=one.candidate.exportable,
        parameters=dict(one.candidate.parameters),
        threshold=one.threshold.threshold,
        cost=bootstrap_mean(one.costs, seed=seed),
        cost_difference=_difference(*paired_difference(one.costs, champion.costs)),
        log_loss_difference=_difference(*paired_difference(one.log_losses, champion.log_losses)),
        auc=one.auc,
        accuracy=one.accuracy,
        brier=one.brier,
        calibration_error=one.calibration_error,
        fit_seconds=one.fit_seconds,
        size_bytes=one.size_bytes if one.candidate.exportable else None,
        latency_us=one.latency_us if one.candidate.exportable else None,
    )


def _difference(mean: float, standard_error: float) -> Difference:
    return Difference(mean=mean, standard_error=standard_error)


def say_candidate_table(rows: Sequence[ComparedCandidate]) -> str:
    """Return the table for a terminal, and the rule that chose."""
    width = max(len(row.name) for row in rows)
    head = (
        f"{'candidate':<{width}}  cost [95 %]               to the champion    AUC     accuracy  Brier   calib.  "
        "fit s   size kB  row µs"
    )
    lines = [head, *(_line(row, width) for row in rows)]
    chosen = next(row.name for row in rows if row.champion)
    return "\n".join([*lines, f"rule: {RULE} -> {chosen}"])


def _line(row: ComparedCandidate, width: int) -> str:
    cost = f"{row.cost.value:.4f} [{row.cost.low:.4f}, {row.cost.high:.4f}]"
    gap = f"{row.cost_difference.mean:+.4f} ({row.cost_difference.standard_error:.4f})"
    served = (
        "not exportable"
        if row.size_bytes is None or row.latency_us is None
        else f"{row.size_bytes / 1000:8.0f}  {row.latency_us:6.0f}"
    )
    return (
        f"{row.name:<{width}}  {cost:<24}  {gap:<17}  {row.auc:.4f}  {row.accuracy:.4f}    {row.brier:.4f}  "
        f"{row.calibration_error:.4f}  {row.fit_seconds:6.1f}  {served}"
    )
