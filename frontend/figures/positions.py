"""Where an application stands among the reference applications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frontend.figures.chart import LOWERS_RISK, OFFSET_PIXELS, REVIEW, ROW, Figure, dot, quantity, told
from frontend.sentences.positions import say_position, shown_rank

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frontend.applications.form import Form
    from frontend.applications.reference import Position
    from frontend.figures.chart import Spec, Theme


def position_figure(positions: Sequence[Position], form: Form, *, theme: Theme) -> Figure:
    """Draw where each value stands: a mark between the lowest and the highest, or a bar as long as its share."""
    words = theme.words
    ends = {"zero": 0, "low": 0.25, "high": 0.75, "one": 1}
    rows = [
        {"text": say_position(one, form, words), "at": shown_rank(one, form), "same": one.same, **ends}
        for one in positions
    ]
    x = quantity("zero", theme.percent_axis("decision.position_axis"), domain=[0, 1])
    diamond = {
        "mark": dot(theme.ink, 150, shape="diamond", yOffset=OFFSET_PIXELS),
        "encoding": {"x": {**x, "field": "at"}, "y": ROW},
    }
    layers = [
        _where("at", _band(x, "one", color=REVIEW, opacity=0.25)),
        _where("at", _band({**x, "field": "low"}, "high", color=REVIEW, opacity=0.6)),
        _where("at", diamond),
        _where("same", _band(x, "same", color=LOWERS_RISK)),
    ]
    return Figure(theme.rows_chart(layers, rows, step=42), words("decision.position_alt", rows=told(rows)))


def _where(field: str, layer: Spec) -> Spec:
    """Draw a layer for the rows that have a field."""
    return {"transform": [{"filter": f"isValid(datum.{field})"}], **layer}


def _band(x: Spec, stop: str, **changes: object) -> Spec:
    mark = {"type": "bar", "size": 12, "yOffset": OFFSET_PIXELS, **changes}
    return {"mark": mark, "encoding": {"x": x, "x2": {"field": stop}, "y": ROW}}
