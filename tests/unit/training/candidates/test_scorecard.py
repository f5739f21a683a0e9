"""The scorecard: what it adds up is what is exported, explained, and kept in one direction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from scoring.explanation import TreeExplainer
from training.candidates.scorecard import SCORECARD, Scorecard
from training.candidates.shapley import tree_contributions
from training.compiler.directions import wrong_turns
from training.compiler.leaf_tables import leaf_tables

if TYPE_CHECKING:
    from training.features.dataset import LabelledDataset
    from training.features.feature_space import FeatureSpace


@pytest.fixture(scope="module")
def features(small_dataset: LabelledDataset, small_space: FeatureSpace) -> np.ndarray:
    """Return the features of the small population."""
    return small_space.compute(small_dataset.rows)


@pytest.fixture(scope="module")
def card(features: np.ndarray, small_dataset: LabelledDataset, small_space: FeatureSpace) -> Scorecard:
    """Return a card over them."""
    fitted = SCORECARD.candidate(seed=0).fit(features, small_dataset.default, small_space.columns)
    assert isinstance(fitted, Scorecard)
    return fitted


def with_gaps(features: np.ndarray) -> np.ndarray:
    """Return rows in which every other value is missing."""
    gaps = features[:60].copy()
    gaps[np.random.default_rng(0).random(gaps.shape) < 0.5] = np.nan
    return gaps


def test_tables_explain_the_card_exactly(card: Scorecard, features: np.ndarray) -> None:
    """What the function would look up is each term less its mean, missing values included."""
    explainer = TreeExplainer(leaf_tables(card.neutral_form()))
    rows = np.vstack([features[:60], with_gaps(features)])
    served = np.array([explainer.contributions(row) for row in rows])

    np.testing.assert_allclose(served, card.contributions(rows)[:, :-1], atol=1e-12)
    np.testing.assert_allclose(served.sum(axis=1) + explainer.base_value, card.score(rows), atol=1e-12)


def test_attributions_of_the_shap_package_are_the_terms(
    features: np.ndarray, small_dataset: LabelledDataset, small_space: FeatureSpace
) -> None:
    """An additive model has one explanation: TreeSHAP of the shap package finds it too."""
    rows = features.copy()
    rows[np.random.default_rng(1).random(rows.shape) < 0.05] = np.nan  # shap wants somebody in every leaf
    fitted = SCORECARD.candidate(seed=0).fit(rows, small_dataset.default, small_space.columns)
    expected = tree_contributions(fitted.neutral_form(), rows[:100])  # type: ignore[arg-type]

    np.testing.assert_allclose(fitted.contributions(rows[:100]), expected, atol=1e-9)


def test_card_keeps_every_direction(card: Scorecard, small_space: FeatureSpace) -> None:
    """The proof of the export holds, and there is something to prove."""
    declared = {place: int(one) for place, one in enumerate(small_space.columns.directions) if one}

    assert {one.feature for one in card.characteristics} & set(declared)
    assert wrong_turns(card.neutral_form().trees, declared) == []


def test_a_turned_card_is_found(card: Scorecard, small_space: FeatureSpace) -> None:
    """The proof would see a card whose bins stand the wrong way round."""
    turned = {
        one.feature: -int(small_space.columns.directions[one.feature])
        for one in card.characteristics
        if small_space.columns.directions[one.feature] and len(set(one.bins.evidence.tolist())) > 1
    }

    assert wrong_turns(card.neutral_form().trees, turned)


def test_no_characteristic_repeats_another(card: Scorecard, features: np.ndarray) -> None:
    """The card stays short, and its characteristics say different things."""
    weights = np.column_stack([one.bins.weigh(features[:, one.feature]) for one in card.characteristics])
    alike = np.abs(np.corrcoef(weights.T) - np.eye(len(card.characteristics)))

    assert 3 < len(card.characteristics) <= int(SCORECARD.settings["most_characteristics"])
    assert alike.max() <= float(SCORECARD.settings["highest_correlation"]) + 1e-6
