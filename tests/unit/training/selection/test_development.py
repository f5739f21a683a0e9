"""Development data: the same applications and folds for every candidate."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import TYPE_CHECKING

import numpy as np
import pytest

from training.features.feature_space import FeatureSpace
from training.selection.development import Development

if TYPE_CHECKING:
    from training.features.dataset import LabelledDataset


def test_features_are_computed_once(
    small_dataset: LabelledDataset, small_space: FeatureSpace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They come with the object, as the graph computes them: no candidate computes them again."""
    computed: list[FeatureSpace] = []
    compute = FeatureSpace.compute
    monkeypatch.setattr(FeatureSpace, "compute", lambda self, rows: (computed.append(self), compute(self, rows))[1])
    development = Development.of(small_dataset, small_space, n_folds=3, seed=0)

    assert len(computed) == 1
    assert computed[0].inputs == small_space.inputs
    np.testing.assert_array_equal(development.features, compute(development.space, small_dataset.rows))


def test_nothing_of_it_can_be_exchanged(development: Development) -> None:
    """Candidates share it: what one is judged on is what all are judged on."""
    with pytest.raises(FrozenInstanceError):
        development.fold = development.fold[::-1]  # type: ignore[misc]


def test_folds_are_stratified_and_follow_the_seed(
    development: Development, small_dataset: LabelledDataset, small_space: FeatureSpace
) -> None:
    """The default rate is that of all in every fold; the same seed gives the same folds, another one others."""
    rates = [development.default[development.fold == number].mean() for number in range(development.n_folds)]
    again, other = (Development.of(small_dataset, small_space, n_folds=3, seed=seed) for seed in (0, 1))

    assert rates == pytest.approx([small_dataset.default.mean()] * 3, abs=1e-3)
    np.testing.assert_array_equal(again.fold, development.fold)
    assert (other.fold != development.fold).any()


def test_fewer_inputs_are_the_same_applications(development: Development, small_space: FeatureSpace) -> None:
    """Over a smaller space, columns go and derivations with them; applications, outcomes and folds stay."""
    space = small_space.restricted_to({"AMT_CREDIT", "EXT_SOURCE_2"})
    smaller = development.over(space)

    assert smaller.rows.shape == (len(development.default), 2)
    np.testing.assert_array_equal(smaller.features, space.compute(smaller.rows))
    assert (smaller.default is development.default, smaller.fold is development.fold) == (True, True)


def test_other_columns_bring_their_derivations(development: Development, small_space: FeatureSpace) -> None:
    """Values that were not there before, protected attributes for one, are judged on the same applications."""
    swapped = development.with_rows(development.rows[::-1], small_space)

    np.testing.assert_allclose(swapped.features, development.features[::-1], rtol=1e-12)
    assert swapped.fold is development.fold


def test_sample_keeps_each_application_with_its_outcome(development: Development) -> None:
    """Part of the rows, all folds in use."""
    part = development.sample(500, 2)
    place = {row.tobytes(): number for number, row in enumerate(development.rows)}
    known = [place[row.tobytes()] for row in part.rows]

    assert len(part.rows) == len(part.features) == len(part.default) == len(part.fold) == 500
    assert set(part.fold.tolist()) == {0, 1}
    np.testing.assert_array_equal(part.default, development.default[known])
    np.testing.assert_array_equal(part.features, development.features[known])
