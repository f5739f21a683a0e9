"""How much room a text takes, so that no box of a slide overflows.

Measured with DejaVu Sans, which is wider than Arial: what fits here fits there.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
from PIL import ImageFont

if TYPE_CHECKING:
    from collections.abc import Sequence

# DejaVu Sans is a good eighth wider than Arial on French text; the rest of the difference is the reserve.
NARROWER = 0.93
LINE_HEIGHT = 1.2
POINTS_PER_INCH = 72
# Fonts are measured large and scaled, so that rounding to whole pixels does not matter.
_MEASURED_AT = 100

type Paragraph = tuple[str, float, bool]
"""Text, size in points, whether it is bold."""


@cache
def _font(*, bold: bool) -> ImageFont.FreeTypeFont:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(str(Path(mpl.get_data_path()) / "fonts" / "ttf" / name), _MEASURED_AT)


def text_width(text: str, points: float, *, bold: bool = False) -> float:
    """Return the width of a line in inches."""
    return _font(bold=bold).getlength(text) / _MEASURED_AT * points / POINTS_PER_INCH * NARROWER


def n_lines(text: str, width: float, points: float, *, bold: bool = False) -> int:
    """Return the lines that a paragraph takes when it is broken at its ordinary spaces.

    >>> n_lines("un deux trois", 100.0, 20), n_lines("un deux trois", 0.7, 20)
    (1, 3)
    """
    lines, current = 1, ""
    for word in text.split(" "):
        longer = f"{current} {word}" if current else word
        if current and text_width(longer, points, bold=bold) > width:
            lines, current = lines + 1, word
        else:
            current = longer
    return lines


def text_height(paragraphs: Sequence[Paragraph], width: float, *, after: float = 0.0) -> float:
    """Return the height of paragraphs in inches, `after` points below each."""
    heights = [
        n_lines(text, width, points, bold=bold) * points * LINE_HEIGHT + after for text, points, bold in paragraphs
    ]
    return sum(heights) / POINTS_PER_INCH


def widest_word(paragraphs: Sequence[Paragraph]) -> float:
    """Return the width in inches of the widest unbreakable piece."""
    return max(text_width(word, points, bold=bold) for text, points, bold in paragraphs for word in text.split(" "))
