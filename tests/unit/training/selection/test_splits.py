"""The split is made once, by seed, before anything is learned."""

from __future__ import annotations

import numpy as np
import pytest

from training.selection.splits import fold_numbers, split_applications

DEFAULT = (np.random.default_rng(0).random(5_000) < 0.08).astype(int)


def test_split_applications_parts_cover_all_and_share_none() -> None:
    """Every application is in exactly one part."""
    split = split_applications(DEFAULT, seed=1)

    assert sorted([*split.development, *split.hold_out]) == list(range(len(DEFAULT)))


def test_split_applications_keeps_the_default_rate() -> None:
    """Both parts have the default rate of the whole."""
    split = split_applications(DEFAULT, seed=1)

    assert DEFAULT[split.hold_out].mean() == pytest.approx(DEFAULT.mean(), abs=0.001)


def test_split_applications_depends_on_the_seed_alone() -> None:
    """The same seed gives the same split, another one another."""
    first, again, other = (split_applications(DEFAULT, seed=seed).hold_out for seed in (1, 1, 2))

    assert (first == again).all()
    assert (first != other).any()


def test_fold_numbers_are_balanced() -> None:
    """Each fold has the same number of applications and of defaults, give or take one."""
    fold = fold_numbers(DEFAULT, n_folds=4, seed=0)

    assert set(np.bincount(fold).tolist()) == {1_250}
    assert np.ptp(np.bincount(fold, weights=DEFAULT)) <= 1
