"""What refusing at a threshold costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frontend.figures.chart import (
    DASHES,
    LOWERS_RISK,
    NUMBER_FORMAT,
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

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from frontend.applications.simulator import Simulated

CURVE_PIXELS = 280
# Refusing everybody from here on costs more than anybody would pay; the curve is read on the left.
_LAST_THRESHOLD = 0.5


def cost_curve(
    policies: Sequence[Simulated],
    measured: Sequence[Mapping[str, Any]],
    *,
    chosen: Simulated,
    best: Simulated,
    pen: Pen,
) -> Figure:
    """Draw the cost along the threshold, the least and the simulated one marked.

    Parameters
    ----------
    measured
        Policies of the evidence, whose intervals are drawn as a band; empty where they belong to other costs.
    """
    words = pen.words
    rows = [{"t": one.threshold, "cost": one.cost} for one in policies if one.threshold <= _LAST_THRESHOLD]
    band_rows = [
        {"t": one["threshold"], "cost": one["cost"]["low"], "high": one["cost"]["high"]}
        for one in measured
        if one["threshold"] <= _LAST_THRESHOLD
    ]
    x = quantity("t", axis_of(words("policy.curve_x"), form=PERCENT_FORMAT), nice=False, zero=True)
    y = quantity("cost", axis_of(words("policy.cost"), form=NUMBER_FORMAT), zero=True)
    layers: list[Spec] = [
        {
            "data": {"values": band_rows},
            "mark": {"type": "area", "color": REVIEW, "opacity": 0.3},
            "encoding": {"y2": {"field": "high"}},
        },
        {"mark": {"type": "line", "color": LOWERS_RISK, "strokeWidth": 3}},
        _threshold_rule(chosen, pen),
        _mark(best, "diamond", RAISES_RISK),
        _mark(chosen, "circle", pen.ink),
    ]
    alternative = words(
        "policy.curve_alt",
        cost=words.fixed(best.cost, 3),
        best=words.percent(best.threshold),
        now=words.fixed(chosen.cost, 3),
        threshold=words.percent(chosen.threshold),
    )
    return Figure(pen.chart(layers, {"x": x, "y": y}, height=CURVE_PIXELS, rows=rows), alternative)


def segment_figure(segments: Sequence[tuple[str, Simulated]], label: str, *, pen: Pen) -> Figure:
    """Draw the refusal rate of each segment, and the default rate of those accepted in its text."""
    words = pen.words
    rows = [
        {
            "rank": rank,
            "rate": one.refusal_rate,
            "text": words.pair(name, words.percent(one.refusal_rate)),
        }
        for rank, (name, one) in enumerate(segments)
    ]
    x = quantity("rate", axis_of(words("policy.refusal"), form=PERCENT_FORMAT), zero=True)
    bars = {
        "mark": {"type": "bar", "size": 10, "yOffset": 10, "color": LOWERS_RISK},
        "encoding": {"x": x, "y": ROW},
    }
    alternative = words("policy.segment_alt", label=label, rows=told(rows))
    return Figure(pen.chart([bars, *pen.row_texts()], height={"step": 38}, rows=rows), alternative)


def sensitivity_figure(ratios: Sequence[Mapping[str, Any]], threshold: float, *, pen: Pen) -> Figure:
    """Draw the threshold each cost ratio asks for, with its interval, and the one in force."""
    words = pen.words
    rows = [
        {"ratio": one["ratio"], "t": one["threshold"], "low": one["threshold_interval"][0]}
        | {"high": one["threshold_interval"][1]}
        for one in ratios
    ]
    ticks = [row["ratio"] for row in rows]
    axis = axis_of(words("policy.sensitivity_x"), form=NUMBER_FORMAT, values=ticks)
    x = {**quantity("ratio", axis, nice=False), "scale": {"type": "log", "nice": False}}
    y = quantity("t", axis_of(words("policy.sensitivity_y"), form=PERCENT_FORMAT), zero=True)
    layers: list[Spec] = [
        {"mark": {"type": "rule", "color": pen.ink, "strokeWidth": 2}, "encoding": _between("low", "high", y)},
        {"mark": {"type": "point", "filled": True, "opacity": 1, "size": 80, "color": LOWERS_RISK}},
        {
            "data": {"values": [{"t": threshold}]},
            "mark": {"type": "rule", "color": pen.ink, "strokeDash": DASHES},
            "encoding": {"x": None, "y": {"field": "t", "type": "quantitative"}},
        },
    ]
    text = [{"text": f"{words.number(row['ratio'])} → {words.percent(row['t'])}"} for row in rows]
    alternative = words("policy.sensitivity_alt", rows=told(text))
    return Figure(pen.chart(layers, {"x": x, "y": y}, height=CURVE_PIXELS, rows=rows), alternative)


def _between(low: str, high: str, y: Spec) -> Spec:
    return {"y": {**y, "field": low}, "y2": {"field": high}}


def _mark(policy: Simulated, shape: str, colour: str) -> Spec:
    return {
        "data": {"values": [{"t": policy.threshold, "cost": policy.cost}]},
        "mark": {"type": "point", "shape": shape, "filled": True, "opacity": 1, "size": 150, "color": colour},
    }


def _threshold_rule(policy: Simulated, pen: Pen) -> Spec:
    return {
        "data": {"values": [{"t": policy.threshold}]},
        "mark": {"type": "rule", "color": pen.ink, "strokeWidth": 2, "strokeDash": DASHES},
        "encoding": {"y": None},
    }
