"""The feature space: which derivations a set of inputs allows, and their values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.features import feature_space
from training.features.feature_space import FeatureSpace
from training.schema import load_derived, load_inputs

if TYPE_CHECKING:
    import pytest

    from training.features.dataset import Dataset


def test_space_leaves_out_a_derivation_that_lacks_an_input(small_space: FeatureSpace) -> None:
    """Without the annuity no ratio of the annuity is computed."""
    names = [name for name in small_space.input_names if name != "AMT_ANNUITY"]
    smaller = small_space.restricted_to(names)

    assert "CREDIT_TO_ANNUITY_RATIO" in small_space.feature_names
    assert [name for name in smaller.feature_names if "ANNUITY" in name] == []


def test_space_keeps_the_order_of_the_inputs(small_space: FeatureSpace) -> None:
    """Asking for inputs in another order, or as a set, changes nothing."""
    kept = small_space.restricted_to({"EXT_SOURCE_2", "AMT_CREDIT"})

    assert kept.input_names == ("AMT_CREDIT", "EXT_SOURCE_2")


def test_compute_in_small_batches_changes_nothing(
    small_space: FeatureSpace, small_dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Features of a row do not depend on the rows beside it."""
    whole = small_space.compute(small_dataset.rows)
    monkeypatch.setattr(feature_space, "BATCH", 777)

    np.testing.assert_array_equal(whole, small_space.compute(small_dataset.rows))


def test_compute_agrees_with_numpy_on_every_ratio(small_space: FeatureSpace, small_dataset: Dataset) -> None:
    """Ratios of two inputs are the plain quotient, recomputed here without the graph."""
    features = small_space.compute(small_dataset.rows)
    place = {name: index for index, name in enumerate(small_space.feature_names)}
    for entry in small_space.derived:
        top, slash, bottom = entry.expression.partition(" / ")
        if slash and top in place and bottom in place:
            expected = features[:, place[top]] / features[:, place[bottom]]
            np.testing.assert_array_equal(features[:, place[entry.name]], expected)


def test_every_derivation_is_finite_or_missing() -> None:
    """No derivation of the dictionary ever gives an infinity, whatever zeros a request holds."""
    space = FeatureSpace.over([entry for entry in load_inputs() if not entry.protected], load_derived())
    generator = np.random.default_rng(0)
    rows = generator.choice([np.nan, 0.0, 1.0, -1.0, 1e6], size=(2_000, len(space.inputs)))

    assert not np.isinf(space.compute(rows)).any()
