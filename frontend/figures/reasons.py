"""Why: from the average applicant to this one, and where this one stands among the others."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from frontend.figures.chart import (
    DASHES,
    LOWERS_RISK,
    PERCENT_FORMAT,
    RAISES_RISK,
    REVIEW,
    ROW,
    Figure,
    Pen,
    Spec,
    axis_of,
    quantity,
    told,
)
from frontend.sentences.decisions import say_direction, say_standing, say_step, shown_rank

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frontend.api.answers import Answer
    from frontend.applications.form import Form
    from frontend.applications.standing import Standing

_TICKS = (
    0.001,
    0.002,
    0.005,
    0.01,
    0.02,
    0.03,
    0.05,
    0.07,
    0.1,
    0.15,
    0.2,
    0.3,
    0.4,
    0.5,
    0.6,
    0.7,
    0.8,
    0.9,
    0.95,
    0.99,
)
_PROBABILITY = f"format(1 / (1 + exp(-datum.value)), '{PERCENT_FORMAT}')"
# Contributions that together do not move the answer need no row.
_NEGLIGIBLE = 0.005
_BAR_OFFSET = 11


def waterfall(answer: Answer, *, pen: Pen) -> Figure:
    """Draw how each reason moves the probability, from that of the average applicant to that of this one."""
    words = pen.words
    steps = [(reason.label, reason.contribution) for reason in answer.reasons]
    if abs(answer.other_contributions) >= _NEGLIGIBLE:
        steps.append((words("decision.others"), answer.other_contributions))
    rows = _steps(answer.base_value, steps, pen)
    base, total = (words.percent(_probability(margin)) for margin in (answer.base_value, answer.margin))
    ends: list[Spec] = [
        {"text": words.pair(words("decision.base"), base), "start": answer.base_value},
        {"text": words.pair(words("decision.total"), total), "start": answer.margin},
    ]
    ranked = [{"rank": rank, **row} for rank, row in enumerate([ends[0], *rows, ends[1]])]
    reached = [row["start"] for row in ranked] + [row["stop"] for row in rows] + [_margin(answer.threshold)]
    x = quantity("start", _probability_axis(reached, words("decision.waterfall_axis")), **_domain(reached))
    alternative = words(
        "decision.waterfall_alt",
        base=base,
        total=total,
        steps=" ; ".join(say_direction(label, contribution, words) for label, contribution in steps),
    )
    layers = [*_threshold_marks(answer.threshold, pen), _bars(x), _ends(x, pen), *pen.row_texts()]
    return Figure(pen.chart(layers, height={"step": 42}, rows=ranked), alternative)


def standing_figure(standings: Sequence[Standing], form: Form, *, pen: Pen) -> Figure:
    """Draw where each value stands: a mark between the lowest and the highest, or a bar as long as its share."""
    words = pen.words
    rows = [
        {
            "rank": rank,
            "text": say_standing(one, form, words),
            "at": shown_rank(one, form),
            "same": one.same,
            "zero": 0,
            "low": 0.25,
            "high": 0.75,
            "one": 1,
        }
        for rank, one in enumerate(standings)
    ]
    x = quantity("zero", axis_of(words("decision.position_axis"), form=PERCENT_FORMAT), domain=[0, 1])
    ranked: Spec = {"transform": [{"filter": "isValid(datum.at)"}]}
    band = {"type": "bar", "size": 12, "yOffset": 10, "color": REVIEW}
    layers = [
        {**ranked, "mark": {**band, "opacity": 0.25}, "encoding": {"x": x, "x2": {"field": "one"}, "y": ROW}},
        {
            **ranked,
            "mark": {**band, "opacity": 0.6},
            "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": ROW},
        },
        {
            **ranked,
            "mark": {"type": "point", "shape": "diamond", "filled": True, "opacity": 1, "size": 150, "yOffset": 10}
            | {"color": pen.ink},
            "encoding": {"x": {**x, "field": "at"}, "y": ROW},
        },
        {
            "transform": [{"filter": "isValid(datum.same)"}],
            "mark": {**band, "color": LOWERS_RISK},
            "encoding": {"x": x, "x2": {"field": "same"}, "y": ROW},
        },
        *pen.row_texts(),
    ]
    alternative = words("decision.position_alt", rows=told(rows))
    return Figure(pen.chart(layers, height={"step": 42}, rows=rows), alternative)


def _steps(base: float, steps: Sequence[tuple[str, float]], pen: Pen) -> list[Spec]:
    rows: list[Spec] = []
    reached = base
    for label, contribution in steps:
        rows.append(
            {
                "text": say_step(label, contribution, pen.words),
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
        "encoding": {
            "x": x,
            "x2": {"field": "stop"},
            "y": ROW,
            "color": {"field": "colour", "type": "nominal", "scale": None},
        },
    }


def _ends(x: Spec, pen: Pen) -> Spec:
    mark = {"type": "point", "shape": "diamond", "filled": True, "opacity": 1, "size": 150, "yOffset": _BAR_OFFSET}
    return {
        "transform": [{"filter": "!isValid(datum.stop)"}],
        "mark": {**mark, "color": pen.ink},
        "encoding": {"x": x, "y": ROW},
    }


def _threshold_marks(threshold: float, pen: Pen) -> list[Spec]:
    text = pen.words("decision.threshold", threshold=pen.words.percent(threshold))
    at = {"x": {"field": "start", "type": "quantitative"}}
    data = {"values": [{"start": _margin(threshold), "text": text}]}
    rule = {"type": "rule", "color": pen.ink, "strokeWidth": 2, "strokeDash": DASHES}
    label = {"type": "text", "color": pen.ink, "fontSize": 13, "dy": -8}
    return [
        {"data": data, "mark": rule, "encoding": at},
        {"data": data, "mark": label, "encoding": {**at, "y": {"value": 0}, "text": {"field": "text"}}},
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
