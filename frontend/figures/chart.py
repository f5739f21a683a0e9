"""What all charts share: colours, frame, rows with their text above, numbers in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from frontend.wording.words import Words

type Spec = dict[str, Any]

# Told apart by people who see no red or no green, and 3 to 1 against both backgrounds.
LOWERS_RISK = "#2f7dc4"
RAISES_RISK = "#c8591a"
REVIEW = "#808a96"
TEXT_LIMIT_PIXELS = 330
PERCENT_FORMAT = ".2~%"
NUMBER_FORMAT = ",.3~f"
ROW: Spec = {"field": "rank", "type": "ordinal", "axis": None}
DASHES = [6, 3]


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart and its text alternative."""

    spec: Spec
    alternative: str


@dataclass(frozen=True, slots=True)
class Pen:
    """How the reader wants charts written.

    Attributes
    ----------
    ink
        Colour of the text, light on a dark page.
    paper
        Colour of the page.
    """

    words: Words
    ink: str
    paper: str

    def chart(
        self,
        layers: list[Spec],
        encoding: Spec | None = None,
        *,
        height: int | Spec,
        rows: Sequence[Mapping[str, Any]] = (),
    ) -> Spec:
        """Put layers in one chart, over `rows` or over their own data, without the frame, which says nothing."""
        axis = {"labelFontSize": 12, "titleFontSize": 13, "titleFontWeight": "normal"}
        marks = self.words.marks
        number = {"decimal": marks.decimal, "thousands": marks.thousands, "grouping": [3], "currency": ["", ""]}
        return {
            "data": {"values": [dict(row) for row in rows]},
            "layer": [_silent(layer) for layer in layers],
            "encoding": encoding or {},
            "height": height,
            "config": {
                "view": {"stroke": None},
                "axis": {**axis, "labelColor": self.ink, "titleColor": self.ink},
                "locale": {"number": {**number, "percent": marks.percent}},
            },
        }

    def row_texts(self) -> list[Spec]:
        """Write the text of each row above its bar: beside it, a phone has no room.

        What lies under the text is painted over first, so that a line through it does not strike it out.
        """
        mark = {"type": "text", "align": "left", "dy": -9, "fontSize": 13, "limit": TEXT_LIMIT_PIXELS}
        encoding = {"x": {"value": 2}, "y": ROW, "text": {"field": "text"}}
        halo = {"color": self.paper, "stroke": self.paper, "strokeWidth": 5, "strokeJoin": "round"}
        return [{"mark": {**mark, **paint}, "encoding": encoding} for paint in (halo, {"color": self.ink})]

    def intervals(self, rows: Sequence[Mapping[str, Any]], axis: Spec) -> Spec:
        """Draw rows of a ``value`` with its interval, ``low`` to ``high``, under its text."""
        x = {"field": "low", "type": "quantitative", "scale": {"zero": True}, "axis": axis}
        interval = {
            "mark": {"type": "rule", "color": self.ink, "strokeWidth": 2, "yOffset": 10},
            "encoding": {"x": x, "x2": {"field": "high"}, "y": ROW},
        }
        point = {
            "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1, "color": LOWERS_RISK, "yOffset": 10},
            "encoding": {"x": {**x, "field": "value"}, "y": ROW},
        }
        ranked = [{"rank": rank, **row} for rank, row in enumerate(rows)]
        return self.chart([interval, point, *self.row_texts()], height={"step": 44}, rows=ranked)


def _silent(layer: Spec) -> Spec:
    """Keep the marks from screen readers: the figure as a whole has its sentence."""
    return {**layer, "mark": {**layer["mark"], "aria": False}}


def axis_of(title: str | None, *, form: str, **changes: object) -> Spec:
    """Return an axis with few ticks and no grid."""
    return {"title": title, "format": form, "tickCount": 5, "grid": False, **changes}


def quantity(field: str, axis: Spec | None, **scale: object) -> Spec:
    """Return the encoding of a number."""
    return {"field": field, "type": "quantitative", "axis": axis, "scale": scale}


def at_height(height: float) -> Spec:
    """Place a mark at a height from 0, the top, to 100: pixels would not know how much the axis takes."""
    return {"datum": height, "type": "quantitative", "axis": None, "scale": {"domain": [0, 100], "reverse": True}}


def told(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the texts of rows as one sentence."""
    return " ; ".join(str(row["text"]) for row in rows)
