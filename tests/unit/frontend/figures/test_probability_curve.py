"""The probability along one input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frontend.figures.probability_curve import probability_curve_figure
from tests.unit.frontend.readers import a_curve, spaced, texts_of

if TYPE_CHECKING:
    from frontend.figures.chart import Theme


def test_a_curve_is_drawn_in_the_units_of_the_form(contract: dict[str, Any], theme: Theme) -> None:
    """Days before the application become years, from young to old."""
    curve = a_curve(contract, "DAYS_BIRTH", [(-20_000.0, 0.05), (-10_000.0, 0.12)], -10_000.0)

    figure = probability_curve_figure(curve, theme=theme)

    assert [round(row["x"], 1) for row in figure.spec["data"]["values"]] == [27.4, 54.8]
    assert "12,0" in figure.alternative


def test_categories_are_bars_with_their_decision(contract: dict[str, Any], theme: Theme) -> None:
    """The scenario's own is marked by a sign, not by a colour."""
    curve = a_curve(contract, "NAME_JOB", [("Working", 0.08), ("Pensioner", 0.1)], "Working")

    figure = probability_curve_figure(curve, theme=theme)

    assert spaced(texts_of(figure.spec)[0]) == "● salarié : 8,0 %, accepté"
