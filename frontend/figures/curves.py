"""The probability along one variable."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
)
from frontend.sentences.decisions import say_decision_briefly
from frontend.sentences.fields import say_caption, say_label, say_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frontend.applications.form import FormField, Value

CURVE_PIXELS = 260


@dataclass(frozen=True, slots=True)
class Curve:
    """Probabilities along one input.

    Attributes
    ----------
    points
        Values in the contract's unit and their probabilities.
    here, before
        Value of the scenario, and of the application it started from.
    """

    field: FormField
    points: Sequence[tuple[Value, float]]
    threshold: float
    review_band: Sequence[float]
    here: Value
    before: Value

    def at(self, value: Value) -> float | None:
        """Return the probability at a value that is one of the points."""
        return next((probability for one, probability in self.points if one == value), None)


def curve_figure(curve: Curve, *, pen: Pen) -> Figure:
    """Draw a line for a number, bars for a category or a flag."""
    spec = _line(curve, pen) if curve.field.kind == "number" else _bars(curve, pen)
    return Figure(spec, _alternative(curve, pen))


def crossings(curve: Curve) -> list[Value]:
    """Return the first value of each stretch on the other side of the threshold than the one before."""
    sides = [(value, probability >= curve.threshold) for value, probability in curve.points]
    return [value for (_, before), (value, after) in itertools.pairwise(sides) if before != after]


def say_crossings(curve: Curve, pen: Pen) -> str:
    """Tell where along the variable the decision changes."""
    words = pen.words
    changes = crossings(curve)
    if curve.field.kind == "number" and changes:
        told = ", ".join(f"≈ {say_value(curve.field, value, words)}" for value in changes)
        return words("what_if.curve_crossings", values=told)
    if curve.points and not changes:
        refused = curve.points[0][1] >= curve.threshold
        return words("what_if.curve_same.refuse" if refused else "what_if.curve_same.accepte")
    return ""


def _line(curve: Curve, pen: Pen) -> Spec:
    show = curve.field.scale.show
    numbers = [(show(value), probability) for value, probability in curve.points if not isinstance(value, str | None)]
    rows = [{"x": x, "p": probability} for x, probability in sorted(numbers)]
    top = max([curve.threshold * 1.6, *(row["p"] * 1.1 for row in rows)])
    x = quantity("x", axis_of(say_caption(curve.field, pen.words), form=NUMBER_FORMAT), zero=False, nice=False)
    y = quantity("p", axis_of(pen.words("decision.axis"), form=PERCENT_FORMAT), domain=[0, min(1.0, top)], nice=False)
    encoding = {"x": x, "y": y}
    layers = [
        *_threshold(curve, pen, along="y", limits=(rows[0]["x"], rows[-1]["x"]) if rows else (0, 1)),
        {"mark": {"type": "line", "color": LOWERS_RISK, "strokeWidth": 3, "interpolate": "step-after"}},
        *_markers(curve, pen),
    ]
    return pen.chart(layers, encoding, height=CURVE_PIXELS, rows=rows)


def _markers(curve: Curve, pen: Pen) -> list[Spec]:
    """Mark the application the scenario started from with a hollow diamond, the scenario with a full circle."""
    shapes = [
        (curve.before, {"shape": "diamond", "filled": False, "size": 180, "strokeWidth": 2}),
        (curve.here, {"shape": "circle", "filled": True, "size": 130}),
    ]
    layers = []
    for value, mark in shapes:
        probability = curve.at(value)
        if probability is not None and isinstance(value, int | float):
            layers.append(
                {
                    "data": {"values": [{"x": curve.field.scale.show(value), "p": probability}]},
                    "mark": {"type": "point", "opacity": 1, "color": pen.ink, **mark},
                }
            )
    return layers


def _bars(curve: Curve, pen: Pen) -> Spec:
    words = pen.words
    rows = [
        {
            "rank": rank,
            "p": probability,
            "text": words.pair(
                f"{_sign(curve, value)}{say_value(curve.field, value, words)}",
                f"{words.percent(probability)}, "
                + say_decision_briefly(refused=probability >= curve.threshold, words=words),
            ),
            "colour": RAISES_RISK if probability >= curve.threshold else LOWERS_RISK,
        }
        for rank, (value, probability) in enumerate(curve.points)
    ]
    x = quantity("p", axis_of(words("decision.axis"), form=PERCENT_FORMAT), zero=True)
    bars = {
        "mark": {"type": "bar", "size": 10, "yOffset": 10},
        "encoding": {"x": x, "y": ROW, "color": {"field": "colour", "type": "nominal", "scale": None}},
    }
    rule = {
        "data": {"values": [{"p": curve.threshold}]},
        "mark": {"type": "rule", "color": pen.ink, "strokeWidth": 2, "strokeDash": DASHES},
        "encoding": {"x": {"field": "p", "type": "quantitative"}},
    }
    return pen.chart([bars, rule, *pen.row_texts()], height={"step": 38}, rows=rows)


def _sign(curve: Curve, value: Value) -> str:
    if value == curve.here:
        return "● "
    return "◇ " if value == curve.before else ""


def _threshold(curve: Curve, pen: Pen, *, along: str, limits: tuple[float, float]) -> list[Spec]:
    low, high = curve.review_band
    text = pen.words("decision.threshold", threshold=pen.words.percent(curve.threshold))
    band = {
        "data": {"values": [{"x": limits[0], "stop": limits[1], "p": low, "high": high}]},
        "mark": {"type": "rect", "color": REVIEW, "opacity": 0.3},
        "encoding": {"x2": {"field": "stop"}, f"{along}2": {"field": "high"}},
    }
    rule = {
        "data": {"values": [{"x": limits[0], "stop": limits[1], "p": curve.threshold}]},
        "mark": {"type": "rule", "color": pen.ink, "strokeWidth": 2, "strokeDash": DASHES},
        "encoding": {"x2": {"field": "stop"}},
    }
    label = {
        "data": {"values": [{"x": limits[0], "p": curve.threshold, "text": text}]},
        "mark": {"type": "text", "align": "left", "dx": 4, "dy": -8, "fontSize": 13, "color": pen.ink},
        "encoding": {"text": {"field": "text"}},
    }
    return [band, rule, label]


def _alternative(curve: Curve, pen: Pen) -> str:
    words = pen.words
    probabilities = [probability for _, probability in curve.points] or [0.0]
    here = curve.at(curve.here)
    now = words("what_if.curve_now", probability="–" if here is None else words.percent(here))
    return words(
        "what_if.curve_alt",
        label=say_label(curve.field, words),
        low=words.percent(min(probabilities)),
        high=words.percent(max(probabilities)),
        now=now,
    )
