"""The probability of default along one input of an application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frontend.figures.chart import LOWERS_RISK, NUMBER_FORMAT, RAISES_RISK, REVIEW, Figure, axis_of, dot, quantity
from frontend.sentences.decisions import say_decision_briefly, say_threshold
from frontend.sentences.fields import say_caption, say_label, say_value

if TYPE_CHECKING:
    from frontend.applications.form import Value
    from frontend.applications.scenarios import ProbabilityCurve
    from frontend.figures.chart import Spec, Theme

CURVE_PIXELS = 260


def probability_curve_figure(curve: ProbabilityCurve, *, theme: Theme) -> Figure:
    """Draw a line for a number, bars for a category or a flag."""
    spec = _line(curve, theme) if curve.field.kind == "number" else _bars(curve, theme)
    return Figure(spec, _alternative(curve, theme))


def _line(curve: ProbabilityCurve, theme: Theme) -> Spec:
    show = curve.field.scale.show
    numbers = [(show(value), probability) for value, probability in curve.points if not isinstance(value, str | None)]
    rows = [{"x": x, "p": probability} for x, probability in sorted(numbers)]
    top = max([curve.threshold * 1.6, *(row["p"] * 1.1 for row in rows)])
    x = quantity("x", axis_of(say_caption(curve.field, theme.words), form=NUMBER_FORMAT), zero=False, nice=False)
    y = quantity("p", theme.percent_axis("decision.axis"), domain=[0, min(1.0, top)], nice=False)
    layers = [
        *_threshold(curve, theme, limits=(rows[0]["x"], rows[-1]["x"]) if rows else (0, 1)),
        {"mark": {"type": "line", "color": LOWERS_RISK, "strokeWidth": 3, "interpolate": "step-after"}},
        *_markers(curve, theme),
    ]
    return theme.chart(layers, {"x": x, "y": y}, height=CURVE_PIXELS, rows=rows)


def _markers(curve: ProbabilityCurve, theme: Theme) -> list[Spec]:
    """Mark the application the scenario started from with a hollow diamond, the scenario with a full circle."""
    marks = [
        (curve.before, dot(theme.ink, 180, shape="diamond", filled=False, strokeWidth=2)),
        (curve.here, dot(theme.ink, 130, shape="circle")),
    ]
    return [
        {"data": {"values": [{"x": curve.field.scale.show(value), "p": curve.at(value)}]}, "mark": mark}
        for value, mark in marks
        if isinstance(value, int | float) and curve.at(value) is not None
    ]


def _bars(curve: ProbabilityCurve, theme: Theme) -> Spec:
    rows = [
        {
            "p": probability,
            "text": _bar_text(curve, value, probability, theme),
            "colour": RAISES_RISK if curve.refuses(probability) else LOWERS_RISK,
        }
        for value, probability in curve.points
    ]
    rule = {
        "data": {"values": [{"p": curve.threshold}]},
        "mark": theme.dashes(),
        "encoding": {"x": {"field": "p", "type": "quantitative"}},
    }
    return theme.bars(quantity("p", theme.percent_axis("decision.axis"), zero=True), rows, rule)


def _bar_text(curve: ProbabilityCurve, value: Value, probability: float, theme: Theme) -> str:
    words = theme.words
    sign = "● " if value == curve.here else "◇ " if value == curve.before else ""
    decision = say_decision_briefly(refused=curve.refuses(probability), words=words)
    return words.pair(f"{sign}{say_value(curve.field, value, words)}", f"{words.percent(probability)}, {decision}")


def _threshold(curve: ProbabilityCurve, theme: Theme, *, limits: tuple[float, float]) -> list[Spec]:
    start, stop = limits
    low, high = curve.review_band
    band = {
        "data": {"values": [{"x": start, "stop": stop, "p": low, "high": high}]},
        "mark": {"type": "rect", "color": REVIEW, "opacity": 0.3},
        "encoding": {"x2": {"field": "stop"}, "y2": {"field": "high"}},
    }
    rule = {
        "data": {"values": [{"x": start, "stop": stop, "p": curve.threshold}]},
        "mark": theme.dashes(),
        "encoding": {"x2": {"field": "stop"}},
    }
    label = {
        "data": {"values": [{"x": start, "p": curve.threshold, "text": say_threshold(curve.threshold, theme.words)}]},
        "mark": theme.text(align="left", dx=4, dy=-8),
        "encoding": {"text": {"field": "text"}},
    }
    return [band, rule, label]


def _alternative(curve: ProbabilityCurve, theme: Theme) -> str:
    words = theme.words
    probabilities = [probability for _, probability in curve.points] or [0.0]
    now = words("what_if.curve_now", probability=words.rate(curve.at(curve.here)))
    return words(
        "what_if.curve_alt",
        label=say_label(curve.field, words),
        low=words.percent(min(probabilities)),
        high=words.percent(max(probabilities)),
        now=now,
    )
