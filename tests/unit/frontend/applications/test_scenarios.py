"""Variations of an application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from frontend.applications.form import read_form
from frontend.applications.scenarios import changed_fields, grid, probabilities_along, varied
from tests.unit.frontend.readers import a_curve

if TYPE_CHECKING:
    from tests.unit.frontend.fake_api import FakeApi

APPLICATION = {"AMT_CREDIT": 300_000.0, "EXT_SOURCE_1": 0.4}


def test_only_what_differs_is_compared(contract: dict[str, Any]) -> None:
    """Fields with both values, in the form's order; the rest is not repeated."""
    second = varied(contract, APPLICATION, "EXT_SOURCE_1", None)

    changes = changed_fields(read_form(contract), APPLICATION, second)

    assert [(field.name, first, after) for field, first, after in changes] == [("EXT_SOURCE_1", 0.4, None)]
    assert APPLICATION["EXT_SOURCE_1"] == 0.4


def test_the_amount_moves_at_equal_term(contract: dict[str, Any]) -> None:
    """Twice the amount is repaid by twice the instalment; another instalment is another term."""
    loan = {"AMT_CREDIT": 300_000.0, "AMT_ANNUITY": 15_000.0}

    assert varied(contract, loan, "AMT_CREDIT", 600_000.0) == {"AMT_CREDIT": 600_000.0, "AMT_ANNUITY": 30_000.0}
    assert varied(contract, loan, "AMT_ANNUITY", 30_000.0) == {"AMT_CREDIT": 300_000.0, "AMT_ANNUITY": 30_000.0}
    assert varied(contract, {"AMT_CREDIT": None, "AMT_ANNUITY": 1.0}, "AMT_CREDIT", 5.0)["AMT_ANNUITY"] == 1.0


@pytest.mark.parametrize("value", [0.4, 0.99, None])
def test_a_grid_rises_and_holds_the_applicant(contract: dict[str, Any], value: float | None) -> None:
    """The curve passes through where the applicant stands, however far out."""
    points = [one for one in grid(contract, "EXT_SOURCE_1", value) if isinstance(one, float)]

    assert points == sorted(set(points))
    assert value is None or value in points


def test_a_grid_of_a_category_is_its_categories(contract: dict[str, Any]) -> None:
    """Each of them, in the contract's order; a flag is no or yes."""
    assert grid(contract, "NAME_JOB", "Working") == ("Working", "Pensioner")
    assert grid(contract, "FLAG_CAR", 0) == (0, 1)


def test_a_curve_is_one_question(fake_api: FakeApi) -> None:
    """All points go in one batch, all else equal."""
    points = probabilities_along(fake_api.client(), fake_api.contract, APPLICATION, "EXT_SOURCE_1", (0.1, 0.5, 0.9))

    assert [value for value, _ in points] == [0.1, 0.5, 0.9]
    assert [probability for _, probability in points] == pytest.approx([0.21, 0.13, 0.05])
    assert len(fake_api.requests) == 1


def test_a_curve_crosses_the_threshold_where_the_decision_changes(contract: dict[str, Any]) -> None:
    """The first value on the other side of each crossing; none where the decision stays."""
    crossing = a_curve(contract, "EXT_SOURCE_1", [(0.1, 0.2), (0.5, 0.08), (0.9, 0.07)], 0.1)
    flat = a_curve(contract, "EXT_SOURCE_1", [(0.1, 0.2), (0.5, 0.18)], 0.1)

    assert (crossing.crossings(), flat.crossings()) == ([0.5], [])


def test_a_point_that_is_refused_is_left_out(fake_api: FakeApi) -> None:
    """A value the API does not admit has no probability."""
    points = probabilities_along(
        fake_api.client(), fake_api.contract, APPLICATION, "AMT_CREDIT", (100_000.0, "beaucoup")
    )

    assert [value for value, _ in points] == [100_000.0]
