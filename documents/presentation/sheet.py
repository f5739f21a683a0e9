"""One slide: a title that says what there is to see, what shows it, its source, and the notes of the speaker."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches, Pt

from documents.presentation import fit, style
from documents.presentation.style import Box
from scoring.numerals import NARROW_SPACE, NO_BREAK_SPACE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pptx.presentation import Presentation

BLANK_LAYOUT = 6
AFTER_POINTS = 7
INSET = 0.05
CELL_INSET = 0.07
TOLERANCE = 0.01
ARROW = 0.3
LONGEST_FIGURE = 26
FRENCH_SPACE = re.compile(r" (?=[;:?!»×])|(?<=«) ")
type Part = tuple[float, float, float, float]
"""Shares of a picture that are left out: left, top, right, bottom."""
WHOLE: Part = (0.0, 0.0, 0.0, 0.0)


def emu(box: Box) -> tuple[Any, Any, Any, Any]:
    """Return a box as python-pptx takes it."""
    return Inches(box.left), Inches(box.top), Inches(box.width), Inches(box.height)


class Sheet:
    """A slide being made.

    Parameters
    ----------
    source
        Where the figures come from, shown in small letters.
    notes
        What the speaker says: why each choice was made.
    """

    def __init__(self, deck: Presentation, title: str, *, source: str, notes: str) -> None:
        self.slide = deck.slides.add_slide(deck.slide_layouts[BLANK_LAYOUT])
        self.number = len(deck.slides)
        self.text([title], style.TITLE, sizes=[style.TITLE_POINTS], bold=True, anchor=MSO_ANCHOR.MIDDLE)
        self.panel(Box(style.MARGIN, 1.42, 1.2, 0.05), style.ORANGE)
        self.text([source], style.FOOTER, sizes=[style.SOURCE_POINTS], colour=style.SOFT)
        self.text(
            [str(self.number)], style.NUMBER, sizes=[style.SOURCE_POINTS], colour=style.SOFT, align=PP_ALIGN.RIGHT
        )
        frame = self.slide.notes_slide.notes_text_frame
        if frame is not None:
            frame.text = with_fixed_spaces(notes)

    def text(
        self,
        lines: Sequence[str],
        box: Box,
        *,
        sizes: Sequence[float] = style.TEXT_POINTS,
        bold: bool = False,
        colour: Any = style.INK,  # noqa: ANN401  python-pptx has one colour type for all
        align: Any = PP_ALIGN.LEFT,  # noqa: ANN401
        anchor: Any = MSO_ANCHOR.TOP,  # noqa: ANN401
    ) -> None:
        """Write lines, one paragraph each, in the largest size that fits.

        Raises
        ------
        ValueError
            When none does.
        """
        spaced = [with_fixed_spaces(line) for line in lines]
        points = self._size(sizes, lambda size: _fits(spaced, box, size, bold=bold), lines[0])
        frame = self.slide.shapes.add_textbox(*emu(box)).text_frame
        frame.word_wrap = True
        frame.vertical_anchor = anchor
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Inches(INSET)
        for index, line in enumerate(spaced):
            paragraph = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
            paragraph.alignment = align
            paragraph.space_after = Pt(AFTER_POINTS if len(lines) > 1 else 0)
            _letters(paragraph.add_run(), line, points, bold=bold, colour=colour)

    def _size(self, sizes: Sequence[float], fits: Callable[[float], bool], what: str) -> float:
        """Return the largest size that fits."""
        for size in sizes:
            if fits(size):
                return size
        raise ValueError(f"slide {self.number}: {what[:40]!r} does not fit at {min(sizes)} points")

    def bullets(self, lines: Sequence[str], box: Box) -> None:
        """Write lines behind dashes."""
        self.text([f"–{NO_BREAK_SPACE}{line}" for line in lines], box)

    def panel(self, box: Box, colour: Any) -> None:  # noqa: ANN401
        """Draw a filled rectangle."""
        shape = self.slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *emu(box))
        shape.fill.solid()
        shape.fill.fore_color.rgb = colour
        shape.line.fill.background()
        shape.shadow.inherit = False

    def cards(self, cards: Sequence[tuple[str, str]], boxes: Sequence[Box]) -> None:
        """Draw pale panels with a heading and a sentence each, all in the same size."""
        spaced = [(with_fixed_spaces(heading), with_fixed_spaces(line)) for heading, line in cards]
        pairs = list(zip(spaced, boxes, strict=True))
        size = self._size(style.TEXT_POINTS, lambda size: all(_card_fits(*one, size) for one in pairs), cards[0][0])
        for (heading, line), box in pairs:
            self.panel(box, style.PALE)
            top, rest = _card_parts(heading, box, size)
            self.text([heading], top, sizes=[size], bold=True, colour=style.BLUE)
            self.text([line], rest, sizes=[size])

    def figure(self, value: str, meaning: str, box: Box) -> None:
        """Show one number large, and what it is."""
        self.panel(box, style.PALE)
        inner = Box(box.left + 0.1, box.top + 0.05, box.width - 0.2, box.height - 0.1)
        number, words = inner.rows(1.15, 1, gap=0)
        self.text(
            [value], number, sizes=style.FIGURE_POINTS, bold=True, colour=style.BLUE, align=PP_ALIGN.CENTER,
            anchor=MSO_ANCHOR.BOTTOM,
        )  # fmt: skip
        self.text([meaning], words, sizes=style.TEXT_POINTS[2:], align=PP_ALIGN.CENTER)

    def chain(self, steps: Sequence[tuple[str, str]], box: Box) -> None:
        """Draw cards from left to right, an arrow between two."""
        places = box.columns(*[1] * len(steps), gap=ARROW + 0.1)
        self.cards(steps, places)
        for place in places[1:]:
            self._arrow(Box(place.left - ARROW - 0.05, place.top + (place.height - ARROW) / 2, ARROW, ARROW))

    def _arrow(self, box: Box) -> None:
        shape = self.slide.shapes.add_shape(MSO_SHAPE.RIGHT_ARROW, *emu(box))
        shape.fill.solid()
        shape.fill.fore_color.rgb = style.GREY
        shape.line.fill.background()

    def picture(self, image: Path | BytesIO, box: Box, description: str, *, part: Part = WHOLE) -> None:
        """Put a picture, or a part of it, into a box, as large as it goes without being stretched."""
        picture = self.slide.shapes.add_picture(image if isinstance(image, BytesIO) else str(image), 0, 0)
        picture.crop_left, picture.crop_top, picture.crop_right, picture.crop_bottom = part
        width = picture.width * (1 - part[0] - part[2])
        height = picture.height * (1 - part[1] - part[3])
        scale = min(Inches(box.width) / width, Inches(box.height) / height)
        picture.width, picture.height = int(width * scale), int(height * scale)
        picture.left = Inches(box.left) + (Inches(box.width) - picture.width) // 2
        picture.top = Inches(box.top) + (Inches(box.height) - picture.height) // 2
        picture.name = description

    def table(
        self, header: Sequence[str], rows: Sequence[Sequence[str]], box: Box, *, widths: Sequence[float] = ()
    ) -> None:
        """Write a table in the largest size that fits; a column of numbers stands to the right.

        Raises
        ------
        ValueError
            When it is higher than the box.
        """
        lines = [[with_fixed_spaces(cell) for cell in row] for row in (header, *rows)]
        cut = box.columns(*(widths or [1] * len(header)), gap=0)
        size = self._size(style.TEXT_POINTS, lambda size: _table_fits(lines, cut, box, size), header[0])
        heights = _row_heights(lines, cut, size)
        place = Box(box.left, box.top, box.width, sum(heights))
        table = self.slide.shapes.add_table(len(lines), len(header), *emu(place)).table
        for index, column in enumerate(cut):
            table.columns[index].width = Inches(column.width)
        numeric = [all(_is_number(row[place]) for row in lines[1:]) for place in range(len(header))]
        for index, row in enumerate(lines):
            table.rows[index].height = Inches(heights[index])
            for place_in_row, text in enumerate(row):
                align = PP_ALIGN.RIGHT if numeric[place_in_row] else PP_ALIGN.LEFT
                _fill_cell(table.cell(index, place_in_row), text, size, head=index == 0, align=align)


def with_fixed_spaces(text: str) -> str:
    r"""Return a text whose spaces before French punctuation do not break.

    >>> with_fixed_spaces("pourquoi ?")
    'pourquoi\xa0?'
    """
    return FRENCH_SPACE.sub(NO_BREAK_SPACE, text)


def _fits(lines: Sequence[str], box: Box, points: float, *, bold: bool) -> bool:
    paragraphs = [(line, points, bold) for line in lines]
    after = AFTER_POINTS if len(lines) > 1 else 0
    height = fit.text_height(paragraphs, box.width - 2 * INSET, after=after) + 2 * INSET
    return height <= box.height + TOLERANCE and fit.widest_word(paragraphs) <= box.width - 2 * INSET


def _card_parts(heading: str, box: Box, points: float) -> tuple[Box, Box]:
    """Return where the heading and the sentence of a card stand."""
    inner = Box(box.left + 0.1, box.top + 0.06, box.width - 0.2, box.height - 0.12)
    height = fit.text_height([(heading, points, True)], inner.width - 2 * INSET) + 2 * INSET
    top = Box(inner.left, inner.top, inner.width, height)
    return top, Box(inner.left, inner.top + height, inner.width, inner.height - height)


def _card_fits(card: tuple[str, str], box: Box, points: float) -> bool:
    top, rest = _card_parts(card[0], box, points)
    return _fits([card[0]], top, points, bold=True) and _fits([card[1]], rest, points, bold=False)


def _row_heights(lines: Sequence[Sequence[str]], columns: Sequence[Box], points: float) -> list[float]:
    return [_row_height(row, columns, points, bold=index == 0) for index, row in enumerate(lines)]


def _row_height(row: Sequence[str], columns: Sequence[Box], points: float, *, bold: bool) -> float:
    highest = max(
        fit.text_height([(text, points, bold)], column.width - 2 * CELL_INSET)
        for text, column in zip(row, columns, strict=True)
    )
    return highest + 2 * CELL_INSET


def _table_fits(lines: Sequence[Sequence[str]], columns: Sequence[Box], box: Box, points: float) -> bool:
    narrow = any(
        fit.widest_word([(text, points, index == 0)]) > column.width - 2 * CELL_INSET
        for index, row in enumerate(lines)
        for text, column in zip(row, columns, strict=True)
    )
    return not narrow and sum(_row_heights(lines, columns, points)) <= box.height + TOLERANCE


def _is_number(text: str) -> bool:
    """Say whether a cell is a figure with its unit or interval, or empty."""
    return not text or (
        text.removeprefix("au moins ").removeprefix("au plus ").lstrip("-–[(").replace(NARROW_SPACE, "")[:1].isdigit()
        and len(text) < LONGEST_FIGURE
    )


def _fill_cell(cell: Any, text: str, points: float, *, head: bool, align: Any) -> None:  # noqa: ANN401
    cell.margin_left = cell.margin_right = cell.margin_top = cell.margin_bottom = Inches(CELL_INSET)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.solid()
    cell.fill.fore_color.rgb = style.BLUE if head else style.WHITE
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = align
    _letters(paragraph.add_run(), text, points, bold=head, colour=style.WHITE if head else style.INK)


def _letters(run: Any, text: str, points: float, *, bold: bool, colour: Any) -> None:  # noqa: ANN401
    run.text = text
    run.font.name, run.font.size, run.font.bold = style.FONT, Pt(points), bold
    run.font.color.rgb = colour
