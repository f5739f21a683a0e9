"""What tests read: a field of a form, a curve along it, a text with ordinary spaces, the texts of a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frontend.applications.form import read_form
from frontend.applications.scenarios import ProbabilityCurve
from frontend.wording.numerals import NARROW_SPACE

if TYPE_CHECKING:
    from frontend.applications.form import FormField
    from frontend.figures.chart import Spec


def field_of(contract: dict[str, Any], name: str) -> FormField:
    """Return one field of the form that a contract makes."""
    return next(field for field in read_form(contract).fields if field.name == name)


def a_curve(contract: dict[str, Any], name: str, points: list[tuple[Any, float]], here: Any) -> ProbabilityCurve:  # noqa: ANN401  a value of the contract
    """Return a curve along an input, which started from where it is."""
    return ProbabilityCurve(field_of(contract, name), points, 0.09, (0.085, 0.095), here, here)


def spaced(text: str) -> str:
    """Return a text with ordinary spaces."""
    return text.replace(NARROW_SPACE, " ")


def texts_of(spec: Spec) -> list[str]:
    """Return every text that a chart writes."""
    charts = [spec, *(layer for layer in spec["layer"] if "data" in layer)]
    rows = [row for chart in charts for row in chart["data"]["values"]]
    return [str(row["text"]) for row in rows if "text" in row]
