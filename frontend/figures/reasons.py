"""Why: from the average applicant to this one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from frontend.figures.chart import BY_ROW, LOWERS_RISK, PERCENT_FORMAT, RAISES_RISK, ROW, Figure, dot, quantity
from frontend.sentences.decisions import say_direction, say_step, say_threshold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frontend.api.answers import Answer
    from frontend.figures.chart import Spec, Theme

_LOW_TICKS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.07)
_TICKS = (*_LOW_TICKS, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
_PROBABILITY = f"format(1 / (1 + exp(-datum.value)), '{PERCENT_FORMAT}')"
# Contributions that together do not move the answer need no row.
_NEGLIGIBLE = 0.005
_BAR_OFFSET = 11


def waterfall(answer: Answer, *, theme: Theme) -> Figure:
    """Draw how each theme moves the probability, from that of the average applicant to that of this one."""
    words = theme.words
    steps = [(reason.label, reason.contribution) for reason in (*answer.reasons, *answer.favourable)]
    if abs(answer.other_contributions) >= _NEGLIGIBLE:
        steps.append((words("decision.others"), answer.other_contributions))
    rows = _steps(answer.base_value, steps, theme)
    base, total = (words.percent(_probability(margin)) for margin in (answer.base_value, answer.margin))
    ends: list[Spec] = [
        {"text": words.pair(words("decision.base"), base), "start": answer.base_value},
        {"text": words.pair(words("decision.total"), total), "start": answer.margin},
    ]
    drawn = [ends[0], *rows, ends[1]]
    reached = [row["start"] for row in drawn] + [row["stop"] for row in rows] + [_margin(answer.threshold)]
    x = quantity("start", _probability_axis(reached, words("decision.waterfall_axis")), **_domain(reached))
    alternative = words(
        "decision.waterfall_alt",
        base=base,
        total=total,
        steps=" ; ".join(say_direction(label, contribution, words) for label, contribution in steps),
    )
    layers = [*_threshold_marks(answer.threshold, theme), _bars(x), _ends(x, theme)]
    return Figure(theme.rows_chart(layers, drawn, step=42), alternative)


def _steps(base: float, steps: Sequence[tuple[str, float]], theme: Theme) -> list[Spec]:
    rows: list[Spec] = []
    reached = base
    for label, contribution in steps:
        rows.append(
            {
                "text": say_step(label, contribution, theme.words),
                "start": reached,
                "stop": reached + contribution,
                "colour": RAISES_RISK if contribution > 0 else LOWERS_RISK,
            }
        )
        reached += contribution
    return rows


def _bars(x: Spec) -> Spec:
    return {
        "transform": [{"filter": "isValid(datum.stop)"}],
        "mark": {"type": "bar", "size": 13, "yOffset": _BAR_OFFSET},
        "encoding": {"x": x, "x2": {"field": "stop"}, "y": ROW, "color": BY_ROW},
    }


def _ends(x: Spec, theme: Theme) -> Spec:
    return {
        "transform": [{"filter": "!isValid(datum.stop)"}],
        "mark": dot(theme.ink, 150, shape="diamond", yOffset=_BAR_OFFSET),
        "encoding": {"x": x, "y": ROW},
    }


def _threshold_marks(threshold: float, theme: Theme) -> list[Spec]:
    at = {"x": {"field": "start", "type": "quantitative"}}
    data = {"values": [{"start": _margin(threshold), "text": say_threshold(threshold, theme.words)}]}
    label = {**at, "y": {"value": 0}, "text": {"field": "text"}}
    return [
        {"data": data, "mark": theme.dashes(), "encoding": at},
        {"data": data, "mark": theme.text(dy=-8), "encoding": label},
    ]


def _probability_axis(reached: Sequence[float], title: str) -> Spec:
    """Return an axis of log-odds that is written in probabilities, at round ones."""
    low, high = min(reached), max(reached)
    ticks = [_margin(tick) for tick in _TICKS if low <= _margin(tick) <= high]
    return {"title": title, "values": ticks, "labelExpr": _PROBABILITY, "grid": False, "labelOverlap": True}


def _domain(reached: Sequence[float]) -> dict[str, object]:
    low, high = min(reached), max(reached)
    margin = 0.04 * (high - low) or 1.0
    return {"domain": [low - margin, high + margin], "nice": False, "zero": False}


def _margin(probability: float) -> float:
    return math.log(probability / (1 - probability))


def _probability(margin: float) -> float:
    return 1 / (1 + math.exp(-margin))
