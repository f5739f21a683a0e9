"""What the model does not read moves too: columns outside it, and the mix of segments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from metrics.values import NotApplicable
from monitoring.checks.catalogue import CHECKS
from monitoring.checks.checks import run_checks
from monitoring.config import Level, MonitoringConfig
from monitoring.drift.measure import Drift, measure_drift
from monitoring.drift.segments import Segments
from monitoring.report.summary_context import context_parts, segments_parts
from monitoring.windows.arrays import ArrayWindow
from monitoring.windows.parquet import open_window
from tests.unit.monitoring.builders import Columns, draw_window

if TYPE_CHECKING:
    from tests.unit.monitoring.conftest import Bench

CONFIG = MonitoringConfig()
PRODUCT = "NAME_CONTRACT_TYPE"


def with_products(columns: Columns, revolving: float, *, seed: int) -> Columns:
    """Give a share of the applications another product, whose amounts are half as large, and an hour to all."""
    rng = np.random.default_rng(seed)
    is_revolving = rng.random(len(columns["AMT_CREDIT"])) < revolving
    columns["AMT_CREDIT"] = np.where(is_revolving, columns["AMT_CREDIT"] / 2, columns["AMT_CREDIT"])
    columns[PRODUCT] = np.where(is_revolving, "Revolving loans", "Cash loans").astype(object)
    columns["HOUR"] = rng.integers(6, 20, len(columns["AMT_CREDIT"])).astype(float)
    return columns


def measured(bench: Bench, revolving: float, config: MonitoringConfig = CONFIG) -> Drift:
    """Measure a window with so many revolving loans against one with three in ten."""
    reference = open_window(
        bench.database, bench.write(with_products(draw_window(8_000, seed=1), 0.3, seed=1), "products"), bench.contract
    )
    current = open_window(
        bench.database,
        bench.write(with_products(draw_window(4_000, seed=2), revolving, seed=2), f"products-{revolving}"),
        bench.contract,
    )
    return measure_drift(bench.contract, reference, current, config)


def test_a_product_that_vanished_is_told_first_and_watched(bench: Bench) -> None:
    """The model does not read the product; the report does, and calls it no more than to be watched."""
    drift = measured(bench, 0.02)
    results = {result.code: result for result in run_checks(CHECKS, drift, CONFIG)}

    assert drift.context[0].name == PRODUCT
    assert drift.context[0].most_moved is not None
    assert results["MON022"].level is Level.WATCH
    assert [finding.subject for finding in results["MON022"].findings] == [PRODUCT]
    assert PRODUCT in "".join(context_parts(drift.context, CONFIG))


def test_a_mix_effect_is_none_inside_the_main_product(bench: Bench) -> None:
    """Amounts seem to rise over all applications; among cash loans alone nothing has moved."""
    drift = measured(bench, 0.02)

    assert isinstance(drift.segments, Segments)
    main = drift.segments.main
    assert not isinstance(main.inputs, NotApplicable)
    over_all = next(item for item in drift.inputs if item.name == "AMT_CREDIT")
    inside = next(item for item in main.inputs if item.name == "AMT_CREDIT")
    assert over_all.psi > CONFIG.psi.watch > 10 * inside.psi
    assert main.value == "Cash loans"
    assert main.share.reference == pytest.approx(0.7, abs=0.02)


def test_every_segment_is_measured_when_asked_and_small_ones_are_said_to_be(bench: Bench) -> None:
    """Drift, refusals and cost of each product; a cell of a few rows says how few."""
    drift = measured(bench, 0.02, replace(CONFIG, segment=PRODUCT))

    assert isinstance(drift.segments, Segments)
    by_value = {item.value: item for item in drift.segments.segments}
    assert not isinstance(by_value["Cash loans"].predictions, NotApplicable)
    assert isinstance(by_value["Revolving loans"].inputs, NotApplicable)
    assert "il en faut 300" in "".join(segments_parts(drift.segments))


def test_windows_without_products_have_no_segments(bench: Bench) -> None:
    """The reason names the column, in memory as on disk; columns that only one window has are left out."""
    bare = ArrayWindow({name: values for name, values in draw_window(400, seed=1).items() if name != "SK_ID_CURR"})
    drift = measure_drift(bench.contract, bare, bare, CONFIG)

    assert isinstance(drift.segments, NotApplicable)
    assert PRODUCT in drift.segments.reason
    assert drift.context == ()
