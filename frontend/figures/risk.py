"""The probability against the threshold, alone and among many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frontend.figures.chart import LOWERS_RISK, RAISES_RISK, REVIEW, Figure, at_height, quantity
from frontend.sentences.decisions import say_probability

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frontend.api.answers import Answer
    from frontend.figures.chart import Spec, Theme

GAUGE_PIXELS = 165
HISTOGRAM_PIXELS = 230
# The threshold is an edge of the histogram: no bar holds accepted and refused applications.
_BARS_BELOW_THRESHOLD = 8
_MOST_BARS = 40


def gauge(answer: Answer, review_band: Sequence[float], *, theme: Theme) -> Figure:
    """Draw the probability as a bar from zero, with the threshold it is compared to."""
    words = theme.words
    probability, threshold = answer.default_probability, answer.threshold
    end = min(1.0, max(3 * threshold, 1.25 * probability))
    shown, shown_threshold = words.percents_apart(probability, threshold)
    layers = [
        _span(0, threshold, 30, 95, {"color": LOWERS_RISK, "opacity": 0.10}),
        _span(threshold, end, 30, 95, {"color": RAISES_RISK, "opacity": 0.10}),
        _span(review_band[0], review_band[1], 30, 95, {"color": REVIEW, "opacity": 0.35}),
        _span(0, probability, 55, 82, {"color": RAISES_RISK if answer.refused else LOWERS_RISK}),
        _span(threshold, threshold, 20, 100, theme.dashes(3)),
        _label(threshold, words("decision.threshold", threshold=shown_threshold), 11, theme.text()),
        _label(threshold, words("decision.accept_side"), 43, theme.text(align="right", dx=-8)),
        _label(threshold, words("decision.refuse_side"), 43, theme.text(align="left", dx=8)),
        _label(probability, shown, 69, theme.text(align="left", dx=7, fontWeight="bold")),
    ]
    x = quantity("start", theme.percent_axis("decision.axis", tickCount=6), domain=[0, end], nice=False)
    return Figure(theme.chart(layers, {"x": x}, height=GAUGE_PIXELS), say_probability(answer, words))


def histogram(probabilities: Sequence[float], threshold: float, *, theme: Theme) -> Figure:
    """Draw how many applications have which probability, on both sides of the threshold."""
    words = theme.words
    rows = _bars(probabilities, threshold)
    colour = {
        "condition": {"test": f"datum.start < {threshold!r} - 1e-12", "value": LOWERS_RISK},
        "value": RAISES_RISK,
    }
    x = quantity("start", theme.percent_axis("decision.axis"), nice=False)
    y_axis = theme.number_axis("batch.distribution_y", tickMinStep=1)
    ends = {"x": x, "x2": {"field": "stop"}, "y": quantity("n", y_axis), "y2": {"datum": 0}}
    bars = {"mark": {"type": "rect"}, "encoding": {**ends, "color": colour}}
    layers = [bars, *_threshold_marks(threshold, theme)]
    refused = sum(one >= threshold for one in probabilities) / len(probabilities)
    alternative = words(
        "batch.distribution_alt",
        n=words.number(len(probabilities)),
        median=words.percent(sorted(probabilities)[len(probabilities) // 2]),
        refused=words.percent(refused),
        threshold=words.percent(threshold),
    )
    return Figure(theme.chart(layers, height=HISTOGRAM_PIXELS, rows=rows), alternative)


def _bars(probabilities: Sequence[float], threshold: float) -> list[Spec]:
    """Return equal bars; the threshold is the edge of one, so that none holds accepted and refused applications."""
    highest = max(*probabilities, threshold) if probabilities else threshold
    below = next((n for n in range(_BARS_BELOW_THRESHOLD, 1, -1) if highest * n / threshold < _MOST_BARS), 1)
    width = threshold / below
    counts = [0] * (int(highest / width) + 1)
    for probability in probabilities:
        bar = int(probability / width)
        # Dividing may round a probability at the threshold to the bar before it.
        counts[min(bar, below - 1) if probability < threshold else max(bar, below)] += 1
    return [{"start": rank * width, "stop": (rank + 1) * width, "n": n} for rank, n in enumerate(counts)]


def _threshold_marks(threshold: float, theme: Theme) -> list[Spec]:
    x = {"datum": threshold, "type": "quantitative"}
    sides: list[tuple[str, Spec]] = [
        ("decision.accept_side", {"align": "right", "dx": -6}),
        ("decision.refuse_side", {"align": "left", "dx": 6}),
    ]
    texts = [
        {
            "data": {"values": [{}]},
            "mark": theme.text(baseline="top", **place),
            "encoding": {"x": x, "y": {"value": 2}, "text": {"value": theme.words(side)}},
        }
        for side, place in sides
    ]
    return [{"mark": theme.dashes(3), "encoding": {"x": x}}, *texts]


def _span(start: float, stop: float, top: int, bottom: int, mark: Spec) -> Spec:
    """Return a rectangle between two probabilities and two heights."""
    encoding: Spec = {"y": at_height(top), "y2": {"datum": bottom}}
    if mark.get("type") != "rule":
        encoding["x2"] = {"field": "stop"}
    return {
        "data": {"values": [{"start": start, "stop": stop}]},
        "mark": {"type": "rect", **mark},
        "encoding": encoding,
    }


def _label(at: float, text: str, height: int, mark: Spec) -> Spec:
    """Return a text at a probability and a height."""
    return {
        "data": {"values": [{"start": at, "text": text}]},
        "mark": mark,
        "encoding": {"y": at_height(height), "text": {"field": "text"}},
    }
