"""The payments of the loans with us, month by month: a row a year of a loan, a mark a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frontend.clients.histories import Punctuality
from frontend.figures.chart import BY_ROW, LOWERS_RISK, OFFSET_PIXELS, RAISES_RISK, ROW, Figure, quantity
from frontend.sentences.histories import MONTHS_A_YEAR, say_calendar, say_year

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frontend.clients.histories import MonthPaid
    from frontend.figures.chart import Spec, Theme

# Told apart by their shape as well: a person who sees no colour reads the same calendar.
_SHAPES = {
    Punctuality.ON_TIME: "circle",
    Punctuality.LATE: "triangle-up",
    Punctuality.VERY_LATE: "square",
    Punctuality.UNPAID: "cross",
}
_MARK_SIZE = 130
_ROW_PIXELS = 46


def calendar_figure(months: Sequence[MonthPaid], *, theme: Theme) -> Figure:
    """Draw the payments; within a row the latest month stands on the right."""
    years = list(dict.fromkeys((one.loan, one.months_ago // MONTHS_A_YEAR) for one in reversed(months)))
    ranks = {year: rank for rank, year in enumerate(years)}
    rows = [{"text": say_year(loan, year, theme.words)} for loan, year in years]
    marks = [
        {
            "rank": ranks[one.loan, one.months_ago // MONTHS_A_YEAR],
            "at": MONTHS_A_YEAR - one.months_ago % MONTHS_A_YEAR,
            "shape": _SHAPES[one.worst],
            "colour": LOWERS_RISK if one.worst is Punctuality.ON_TIME else RAISES_RISK,
        }
        for one in months
    ]
    layer: Spec = {
        "data": {"values": marks},
        "mark": {"type": "point", "filled": True, "opacity": 1, "size": _MARK_SIZE, "yOffset": OFFSET_PIXELS},
        "encoding": {
            "x": quantity("at", None, domain=[0.5, MONTHS_A_YEAR + 0.5]),
            "y": ROW,
            "color": BY_ROW,
            "shape": {"field": "shape", "type": "nominal", "scale": None},
        },
    }
    return Figure(theme.rows_chart([layer], rows, step=_ROW_PIXELS), say_calendar(tuple(months), theme.words))
