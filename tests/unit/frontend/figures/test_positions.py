"""Where an application stands among the reference applications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from frontend.applications.form import read_form
from frontend.applications.reference import positions
from frontend.figures.positions import position_figure

if TYPE_CHECKING:
    from frontend.figures.chart import Theme


def test_positions_are_marks_or_shares(contract: dict[str, Any], theme: Theme) -> None:
    """A number has its rank, a category its share, and an unknown says so."""
    application = {"AMT_CREDIT": 300_000.0, "NAME_JOB": "Working"}

    figure = position_figure(positions(contract, application), read_form(contract), theme=theme)

    rows = {row["text"].partition(" :")[0]: row for row in figure.spec["data"]["values"]}
    assert rows["Montant du crédit"]["at"] == pytest.approx(0.5)
    assert rows["NAME_JOB".lower()]["same"] == pytest.approx(0.7)
    assert "inconnu" in figure.alternative
