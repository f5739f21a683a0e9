"""Promises of the classifier that tells windows apart."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from metrics.values import NotApplicable
from monitoring.config import MonitoringConfig
from monitoring.drift.domain_classifier import Separation, measure_separation
from monitoring.windows.arrays import ArrayWindow
from tests.unit.monitoring.builders import draw_window

if TYPE_CHECKING:
    from tests.unit.monitoring.conftest import Bench

CONFIG = MonitoringConfig()


def separation(bench: Bench, current: ArrayWindow) -> Separation | NotApplicable:
    """Return how well a window is told from the population it should come from."""
    return measure_separation(bench.contract, ArrayWindow(draw_window(2_000, seed=1)), current, CONFIG)


def test_one_population_is_not_told_apart(bench: Bench) -> None:
    """Its AUC is that of a coin, and no input is blamed."""
    found = separation(bench, ArrayWindow(draw_window(2_000, seed=2)))

    assert isinstance(found, Separation)
    assert abs(found.auc - 0.5) < 0.05
    assert found.p_value > CONFIG.false_alarm_rate
    assert found.give_aways == ()


def test_a_cent_gives_nothing_away(bench: Bench) -> None:
    """One cent on every amount is seen by nobody, and by no tree."""
    columns = draw_window(2_000, seed=2)
    columns["AMT_CREDIT"] += 0.01

    found = separation(bench, ArrayWindow(columns))

    assert isinstance(found, Separation)
    assert found.p_value > CONFIG.false_alarm_rate


def test_what_moves_together_is_seen(bench: Bench) -> None:
    """Two inputs that keep their distributions but become tied give the window away; no single one would."""
    columns = draw_window(2_000, seed=2)
    known = ~np.isnan(columns["EXT_SOURCE_2"])
    columns["EXT_SOURCE_2"][known] = np.sort(columns["EXT_SOURCE_2"][known])
    columns["AMT_CREDIT"][known] = np.sort(columns["AMT_CREDIT"][known])

    found = separation(bench, ArrayWindow(columns))

    assert isinstance(found, Separation)
    assert found.auc > CONFIG.separation.alert
    assert {item.name for item in found.give_aways} >= {"EXT_SOURCE_2", "AMT_CREDIT"}


def test_an_unknown_category_and_a_gap_are_values_too(bench: Bench) -> None:
    """Categories the contract does not know, and missing ones, do not stop the classifier: they are what it sees."""
    columns = draw_window(2_000, seed=2)
    columns["NAME_INCOME_TYPE"][:1_000] = "Nouveau"
    columns["NAME_INCOME_TYPE"][1_000:] = None

    found = separation(bench, ArrayWindow(columns))

    assert isinstance(found, Separation)
    assert found.give_aways[0].name == "NAME_INCOME_TYPE"


def test_few_rows_tell_nothing(bench: Bench) -> None:
    """Below the minimum it is not applicable, with its reason."""
    found = separation(bench, ArrayWindow(draw_window(CONFIG.domain_classifier.fewest_rows - 1, seed=2)))

    assert isinstance(found, NotApplicable)
    assert "199" in found.reason


def test_redraws_decide_the_same_way(bench: Bench) -> None:
    """One draw near a limit is a coin flip; the mean of several strays half as much."""
    reference, moved = ArrayWindow(draw_window(8_000, seed=1)), draw_window(8_000, seed=2)
    moved["EXT_SOURCE_2"] *= 0.9
    few = replace(CONFIG.domain_classifier, rows=1_000, draws=1)

    def spread(draws: int) -> float:
        found = []
        for seed in range(6):
            order = np.random.default_rng(seed).permutation(8_000)
            settings = replace(CONFIG, domain_classifier=replace(few, draws=draws, seed=seed))
            current = ArrayWindow({name: values[order] for name, values in moved.items()})
            separated = measure_separation(bench.contract, reference, current, settings)
            assert isinstance(separated, Separation)
            found.append(separated.auc)
        return float(np.std(found))

    assert spread(6) < 0.75 * spread(1)
