"""What the model was measured to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frontend.figures.chart import (
    LOWERS_RISK,
    NUMBER_FORMAT,
    PERCENT_FORMAT,
    ROW,
    Figure,
    Pen,
    axis_of,
    quantity,
    told,
)
from frontend.sentences.fairness import say_attribute, say_group

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

N_IMPORTANT_FEATURES = 12
CALIBRATION_PIXELS = 300


def cost_figure(quality: Mapping[str, Any], *, pen: Pen) -> Figure:
    """Draw the cost per application of the model and of the baselines, each with its interval."""
    words = pen.words
    measured = {words("model.this"): quality["cost"]}
    measured |= {words.known(f"baseline.{name}", name): estimate for name, estimate in quality["baselines"].items()}
    rows = [{"text": words.pair(name, words.fixed(cost["value"], 3)), **cost} for name, cost in measured.items()]
    axis = axis_of(words("model.cost_axis"), form=NUMBER_FORMAT)
    return Figure(pen.intervals(rows, axis), words("model.cost_alt", rows=told(rows)))


def importance_figure(labelled_shares: Sequence[tuple[str, float]], *, pen: Pen) -> Figure:
    """Draw what the model relies on most, from pairs of a label and a share of the importance."""
    strongest = sorted(labelled_shares, key=lambda pair: -pair[1])[:N_IMPORTANT_FEATURES]
    rows = [
        {"rank": rank, "importance": share, "text": f"{pen.words.percent(share)}  {label}"}
        for rank, (label, share) in enumerate(strongest)
    ]
    bars = {
        "mark": {"type": "bar", "size": 10, "yOffset": 10, "color": LOWERS_RISK},
        "encoding": {"x": {"field": "importance", "type": "quantitative", "axis": None}, "y": ROW},
    }
    alternative = pen.words("model.importance_alt", rows=told(rows))
    return Figure(pen.chart([bars, *pen.row_texts()], height={"step": 38}, rows=rows), alternative)


def calibration_figure(bins: Sequence[Mapping[str, Any]], *, pen: Pen) -> Figure:
    """Draw the observed default rate against the predicted one, with the diagonal where they are equal."""
    words = pen.words
    rows = [{"predicted": one["mean_probability"], **one["default_rate"]} for one in bins]
    end = 1.05 * max(max(row["predicted"], row["high"]) for row in rows)
    x = quantity("predicted", axis_of(words("model.calibration_x"), form=PERCENT_FORMAT), domain=[0, end], nice=False)
    y = quantity("value", axis_of(words("model.calibration_y"), form=PERCENT_FORMAT), domain=[0, end], nice=False)
    diagonal = {
        "data": {"values": [{"predicted": 0, "value": 0}, {"predicted": end, "value": end}]},
        "mark": {"type": "line", "color": pen.ink, "strokeDash": [6, 3], "strokeWidth": 1},
    }
    interval = {
        "mark": {"type": "rule", "color": pen.ink, "strokeWidth": 2},
        "encoding": {"y": {**y, "field": "low"}, "y2": {"field": "high"}},
    }
    point = {"mark": {"type": "point", "filled": True, "opacity": 1, "size": 70, "color": LOWERS_RISK}}
    inside = sum(row["low"] <= row["predicted"] <= row["high"] for row in rows)
    worst = max(rows, key=lambda row: abs(row["value"] - row["predicted"]))
    alternative = words(
        "model.calibration_alt",
        n=len(rows),
        inside=inside,
        predicted=words.percent(worst["predicted"]),
        observed=words.percent(worst["value"]),
    )
    spec = pen.chart([diagonal, interval, point], {"x": x, "y": y}, height=CALIBRATION_PIXELS, rows=rows)
    return Figure(spec, alternative)


def fairness_figure(attribute: Mapping[str, Any], *, pen: Pen) -> Figure:
    """Draw the refusal rate of each group, with its interval."""
    words = pen.words
    rates = [(say_group(group, words), group["refusal_rate"]) for group in attribute["groups"]]
    rows = [{"text": words.pair(name, words.percent(rate["value"])), **rate} for name, rate in rates]
    axis = axis_of(words("model.refusal_rate"), form=PERCENT_FORMAT)
    alternative = words("model.fairness_alt", label=say_attribute(attribute, words), rows=told(rows))
    return Figure(pen.intervals(rows, axis), alternative)
