"""What refusing at a threshold costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frontend.applications.simulator import HIGHEST_THRESHOLD
from frontend.figures.chart import LOWERS_RISK, RAISES_RISK, REVIEW, Figure, dot, quantity, told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from frontend.applications.simulator import SimulatedPolicy
    from frontend.figures.chart import Spec, Theme

CURVE_PIXELS = 280


def cost_curve(
    policies: Sequence[SimulatedPolicy],
    measured: Sequence[Mapping[str, Any]],
    *,
    chosen: SimulatedPolicy,
    best: SimulatedPolicy,
    theme: Theme,
) -> Figure:
    """Draw the cost along the threshold, the least and the simulated one marked.

    Parameters
    ----------
    measured
        Policies of the evidence, whose intervals are drawn as a band; empty where they belong to other costs.
    """
    words = theme.words
    rows = [{"t": one.threshold, "cost": one.cost} for one in policies if one.threshold <= HIGHEST_THRESHOLD]
    band_rows = [
        {"t": one["threshold"], "cost": one["cost"]["low"], "high": one["cost"]["high"]}
        for one in measured
        if one["threshold"] <= HIGHEST_THRESHOLD
    ]
    x = quantity("t", theme.percent_axis("policy.curve_x"), nice=False, zero=True)
    y = quantity("cost", theme.number_axis("policy.cost"), zero=True)
    layers: list[Spec] = [
        {
            "data": {"values": band_rows},
            "mark": {"type": "area", "color": REVIEW, "opacity": 0.3},
            "encoding": {"y2": {"field": "high"}},
        },
        {"mark": {"type": "line", "color": LOWERS_RISK, "strokeWidth": 3}},
        {"data": {"values": [{"t": chosen.threshold}]}, "mark": theme.dashes(), "encoding": {"y": None}},
        _mark(best, "diamond", RAISES_RISK),
        _mark(chosen, "circle", theme.ink),
    ]
    alternative = words(
        "policy.curve_alt",
        cost=words.fixed(best.cost, 3),
        best=words.percent(best.threshold),
        now=words.fixed(chosen.cost, 3),
        threshold=words.percent(chosen.threshold),
    )
    return Figure(theme.chart(layers, {"x": x, "y": y}, height=CURVE_PIXELS, rows=rows), alternative)


def segment_figure(segments: Sequence[tuple[str, SimulatedPolicy]], label: str, *, theme: Theme) -> Figure:
    """Draw the refusal rate of each segment."""
    words = theme.words
    rows = [
        {"rate": one.refusal_rate, "text": words.pair(name, words.percent(one.refusal_rate))} for name, one in segments
    ]
    x = quantity("rate", theme.percent_axis("policy.refusal"), zero=True)
    return Figure(theme.bars(x, rows), words("policy.segment_alt", label=label, rows=told(rows)))


def sensitivity_figure(ratios: Sequence[Mapping[str, Any]], threshold: float, *, theme: Theme) -> Figure:
    """Draw the threshold each cost ratio asks for, with its interval, and the one in force."""
    words = theme.words
    rows = [
        {"ratio": one["ratio"], "t": one["threshold"], "low": one["threshold_interval"][0]}
        | {"high": one["threshold_interval"][1]}
        for one in ratios
    ]
    axis = theme.number_axis("policy.sensitivity_x", values=[row["ratio"] for row in rows])
    x = {**quantity("ratio", axis), "scale": {"type": "log", "nice": False}}
    y = quantity("t", theme.percent_axis("policy.sensitivity_y"), zero=True)
    in_force = {
        "data": {"values": [{"t": threshold}]},
        "mark": theme.dashes(1),
        "encoding": {"x": None, "y": {"field": "t", "type": "quantitative"}},
    }
    layers = [*theme.upright_intervals(y, size=80), in_force]
    text = [{"text": f"{words.number(row['ratio'])} → {words.percent(row['t'])}"} for row in rows]
    alternative = words("policy.sensitivity_alt", rows=told(text))
    return Figure(theme.chart(layers, {"x": x, "y": y}, height=CURVE_PIXELS, rows=rows), alternative)


def _mark(policy: SimulatedPolicy, shape: str, colour: str) -> Spec:
    return {
        "data": {"values": [{"t": policy.threshold, "cost": policy.cost}]},
        "mark": dot(colour, 150, shape=shape),
    }
