"""Segments and columns outside the model, in the summary: the mix first, then what moved inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commandline.markdown import table
from metrics.values import NotApplicable
from monitoring.config import Level
from monitoring.report.wording import estimate, measured, number, percent, percent_estimate, readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics.values import Pair
    from monitoring.config import MonitoringConfig
    from monitoring.drift.context import ContextDrift
    from monitoring.drift.inputs import InputDrift
    from monitoring.drift.segments import SegmentDrift, Segments

SHOWN_SEGMENTS, SHOWN_INPUTS, SHOWN_COLUMNS = 6, 4, 6


def segments_parts(found: Segments | NotApplicable) -> list[str]:
    """Return which segments moved, and what moved inside those that were measured; nothing without segments."""
    if isinstance(found, NotApplicable):
        return []
    rows = [_segment_row(item) for item in found.segments[:SHOWN_SEGMENTS]]
    head = (f"segment ({found.column})", "part", "taux de refus", "coût attendu", "à l’intérieur")
    return ["Les segments, ceux dont la part a le plus bougé d’abord :", table(head, rows)]


def _segment_row(item: SegmentDrift) -> tuple[str, ...]:
    if isinstance(item.inputs, NotApplicable):
        inside = item.inputs.reason
    else:
        inside = " ; ".join(_moved(one) for one in item.inputs[:SHOWN_INPUTS])
    if isinstance(item.predictions, NotApplicable):
        return item.value, _shares(item.share), "–", "–", inside
    after = item.predictions.current
    return (
        item.value,
        _shares(item.share),
        percent_estimate(after.refusal_rate),
        estimate(after.estimated.cost),
        inside,
    )


def _moved(item: InputDrift) -> str:
    middle = (
        f" médiane {measured(item.median.reference, item.median.current, item.unit)}" if item.median is not None else ""
    )
    return f"`{item.name}` PSI {number(item.psi, 3)}{middle}"


def context_parts(context: Sequence[ContextDrift], config: MonitoringConfig) -> list[str]:
    """Return the columns outside the model that moved most; nothing where the windows have none."""
    if not context:
        return []
    moved = sum(config.psi.level(item.psi) is not Level.STABLE for item in context)
    told = (
        f"Hors du modèle, {number(moved)} colonne(s) sur {number(len(context))} ont un PSI d’au moins "
        f"{number(config.psi.watch, 2)} ; les premières :"
    )
    rows = [
        (f"`{item.name}`", number(item.psi, 3), _change(item), _shares(item.missing_share))
        for item in context[:SHOWN_COLUMNS]
    ]
    return [told, table(("colonne", "PSI", "référence → courante", "manquants"), rows)]


def _change(item: ContextDrift) -> str:
    if item.most_moved is not None:
        return f"{item.most_moved.category} {_shares(item.most_moved.share)}"
    if item.median is None or item.mean is None:
        return "aucune valeur"
    if not item.median.change:
        return f"moyenne {readable(item.mean.reference)} → {readable(item.mean.current)}"
    return f"médiane {readable(item.median.reference)} → {readable(item.median.current)}"


def _shares(pair: Pair) -> str:
    return f"{percent(pair.reference)} → {percent(pair.current)}"
