"""What all charts share: colours, frame, marks, rows with their text above, numbers in the reader's language."""

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
BY_ROW: Spec = {"field": "colour", "type": "nominal", "scale": None}
DASHES = [6, 3]
# Under the text of its row.
OFFSET_PIXELS = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart and its text alternative."""

    spec: Spec
    alternative: str


@dataclass(frozen=True, slots=True)
class Theme:
    """How the reader wants charts written, and the marks that are written so.

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
        layers: Sequence[Spec],
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

    def rows_chart(self, layers: Sequence[Spec], rows: Sequence[Mapping[str, Any]], *, step: int) -> Spec:
        """Draw a row of `step` pixels for each of `rows`, from the top, with its ``text`` above its marks."""
        ranked = [{"rank": rank, **row} for rank, row in enumerate(rows)]
        return self.chart([*layers, *self._row_texts()], height={"step": step}, rows=ranked)

    def bars(self, x: Spec, rows: Sequence[Mapping[str, Any]], *over: Spec) -> Spec:
        """Draw a bar for each row, in its own ``colour`` where rows have one, and further marks over the bars."""
        mark: Spec = {"type": "bar", "size": 10, "yOffset": OFFSET_PIXELS}
        encoding = {"x": x, "y": ROW}
        if any("colour" in row for row in rows):
            bars = {"mark": mark, "encoding": {**encoding, "color": BY_ROW}}
        else:
            bars = {"mark": {**mark, "color": LOWERS_RISK}, "encoding": encoding}
        return self.rows_chart([bars, *over], rows, step=38)

    def intervals(self, axis: Spec, rows: Sequence[Mapping[str, Any]]) -> Spec:
        """Draw rows of a ``value`` with its interval, ``low`` to ``high``, under its text."""
        x = {"field": "low", "type": "quantitative", "scale": {"zero": True}, "axis": axis}
        interval = {
            "mark": {"type": "rule", "color": self.ink, "strokeWidth": 2, "yOffset": OFFSET_PIXELS},
            "encoding": {"x": x, "x2": {"field": "high"}, "y": ROW},
        }
        point = {
            "mark": dot(LOWERS_RISK, 90, yOffset=OFFSET_PIXELS),
            "encoding": {"x": {**x, "field": "value"}, "y": ROW},
        }
        return self.rows_chart([interval, point], rows, step=44)

    def upright_intervals(self, y: Spec, *, size: int) -> list[Spec]:
        """Return points of a curve with their intervals, ``low`` to ``high``, along its height `y`."""
        interval = {
            "mark": {"type": "rule", "color": self.ink, "strokeWidth": 2},
            "encoding": {"y": {**y, "field": "low"}, "y2": {"field": "high"}},
        }
        return [interval, {"mark": dot(LOWERS_RISK, size)}]

    def dashes(self, width: int = 2) -> Spec:
        """Return the mark of a threshold."""
        return {"type": "rule", "color": self.ink, "strokeWidth": width, "strokeDash": DASHES}

    def text(self, **changes: object) -> Spec:
        """Return the mark of a text."""
        return {"type": "text", "fontSize": 13, "color": self.ink, **changes}

    def percent_axis(self, key: str, **changes: object) -> Spec:
        """Return an axis of shares, its title by its key in the locales."""
        return axis_of(self.words(key), form=PERCENT_FORMAT, **changes)

    def number_axis(self, key: str, **changes: object) -> Spec:
        """Return an axis of numbers, its title by its key in the locales."""
        return axis_of(self.words(key), form=NUMBER_FORMAT, **changes)

    def _row_texts(self) -> list[Spec]:
        """Write the text of each row above its bar: beside it, a phone has no room.

        What lies under the text is painted over first, so that a line through it does not strike it out.
        """
        mark = self.text(align="left", dy=-9, limit=TEXT_LIMIT_PIXELS)
        halo = {"color": self.paper, "stroke": self.paper, "strokeWidth": 5, "strokeJoin": "round"}
        encoding = {"x": {"value": 2}, "y": ROW, "text": {"field": "text"}}
        return [{"mark": {**mark, **paint}, "encoding": encoding} for paint in (halo, {})]


def _silent(layer: Spec) -> Spec:
    """Keep the marks from screen readers: the figure as a whole has its sentence."""
    return {**layer, "mark": {**layer["mark"], "aria": False}}


def axis_of(title: str | None, *, form: str, **changes: object) -> Spec:
    """Return an axis with few ticks and no grid."""
    return {"title": title, "format": form, "tickCount": 5, "grid": False, **changes}


def quantity(field: str, axis: Spec | None, **scale: object) -> Spec:
    """Return the encoding of a number."""
    return {"field": field, "type": "quantitative", "axis": axis, "scale": scale}


def dot(colour: str, size: int, **changes: object) -> Spec:
    """Return the mark of a point."""
    return {"type": "point", "filled": True, "opacity": 1, "size": size, "color": colour, **changes}


def at_height(height: float) -> Spec:
    """Place a mark at a height from 0, the top, to 100: pixels would not know how much the axis takes."""
    return {"datum": height, "type": "quantitative", "axis": None, "scale": {"domain": [0, 100], "reverse": True}}


def told(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the texts of rows as one sentence."""
    return " ; ".join(str(row["text"]) for row in rows)
