"""The probability against the threshold, alone and among many."""

from __future__ import annotations

from itertools import pairwise
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
    width = threshold / _BARS_BELOW_THRESHOLD
    n_bars = min(_MOST_BARS, int(max(probabilities) / width) + 1)
    counts = [0] * n_bars
    for probability in probabilities:
        # Dividing may round a probability at the threshold to the bar before it.
        below = probability < threshold
        bar = min(int(probability / width), n_bars - 1)
        counts[min(bar, _BARS_BELOW_THRESHOLD - 1) if below else max(bar, min(_BARS_BELOW_THRESHOLD, n_bars - 1))] += 1
    edges = [rank * width for rank in range(n_bars)] + [max(n_bars * width, *probabilities)]
    return [{"start": start, "stop": stop, "n": n} for (start, stop), n in zip(pairwise(edges), counts, strict=True)]


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
