"""Sizes, colours and places of the slides; lengths are inches, letters are points."""

from __future__ import annotations

from dataclasses import dataclass

from pptx.dml.color import RGBColor

WIDTH, HEIGHT = 13.333, 7.5
MARGIN = 0.6
# Metrics of Arial are those of Liberation Sans: the slides look alike where there is no PowerPoint.
FONT = "Arial"
TITLE_POINTS, CHART_POINTS, SOURCE_POINTS = 28, 16, 11
# The largest that fits is taken.
TEXT_POINTS = (24, 22, 20, 18, 17, 16, 15)
FIGURE_POINTS = (54, 44, 36, 30)

INK = RGBColor(0x1B, 0x25, 0x35)
SOFT = RGBColor(0x5A, 0x67, 0x78)
BLUE = RGBColor(0x1F, 0x5F, 0xA8)
PALE = RGBColor(0xE8, 0xEF, 0xF7)
ORANGE = RGBColor(0xC8, 0x55, 0x14)
GREY = RGBColor(0xA9, 0xB4, 0xC1)
WHITE = RGBColor(0xFF, 0xFF, 0xFF)


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float

    def columns(self, *weights: float, gap: float = 0.35) -> list[Box]:
        """Return the box cut from left to right.

        >>> [round(one.width, 2) for one in Box(0, 0, 10.35, 1).columns(3, 1)]
        [7.5, 2.5]
        """
        room = self.width - gap * (len(weights) - 1)
        widths = [room * weight / sum(weights) for weight in weights]
        return [
            Box(self.left + sum(widths[:index]) + gap * index, self.top, width, self.height)
            for index, width in enumerate(widths)
        ]

    def rows(self, *weights: float, gap: float = 0.2) -> list[Box]:
        """Return the box cut from top to bottom."""
        turned = Box(self.top, self.left, self.height, self.width).columns(*weights, gap=gap)
        return [Box(one.top, one.left, one.height, one.width) for one in turned]


TITLE = Box(MARGIN, 0.3, WIDTH - 2 * MARGIN, 1.1)
BODY = Box(MARGIN, 1.55, WIDTH - 2 * MARGIN, 5.2)
FOOTER = Box(MARGIN, 6.98, WIDTH - 2 * MARGIN - 1, 0.32)
NUMBER = Box(WIDTH - MARGIN - 0.9, 6.98, 0.9, 0.32)
