"""The shape of the evidence: closed, typed, and its simulator adds up."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from scoring.evidence import SegmentCounts, Simulator


def a_segment(*good: int) -> SegmentCounts:
    """Return everybody, with as many defaults as good applications."""
    return SegmentCounts(variable=None, value="tous", low=None, high=None, good=good, defaulted=good)


def test_simulator_has_one_count_more_than_edges() -> None:
    """Two edges make three bins."""
    simulator = Simulator(edges=(0.1, 0.2), segments=(a_segment(1, 2, 3),))

    assert Simulator.model_validate_json(simulator.model_dump_json()) == simulator


@pytest.mark.parametrize("good", [(1, 2), (1, 2, 3, 4)])
def test_simulator_refuses_counts_that_do_not_fit(good: tuple[int, ...]) -> None:
    """A count too many or too few would be read beside its bin."""
    with pytest.raises(ValidationError, match="one count more"):
        Simulator(edges=(0.1, 0.2), segments=(a_segment(*good),))


@pytest.mark.parametrize("edges", [(0.2, 0.1), (0.1, 0.1)])
def test_simulator_refuses_edges_that_do_not_rise(edges: tuple[float, ...]) -> None:
    """Bins have an order and a width."""
    with pytest.raises(ValidationError, match="must rise"):
        Simulator(edges=edges, segments=(a_segment(1, 2, 3),))
