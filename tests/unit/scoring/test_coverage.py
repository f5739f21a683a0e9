"""What an application shows of the applicant: coverage, missing and unusual values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from scoring.coverage import Viewer

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.contract import Contract, Input
    from scoring.service import ScoringService
    from training.features.dataset import Dataset

NAN = float("nan")


@pytest.fixture
def viewer(a_contract: Callable[..., Contract], an_input: Callable[..., Input]) -> Viewer:
    """Return the viewer of a bounded number that weighs three quarters and of one without a usual range."""
    contract = a_contract(an_input("A", usual_low=1.0, usual_high=5.0), an_input("B"))
    coverage = contract.coverage.model_copy(update={"weights": {"A": 0.75, "B": 0.25}})
    return Viewer(contract.model_copy(update={"coverage": coverage}))


@pytest.mark.parametrize(
    ("row", "coverage"), [([1.0, 1.0], 1.0), ([NAN, 1.0], 0.25), ([1.0, NAN], 0.75), ([NAN, NAN], 0.0)]
)
def test_coverage_is_the_weight_of_what_is_given(viewer: Viewer, row: list[float], coverage: float) -> None:
    """An absent value costs its weight."""
    assert coverage == viewer.look_at(np.array([row])).coverage[0]


@pytest.mark.parametrize(("value", "unusual"), [(0.999, True), (1.0, False), (5.0, False), (5.001, True), (NAN, False)])
def test_unusual_is_outside_the_range_and_not_missing(viewer: Viewer, value: float, *, unusual: bool) -> None:
    """Both ends are usual, and what is missing is missing."""
    picture = viewer.look_at(np.array([[value, 1e300]]))

    assert picture.unusual.tolist() == [[unusual, False]]
    assert picture.missing.tolist() == [[bool(np.isnan(value)), False]]


def test_picture_is_the_same_alone_and_among_others(service: ScoringService, new_dataset: Dataset) -> None:
    """A batch changes no bit of a coverage: the floor is the same for everybody."""
    viewer = Viewer(service.contract)
    together = viewer.look_at(new_dataset.rows).coverage

    assert together.tolist() == [viewer.look_at(row[None]).coverage[0] for row in new_dataset.rows]
