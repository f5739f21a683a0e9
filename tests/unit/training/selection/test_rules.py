"""Choices on out-of-fold cost: the written rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from training.selection.rules import Gap, choose_champion, gaps_to_best, shrink_inputs, smallest_within_noise

if TYPE_CHECKING:
    from training.features.feature_space import FeatureSpace
    from training.selection.assessments import Assessment


def with_costs(assessment: Assessment, shift: float, noise: float, n_inputs: int, seed: int = 0) -> Assessment:
    """Return a variant whose costs and log losses are moved by a mean and a noise."""
    moved = shift + noise * np.random.default_rng(seed).normal(size=len(assessment.costs))
    space = replace(assessment.space, inputs=assessment.space.inputs[:n_inputs])
    return replace(assessment, space=space, costs=assessment.costs + moved, log_losses=assessment.log_losses + moved)


def test_gap_of_exactly_one_standard_error_is_noise() -> None:
    """The rule includes its boundary."""
    assert Gap(0.1, 0.1, best=0.5).negligible
    assert not Gap(0.1001, 0.1, best=0.5).negligible


def test_gap_of_half_a_percent_is_too_small_to_matter() -> None:
    """However many applications show a hair's difference, it is no reason to ask for more."""
    assert Gap(0.0025, 0.0, best=0.5).negligible
    assert not Gap(0.00251, 0.0, best=0.5).negligible


def test_smallest_within_noise_prefers_fewer_inputs(assessed: Assessment) -> None:
    """A smaller set that cannot be told from the best is chosen."""
    best, close = with_costs(assessed, 0.0, 0.0, 15), with_costs(assessed, 0.0005, 0.5, 6)

    assert smallest_within_noise([best, close]) is close


def test_smallest_within_noise_keeps_what_is_clearly_better(assessed: Assessment) -> None:
    """A smaller set that costs more beyond the noise is not chosen."""
    best, worse = with_costs(assessed, 0.0, 0.0, 15), with_costs(assessed, 0.2, 0.1, 6)

    assert smallest_within_noise([best, worse]) is best


def test_smallest_within_noise_looks_at_the_probabilities_too(assessed: Assessment) -> None:
    """The same cost with clearly worse probabilities is not as good."""
    best = with_costs(assessed, 0.0, 0.0, 15)
    vague = replace(with_costs(assessed, 0.0, 0.0, 6), log_losses=assessed.log_losses + 0.05)

    assert smallest_within_noise([best, vague]) is best


def test_choose_champion_lets_the_simpler_model_win_inside_the_noise(assessed: Assessment) -> None:
    """Equal within noise, the lower complexity is served."""
    complex_one = replace(assessed, candidate=replace(assessed.candidate, name="trees", complexity=3))
    simple_one = with_costs(assessed, 0.0005, 0.5, 15)

    assert choose_champion([complex_one, simple_one]).candidate.name == "logistic_regression"


def test_choose_champion_takes_the_cheaper_beyond_the_noise(assessed: Assessment) -> None:
    """A clear saving wins over simplicity."""
    complex_one = replace(assessed, candidate=replace(assessed.candidate, name="trees", complexity=3))

    assert choose_champion([complex_one, with_costs(assessed, 0.2, 0.1, 15)]).candidate.name == "trees"


def test_gaps_are_measured_from_the_best(assessed: Assessment) -> None:
    """The best has no gap, the others the paired difference."""
    best, worse = gaps_to_best([assessed, with_costs(assessed, 0.25, 0.0, 6)])

    assert (best.cost.mean, best.log_loss.mean) == (0.0, 0.0)
    assert worse.cost.mean == pytest.approx(0.25)


@dataclass
class CountingAssessor:
    """Assesses a space by name: the first inputs matter most."""

    template: Assessment

    def __call__(self, space: FeatureSpace) -> Assessment:
        """Return the template over `space`, importance falling with the place."""
        importance = np.array([1.0 / (1 + index) for index in range(len(space.nodes))])
        return replace(self.template, space=space, importance=importance)


def test_shrink_inputs_goes_down_to_each_size(assessed: Assessment, small_space: FeatureSpace) -> None:
    """Sizes below the full set are tried in falling order, each a subset of the one before."""
    found = shrink_inputs(CountingAssessor(assessed), small_space, [40, 5, 10])

    assert [len(one.space.inputs) for one in found] == [15, 10, 5]
    assert set(found[2].space.input_names) < set(found[1].space.input_names)
