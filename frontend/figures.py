"""Charts that read without colour: every bar carries its text, and each has a sentence for who cannot see it.

They are Vega-Lite specifications, which is what Streamlit draws: plain data, with no library between.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from frontend.numerals import say_fixed, say_percent, telling_decimals
from frontend.wording import BASELINES, say_comparison, say_reason_heading, say_reasons

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from frontend.answers import Answer, Reason

type Spec = dict[str, Any]

# Told apart by people who see no red or no green, and 3 to 1 against both backgrounds.
LOWERS_RISK = "#2f7dc4"
RAISES_RISK = "#c8591a"
REVIEW = "#808a96"
N_IMPORTANT_FEATURES = 12
RISK_PIXELS = 165
_PERCENT_TICK = "replace(format(datum.value * 100, '.3~f'), '.', ',') + ' %'"
_COMMA_TICK = "replace(format(datum.value, '.3~f'), '.', ',')"
_TEXT_LIMIT_PIXELS = 330
_ROW: Spec = {"field": "rank", "type": "ordinal", "axis": None}


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart and its text alternative."""

    spec: Spec
    alternative: str


def risk_figure(answer: Answer, review_band: Sequence[float], *, ink: str) -> Figure:
    """Draw the probability as a bar from zero, with the threshold it is compared to.

    Parameters
    ----------
    ink
        Colour of the text, light on a dark page.
    """
    probability, threshold = answer.default_probability, answer.threshold
    end = min(1.0, max(3 * threshold, 1.25 * probability))
    decimals = telling_decimals(probability, threshold)
    layers = [
        _span(0, threshold, 30, 95, {"color": LOWERS_RISK, "opacity": 0.10}),
        _span(threshold, end, 30, 95, {"color": RAISES_RISK, "opacity": 0.10}),
        _span(review_band[0], review_band[1], 30, 95, {"color": REVIEW, "opacity": 0.35}),
        _span(0, probability, 55, 82, {"color": RAISES_RISK if answer.refused else LOWERS_RISK}),
        _span(threshold, threshold, 20, 100, {"type": "rule", "color": ink, "strokeWidth": 3, "strokeDash": [6, 3]}),
        _label(threshold, f"seuil {say_percent(threshold, decimals)}", 11, {"color": ink}),
        _label(threshold, "accepté ◀", 43, {"color": ink, "align": "right", "dx": -8}),
        _label(threshold, "▶ refusé", 43, {"color": ink, "align": "left", "dx": 8}),
        _label(
            probability,
            say_percent(probability, decimals),
            69,
            {"color": ink, "align": "left", "dx": 7, "fontWeight": "bold"},
        ),
    ]
    axis = {"labelExpr": _PERCENT_TICK, "title": "Probabilité de défaut", "grid": False, "tickCount": 6}
    x = {"field": "start", "type": "quantitative", "scale": {"domain": [0, end], "nice": False}, "axis": axis}
    return Figure(_spec(layers, {"x": x}, ink, height=RISK_PIXELS), say_comparison(answer))


def reasons_figure(reasons: Sequence[Reason], *, ink: str) -> Figure:
    """Draw each reason as a bar to the right (raises the risk) or to the left (lowers it), its text above."""
    rows = [
        {
            "rank": rank,
            "contribution": one.contribution,
            "text": say_reason_heading(one),
            "colour": RAISES_RISK if one.raises_risk else LOWERS_RISK,
        }
        for rank, one in enumerate(reasons)
    ]
    reach = 1.05 * max((abs(one.contribution) for one in reasons), default=1.0)
    title = "◀ diminue le risque · augmente le risque ▶"
    axis = {"labelExpr": _COMMA_TICK, "title": title, "tickCount": 5}
    x = {"field": "contribution", "type": "quantitative", "scale": {"domain": [-reach, reach]}, "axis": axis}
    colour = {"field": "colour", "type": "nominal", "scale": None}
    bars = {
        "mark": {"type": "bar", "size": 14, "yOffset": 11},
        "encoding": {"x": x, "y": _ROW, "color": colour},
    }
    return Figure(_spec([bars, _row_texts(ink)], {}, ink, rows=rows, height={"step": 46}), say_reasons(reasons))


def cost_figure(quality: Mapping[str, Any], *, ink: str) -> Figure:
    """Draw the cost per application of the model and of the baselines, each with its interval."""
    measured = {"Ce modèle": quality["cost"]}
    measured |= {BASELINES.get(name, name): estimate for name, estimate in quality["baselines"].items()}
    rows = [
        {"rank": rank, "text": f"{name} : {say_fixed(cost['value'], 3)}", **cost}
        for rank, (name, cost) in enumerate(measured.items())
    ]
    axis = {"labelExpr": _COMMA_TICK, "title": "Coût par dossier, intervalle à 95 %", "tickCount": 5}
    x = {"field": "low", "type": "quantitative", "scale": {"zero": True}, "axis": axis}
    interval = {
        "mark": {"type": "rule", "color": ink, "strokeWidth": 2, "yOffset": 10},
        "encoding": {"x": x, "x2": {"field": "high"}, "y": _ROW},
    }
    point = {
        "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1, "color": LOWERS_RISK, "yOffset": 10},
        "encoding": {"x": {**x, "field": "value"}, "y": _ROW},
    }
    told = " ; ".join(str(row["text"]) for row in rows)
    return Figure(
        _spec([interval, point, _row_texts(ink)], {}, ink, rows=rows, height={"step": 44}), f"Coût par dossier. {told}."
    )


def importance_figure(labelled_shares: Sequence[tuple[str, float]], *, ink: str) -> Figure:
    """Draw what the model relies on most, from pairs of a label and a share of the importance."""
    strongest = sorted(labelled_shares, key=lambda pair: -pair[1])[:N_IMPORTANT_FEATURES]
    rows = [
        {"rank": rank, "importance": share, "text": f"{say_percent(share)}  {label}"}
        for rank, (label, share) in enumerate(strongest)
    ]
    bars = {
        "mark": {"type": "bar", "size": 10, "yOffset": 10, "color": LOWERS_RISK},
        "encoding": {"x": {"field": "importance", "type": "quantitative", "axis": None}, "y": _ROW},
    }
    told = " ; ".join(str(row["text"]) for row in rows)
    alternative = f"Variables qui comptent le plus, en part de l’importance : {told}."
    return Figure(_spec([bars, _row_texts(ink)], {}, ink, rows=rows, height={"step": 38}), alternative)


def _spec(
    layers: list[Spec], encoding: Spec, ink: str, *, height: int | Spec, rows: Sequence[Mapping[str, Any]] = ()
) -> Spec:
    """Put layers in one chart, over `rows` or over their own data, without the frame, which says nothing."""
    axis = {"labelColor": ink, "titleColor": ink, "labelFontSize": 12, "titleFontSize": 13, "titleFontWeight": "normal"}
    return {
        "data": {"values": [dict(row) for row in rows]},
        "layer": layers,
        "encoding": encoding,
        "height": height,
        "config": {"view": {"stroke": None}, "axis": axis},
    }


def _at(height: float) -> Spec:
    """Place a mark at a height from 0, the top, to 100: pixels would not know how much the axis takes."""
    return {"datum": height, "type": "quantitative", "axis": None, "scale": {"domain": [0, 100], "reverse": True}}


def _span(start: float, stop: float, top: int, bottom: int, mark: Spec) -> Spec:
    """Return a rectangle between two probabilities and two heights."""
    encoding: Spec = {"y": _at(top), "y2": {"datum": bottom}}
    if mark.get("type") != "rule":
        encoding["x2"] = {"field": "stop"}
    return {
        "data": {"values": [{"start": start, "stop": stop}]},
        "mark": {"type": "rect", **mark},
        "encoding": encoding,
    }


def _label(at: float, text: str, height: int, mark: Spec) -> Spec:
    return {
        "data": {"values": [{"start": at, "text": text}]},
        "mark": {"type": "text", "fontSize": 13, **mark},
        "encoding": {"y": _at(height), "text": {"field": "text"}},
    }


def _row_texts(ink: str) -> Spec:
    """Write the text of each row above its bar: beside it, a phone has no room."""
    return {
        "mark": {"type": "text", "align": "left", "dy": -9, "fontSize": 13, "color": ink, "limit": _TEXT_LIMIT_PIXELS},
        "encoding": {"x": {"value": 2}, "y": _ROW, "text": {"field": "text"}},
    }
