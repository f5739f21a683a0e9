"""Charts of the slides: bars are native, so that a reader can open their figures; curves are pictures."""

from __future__ import annotations

import hashlib
import json
from io import BytesIO
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION
from pptx.util import Pt

from documents.presentation import style
from documents.presentation.sheet import Sheet, emu
from scoring.numerals import FRENCH

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.axes import Axes

    from documents.presentation.style import Box

DOTS_PER_INCH = 160
LETTERS: Any = {
    "font.size": style.CHART_POINTS,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "lines.linewidth": 2.5,
}
COLOURS = {
    name: f"#{colour}"
    for name, colour in (("blue", style.BLUE), ("orange", style.ORANGE), ("grey", style.GREY), ("ink", style.INK))
}


def bars(
    sheet: Sheet, box: Box, names: Sequence[str], values: Sequence[float], labels: Sequence[str], *,
    marked: Sequence[int] = (), points: float = style.CHART_POINTS,
) -> None:  # fmt: skip
    """Draw horizontal bars, the first on top; marked ones stand out, and each says its own value."""
    data = CategoryChartData()
    data.categories = list(names)
    data.add_series("valeur", list(values))
    chart: Any = sheet.slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *emu(box), data).chart
    chart.has_legend = chart.has_title = False
    chart.font.size, chart.font.name = Pt(points), style.FONT
    chart.font.color.rgb = style.INK
    _quiet_axes(chart, lowest=min(0.0, *values), highest=max(0.0, *values))
    plot = chart.plots[0]
    plot.gap_width, plot.vary_by_categories = 45, False
    for index, label in enumerate(labels):
        point = plot.series[0].points[index]
        point.format.fill.solid()
        point.format.fill.fore_color.rgb = style.ORANGE if index in marked else style.BLUE
        _say(point, label, points)


def _quiet_axes(chart: Any, *, lowest: float, highest: float) -> None:  # noqa: ANN401
    """Leave the names on one axis, and nothing on the other: every bar says its value."""
    chart.value_axis.visible = chart.value_axis.has_major_gridlines = False
    # Room for the label behind the longest bar.
    chart.value_axis.maximum_scale = highest * 1.3
    chart.value_axis.minimum_scale = lowest * 1.3
    chart.category_axis.reverse_order = True
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    chart.category_axis.format.line.color.rgb = style.GREY
    chart.category_axis.has_major_gridlines = False


def _say(point: Any, label: str, points: float) -> None:  # noqa: ANN401
    frame = point.data_label.text_frame
    frame.text = label
    run = frame.paragraphs[0].runs[0]
    run.font.size, run.font.name, run.font.bold = Pt(points), style.FONT, True
    run.font.color.rgb = style.INK
    point.data_label.position = XL_LABEL_POSITION.OUTSIDE_END


def curve(sheet: Sheet, box: Box, name: str, drawn: Callable[[Axes], None], data: object) -> None:
    """Draw a picture with matplotlib, as large as its box; its name carries a hash of what it shows."""
    with mpl.rc_context(LETTERS):
        figure = Figure(figsize=(box.width, box.height), dpi=DOTS_PER_INCH, layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        drawn(axes)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(french)
        content = BytesIO()
        figure.savefig(content, format="png", metadata={"Software": None})
    content.seek(0)
    sheet.picture(content, box, f"{name} (données {fingerprint(data)})")


def french(value: float, _: float) -> str:
    """Write a tick with a comma.

    >>> french(0.25, 0)
    '0,25'
    """
    return FRENCH.say(value, "g")


def fingerprint(data: object) -> str:
    """Return a short name of data, so that a picture of other data is told apart."""
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:8]
