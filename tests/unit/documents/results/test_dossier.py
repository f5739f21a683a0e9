"""The section on raw dossiers: what the gate compared, and each promise beside what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from documents.results.dossier import dossier_section
from scoring.bundle import Bundle
from scoring.settings import DEFAULT_BUNDLE

if TYPE_CHECKING:
    from scoring.contract import Contract

RANKS = ("p50", "p99")


@pytest.fixture(scope="module")
def contract() -> Contract:
    """Return that of the committed bundle."""
    return Bundle.open(DEFAULT_BUNDLE).contract


def measured(*, factor: float) -> dict[str, Any]:
    """Return measures, each of a promise at its limit times a factor."""
    names = ("handler", "engine", "engine_all", "pandas")
    times = {f"{name}_ms": {"p50": 15.0 * factor, "p99": 50.0 * factor} for name in names}
    records = dict.fromkeys(RANKS, 100.0)
    return {
        "dossier": {"dossiers": 400, "records": records, **times, "times_faster_than_pandas": 15.0 / factor},
        "dossier_cold_start": {"first_answer_ms": {"p50": 900.0}, "ratio_to_libraries_alone": 1.6 * factor},
        "dossier_memory": {
            "requests": 50_000,
            "resident_mib": {"warm": 180.0, "end": 181.0},
            "growth_in_the_second_half_mib": 1.0 * factor,
        },
    }


@pytest.mark.parametrize(("factor", "missed"), [(0.9, 0), (1.1, 5)])
def test_each_promise_is_told_as_kept_or_missed(factor: float, missed: int, contract: Contract) -> None:
    """Below every limit nothing is missed; above it everything is."""
    section = dossier_section(measured(factor=factor), contract)

    assert section.count("**missed**") == missed
    assert section.count(" kept ") == 5 - missed


def test_the_gate_of_the_features_is_told(contract: Contract) -> None:
    """How many applicants and inputs were compared, of each data set."""
    gate = contract.parity.dossiers
    assert gate is not None
    section = dossier_section({}, contract)

    assert f"{gate.n_applicants:,} applicants" in section
    assert all(f"{name} ({count:,})" in section for name, count in gate.data_sets.items())
    assert "aim" not in section
