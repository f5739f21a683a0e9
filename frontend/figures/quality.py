"""What the model was measured to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frontend.figures.chart import DASHES, Figure, quantity, told
from frontend.sentences.fairness import say_attribute, say_group

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from frontend.figures.chart import Theme

N_IMPORTANT_FEATURES = 12
CALIBRATION_PIXELS = 300


def cost_figure(quality: Mapping[str, Any], *, theme: Theme) -> Figure:
    """Draw the cost per application of the model and of the baselines, each with its interval."""
    words = theme.words
    measured = {words("model.this"): quality["cost"]}
    measured |= {words.known(f"baseline.{name}", name): estimate for name, estimate in quality["baselines"].items()}
    rows = [{"text": words.pair(name, words.fixed(cost["value"], 3)), **cost} for name, cost in measured.items()]
    axis = theme.number_axis("model.cost_axis")
    return Figure(theme.intervals(axis, rows), words("model.cost_alt", rows=told(rows)))


def importance_figure(labelled_shares: Sequence[tuple[str, float]], *, theme: Theme) -> Figure:
    """Draw what the model relies on most, from pairs of a label and a share of the importance."""
    strongest = sorted(labelled_shares, key=lambda pair: -pair[1])[:N_IMPORTANT_FEATURES]
    rows = [{"importance": share, "text": f"{theme.words.percent(share)}  {label}"} for label, share in strongest]
    x = {"field": "importance", "type": "quantitative", "axis": None}
    return Figure(theme.bars(x, rows), theme.words("model.importance_alt", rows=told(rows)))


def calibration_figure(bins: Sequence[Mapping[str, Any]], *, theme: Theme) -> Figure:
    """Draw the observed default rate against the predicted one, with the diagonal where they are equal."""
    words = theme.words
    rows = [{"predicted": one["mean_probability"], **one["default_rate"]} for one in bins]
    end = 1.05 * max(max(row["predicted"], row["high"]) for row in rows)
    x = quantity("predicted", theme.percent_axis("model.calibration_x"), domain=[0, end], nice=False)
    y = quantity("value", theme.percent_axis("model.calibration_y"), domain=[0, end], nice=False)
    diagonal = {
        "data": {"values": [{"predicted": 0, "value": 0}, {"predicted": end, "value": end}]},
        "mark": {"type": "line", "color": theme.ink, "strokeDash": DASHES, "strokeWidth": 1},
    }
    inside = sum(row["low"] <= row["predicted"] <= row["high"] for row in rows)
    worst = max(rows, key=lambda row: abs(row["value"] - row["predicted"]))
    alternative = words(
        "model.calibration_alt",
        n=words.number(len(rows)),
        inside=words.number(inside),
        predicted=words.percent(worst["predicted"]),
        observed=words.percent(worst["value"]),
    )
    layers = [diagonal, *theme.upright_intervals(y, size=70)]
    return Figure(theme.chart(layers, {"x": x, "y": y}, height=CALIBRATION_PIXELS, rows=rows), alternative)


def fairness_figure(attribute: Mapping[str, Any], *, theme: Theme) -> Figure:
    """Draw the refusal rate of each group, with its interval."""
    words = theme.words
    rates = [(say_group(group, words), group["refusal_rate"]) for group in attribute["groups"]]
    rows = [{"text": words.pair(name, words.percent(rate["value"])), **rate} for name, rate in rates]
    alternative = words("model.fairness_alt", label=say_attribute(attribute, words), rows=told(rows))
    return Figure(theme.intervals(theme.percent_axis("model.refusal_rate"), rows), alternative)
