"""The alarms are honest: silent on one population, loud on known drifts, louder on stronger ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from monitoring.checks.false_alarms import (
    FalseAlarms,
    false_alarms_bytes,
    measure_chunks,
    measure_false_alarms,
    read_false_alarms,
)
from monitoring.checks.injection import INJECTIONS, RENAMED
from monitoring.checks.power import Detection, measure_power
from monitoring.checks.trials import TrialPlan
from monitoring.config import MonitoringConfig
from monitoring.errors import MonitoringError
from monitoring.windows.arrays import ArrayWindow
from monitoring.windows.predictions import Predictions
from tests.unit.monitoring.builders import THRESHOLD, default_probability, draw_window

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.monitoring.conftest import Bench

ROWS = (2_500, 1_500)


@pytest.fixture(scope="module")
def pool() -> ArrayWindow:
    """Return one population in memory, with its predictions."""
    columns = draw_window(8_000, seed=11)
    probability = default_probability(columns)
    return ArrayWindow(columns, Predictions(probability, probability >= THRESHOLD, None))


@pytest.fixture(scope="module")
def measured(bench: Bench, pool: ArrayWindow) -> FalseAlarms:
    """Return the false alarms of that population, from few reports."""
    return measure_false_alarms(TrialPlan(bench.contract, pool, ROWS, reports=20), seed=3)


@pytest.fixture(scope="module")
def strongest(bench: Bench, pool: ArrayWindow) -> dict[tuple[str, float], Detection]:
    """Return what the weakest and the strongest of each drift set off."""
    found = measure_power(TrialPlan(bench.contract, pool, ROWS, reports=2), default_probability, seed=5)
    return {(item.key, item.strength): item for item in found}


def test_one_population_raises_no_alarm(measured: FalseAlarms) -> None:
    """Windows of the same applicants are no drift, and the rate says how sure that is."""
    assert measured.alerts == 0
    assert measured.false_alarm_rate == 0
    assert measured.false_alarm_rate_below == pytest.approx(1 - 0.05 ** (1 / 20))


def test_false_alarm_limits_lie_below_the_bands(measured: FalseAlarms) -> None:
    """What chance makes of each check is smaller than what it calls an alert."""
    config = MonitoringConfig()

    assert measured.limits["MON001"] < config.psi.alert
    assert measured.limits["MON014"] < config.separation.alert
    assert "MON012" not in measured.limits


@pytest.mark.parametrize(
    ("key", "codes"),
    [
        ("flux_perdu", {"MON001", "MON004", "MON008", "MON014"}),
        ("centimes", {"MON001", "MON003", "MON005"}),
        ("modalite", {"MON001", "MON007"}),
        ("population", {"MON001", "MON008", "MON009", "MON010"}),
        ("concept", {"MON012"}),
        ("classement", {"MON017", "MON018", "MON019"}),
        ("montants", {"MON001", "MON003"}),
        ("melange", {"MON001"}),
        ("flux_muet", {"MON021"}),
    ],
)
def test_a_strong_drift_is_always_detected(
    key: str, codes: set[str], strongest: dict[tuple[str, float], Detection]
) -> None:
    """Every report gives the alarm, by the checks that are there for it."""
    strength = next(one.strengths[-1] for one in INJECTIONS if one.key == key)

    detection = strongest[key, strength]

    assert detection.alarmed == 1.0
    assert codes <= set(detection.codes)


def test_power_grows_with_strength(strongest: dict[tuple[str, float], Detection]) -> None:
    """The weakest of each drift is left to chance, the strongest is not: the scale spans the limit of detection."""
    for injection in (one for one in INJECTIONS if one.is_drift and len(one.strengths) > 1):
        alarmed = [strongest[injection.key, strength].alarmed for strength in injection.strengths]
        assert alarmed[0] < alarmed[-1], injection.key


def test_what_is_no_drift_stays_silent(strongest: dict[tuple[str, float], Detection]) -> None:
    """A cent more, outcomes too young to judge and an audited sample are nothing to alarm anybody with."""
    quiet = [one.key for one in INJECTIONS if not one.is_drift]

    assert quiet == ["centime", "immature", "audit"]
    assert [found for found in strongest.values() if found.key in quiet and found.noticed] == []


def test_injections_leave_the_given_columns_alone(bench: Bench, pool: ArrayWindow) -> None:
    """A drift is put into a copy: the pool is drawn from again."""
    before = {name: values.copy() for name, values in pool.columns.items()}
    for injection in INJECTIONS:
        injection.change(bench.contract, pool.columns, injection.strengths[-1], np.random.default_rng(0))

    for name, values in before.items():
        np.testing.assert_array_equal(values, pool.columns[name])


def test_a_renamed_category_keeps_the_others(bench: Bench, pool: ArrayWindow) -> None:
    """Only the commonest is renamed."""
    (renamed,) = [one for one in INJECTIONS if one.key == "modalite"]

    changed = renamed.change(bench.contract, pool.columns, 1.0, np.random.default_rng(0))["NAME_INCOME_TYPE"]

    assert set(changed) == {RENAMED, "Pensioner", "Student"}


def test_a_short_pool_is_refused(bench: Bench, pool: ArrayWindow) -> None:
    """Two windows must not share an applicant."""
    with pytest.raises(MonitoringError, match="MON916"):
        measure_false_alarms(TrialPlan(bench.contract, pool, (8_000, 1), reports=1), seed=0)


def test_limits_over_chunks_know_the_seasons_of_the_reference(bench: Bench, pool: ArrayWindow) -> None:
    """An input that swings from month to month gets a wide limit, the others keep narrow ones."""
    assert pool.predicted is not None
    n = pool.n_applications
    month = np.arange(n) * 8 // n
    months = np.array([f"2026-{one + 1:02}" for one in month])
    swing = np.where(month % 2, 1.6, 1.0)
    columns = {**pool.columns, "AMT_CREDIT": pool.columns["AMT_CREDIT"] * swing}
    shuffled = np.random.default_rng(0).permutation(n)
    seasonal = ArrayWindow(columns, replace(pool.predicted, vintage=months)).take(shuffled)

    found = measure_chunks(TrialPlan(bench.contract, seasonal, (2_000, 1_000), reports=0), seed=0)

    limits = found.subject_limits["MON001"]
    assert (found.method, found.reports) == ("tranches", 8)
    assert limits["AMT_CREDIT"] > MonitoringConfig().psi.alert > 5 * limits["EXT_SOURCE_2"]
    with pytest.raises(MonitoringError, match="MON916"):
        measure_chunks(TrialPlan(bench.contract, pool, (2_000, 2_000), reports=0), seed=0)


def test_false_alarm_limits_are_read_back_for_their_model_alone(
    bench: Bench, measured: FalseAlarms, tmp_path: Path
) -> None:
    """The limits survive the file; those of another model, and other files, are refused."""
    path = tmp_path / "quiet.json"
    path.write_bytes(false_alarms_bytes(measured))
    identity = bench.contract.identity.model_copy(update={"training_run_id": "other"})

    assert read_false_alarms(path, bench.contract) == measured
    with pytest.raises(MonitoringError, match=r"MON917.*another model"):
        read_false_alarms(path, bench.contract.model_copy(update={"identity": identity}))
    with pytest.raises(MonitoringError, match="MON917"):
        read_false_alarms(tmp_path / "absent.json", bench.contract)
