"""What all charts share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from frontend.figures.chart import LOWERS_RISK, RAISES_RISK, REVIEW
from frontend.views.drawing import DARK, LIGHT

if TYPE_CHECKING:
    from frontend.figures.chart import Theme


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.1)."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.1)."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("ink", "paper"), [LIGHT, DARK])
def test_text_and_marks_stand_out_in_both_themes(ink: str, paper: str) -> None:
    """WCAG AA: 4.5 to 1 for text, 3 to 1 for marks that carry meaning."""
    assert contrast(ink, paper) >= 4.5
    assert all(contrast(mark, paper) >= 3 for mark in (LOWERS_RISK, RAISES_RISK, REVIEW))


def test_numbers_on_axes_are_written_in_the_language(theme: Theme) -> None:
    """Ticks have the reader's decimal mark and the space before the percent sign."""
    number = theme.chart([], height=10)["config"]["locale"]["number"]

    assert (number["decimal"], number["percent"]) == (",", "\u202f%")


def test_no_mark_speaks_for_itself(theme: Theme) -> None:
    """A screen reader hears the figure's sentence, not fifty rectangles."""
    chart = theme.rows_chart([{"mark": theme.dashes()}], [{"text": "une barre"}], step=10)

    assert all(layer["mark"]["aria"] is False for layer in chart["layer"])
