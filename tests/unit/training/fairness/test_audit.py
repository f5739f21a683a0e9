"""The audit of a trained model: the proxies among its inputs, and what leaving attributes out costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from scoring.bundle import Bundle
from training.fairness.groups import Grouping
from training.fairness.proxies import measure_proxies

if TYPE_CHECKING:
    from pathlib import Path

    from scoring.fairness import Fairness

# What chance does to an AUC, and to the lower end of a cost, on some three thousand applications.
NOTHING = 0.01


@pytest.fixture(scope="module")
def fairness(bundle_dir: Path) -> Fairness:
    """Return the audit in the evidence of the small trees."""
    found = Bundle.open(bundle_dir).evidence.fairness
    if found is None:
        pytest.fail("the bundle of the tests holds no audit")
    return found


def proxy_auc(rows: np.ndarray, codes: np.ndarray) -> float:
    """Return how well two groups can be told from rows."""
    grouping = Grouping("CODE_GENDER", "Sexe", ("F", "M"), codes)
    names = [f"x{index}" for index in range(rows.shape[1])]
    (found,) = measure_proxies(rows, names, rows[:, 0], [grouping], seed=0)
    return found.auc_of_inputs


def test_noise_is_no_proxy_and_a_copy_is_a_perfect_one() -> None:
    """Inputs without relation to the attribute give one half, an input that is the attribute gives one."""
    generator = np.random.default_rng(0)
    codes = generator.integers(0, 2, 1500)
    noise = generator.normal(size=(1500, 3))

    assert proxy_auc(noise, codes) == pytest.approx(0.5, abs=0.06)
    assert proxy_auc(np.column_stack([noise, codes]), codes) > 0.99


def test_the_audit_is_part_of_the_evidence(fairness: Fairness) -> None:
    """Sex, family status and age band are all audited, on the hold-out."""
    assert [one.attribute for one in fairness.attributes] == ["CODE_GENDER", "NAME_FAMILY_STATUS", "AGE_BAND"]
    assert fairness.n_applications == 800


def test_attributes_that_mean_nothing_cost_nothing_to_leave_out(fairness: Fairness) -> None:
    """Sex and family status of the tests are drawn at random: with them nobody is told apart better."""
    price = fairness.protected_cost

    assert price is not None
    assert price.left_out == ("CODE_GENDER", "NAME_FAMILY_STATUS")
    assert abs(price.auc_with - price.auc_without) < NOTHING
    assert price.cost_difference.low < NOTHING
