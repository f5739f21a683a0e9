"""What an application shows of the applicant: coverage, missing and unusual values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from scoring.coverage import CoverageMeter

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.contract import Input
    from scoring.service import ScoringService
    from training.features.dataset import Dataset

NAN = float("nan")


@pytest.fixture
def meter(an_input: Callable[..., Input]) -> CoverageMeter:
    """Return the meter of a bounded number that weighs three quarters and of one without a usual range."""
    inputs = [an_input("A", usual_low=1.0, usual_high=5.0), an_input("B")]
    return CoverageMeter(inputs, {"A": 0.75, "B": 0.25})


@pytest.mark.parametrize(
    ("row", "coverage"), [([1.0, 1.0], 1.0), ([NAN, 1.0], 0.25), ([1.0, NAN], 0.75), ([NAN, NAN], 0.0)]
)
def test_coverage_is_the_weight_of_what_is_given(meter: CoverageMeter, row: list[float], coverage: float) -> None:
    """An absent value costs its weight."""
    assert coverage == meter.measure(np.array([row])).share[0]


@pytest.mark.parametrize(("value", "unusual"), [(0.999, True), (1.0, False), (5.0, False), (5.001, True), (NAN, False)])
def test_unusual_is_outside_the_range_and_not_missing(meter: CoverageMeter, value: float, *, unusual: bool) -> None:
    """Both ends are usual, and what is missing is missing."""
    shown = meter.measure(np.array([[value, 1e300]]))

    assert (shown.unusual.tolist(), shown.n_unusual.tolist()) == ([[unusual, False]], [int(unusual)])
    assert shown.missing.tolist() == [[bool(np.isnan(value)), False]]


def test_coverage_is_the_same_alone_and_among_others(service: ScoringService, new_dataset: Dataset) -> None:
    """A batch changes no bit of a coverage: the floor is the same for everybody."""
    contract = service.contract
    meter = CoverageMeter(contract.inputs, contract.coverage.weights)
    together = meter.measure(new_dataset.rows).share

    assert together.tolist() == [meter.measure(row[None]).share[0] for row in new_dataset.rows]
