"""The sections on how the model was chosen: every figure is looked up, and nothing unmeasured is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.learning.ablation import MORE_RATIOS
from benchmarks.learning.contenders import coded, frequency_coded, monotone, native_categories
from documents.results.choices import ablation, automl, candidates, policies
from training.bundle.evidence import collect_evidence
from training.candidates.gradient_boosting import LIGHTGBM
from training.compiler.derivations import parse_expression

if TYPE_CHECKING:
    from training.candidates import Settings
    from training.features.dataset import LabelledDataset
    from training.features.feature_space import FeatureSpace
    from training.selection.pipeline import TrainedModel

SMALL: Settings = {"n_trees": 8, "max_depth": 3, "num_leaves": 8, "learning_rate": 0.2}


@pytest.fixture(scope="module")
def figures(trained_trees: TrainedModel) -> dict[str, object]:
    """Return what the measure of the real sample writes, of the small population."""
    evidence = collect_evidence(trained_trees)
    return {
        "champion": "lightgbm",
        "rule": evidence.rule,
        "candidates": [one.model_dump() for one in evidence.candidates],
        "policies": [one.model_dump() for one in evidence.policies],
        "ratios": [one.model_dump() for one in evidence.ratios],
        "stability": evidence.stability.model_dump(),
    }


def test_candidates_name_the_champion_and_its_cost(figures: dict[str, object], trained_trees: TrainedModel) -> None:
    """The champion is in bold, with the cost of its assessment."""
    said = candidates(figures)

    assert f"| **lightgbm** | {trained_trees.champion.cost:.4f} [" in said
    assert "Chosen: **lightgbm**" in said


def test_policies_say_every_ratio_and_the_optimism(figures: dict[str, object]) -> None:
    """From 1:1 to 50:1, and what the threshold flatters itself by."""
    said = policies(figures)

    assert "| 1:1 | 0.5000 |" in said
    assert "| 50:1 | 0.0196 |" in said
    assert "refuse from the theory's threshold | 0.0909" in said


def test_nothing_measured_is_nothing_said() -> None:
    """A page without these measures has no empty tables."""
    assert [section({}) for section in (candidates, policies, automl, ablation)] == [""] * 4


def test_automl_stands_beside_the_model() -> None:
    """Budget, figures and the paired difference are those of the measure."""
    one = {
        "cost": {"value": 0.5, "low": 0.4, "high": 0.6},
        "auc": {"value": 0.7, "low": 0.6, "high": 0.8},
        "brier": 0.06,
        "n_inputs": 20,
    }
    measured = {"minutes": 7.0, "tool": "a tool", "winners": ["lgbm"], "automl": one, "model": one}
    gaps = {"cost_difference": -0.01, "cost_standard_error": 0.02}
    said = automl(measured | gaps | {"log_loss_difference": 0.0, "log_loss_standard_error": 0.1})

    assert "a tool, 7 minutes over all folds" in said
    assert "cost -0.0100 (s.e. 0.0200)" in said


def test_ablation_words_every_change() -> None:
    """A change is said in words, with its verdict."""
    change = {"cost": 0.5, "auc": 0.7, "cost_difference": 0.0, "cost_standard_error": 0.0}
    said = ablation({"base": change | {"log_loss_difference": -0.01, "log_loss_standard_error": 0.001}})

    assert "LightGBM as the comparison has it | 0.5000 | 0.7000" in said
    assert said.endswith("| helps |")


@pytest.mark.parametrize("expression", MORE_RATIOS)
def test_ratios_are_written_in_the_language_of_derivations(expression: str) -> None:
    """What is measured could be served."""
    assert parse_expression(expression)


def test_frequency_coding_keeps_missing_and_learns_no_target() -> None:
    """A category becomes its share of the training rows."""
    rows = np.array([[0.0], [0.0], [1.0], [np.nan]])

    np.testing.assert_array_equal(coded(rows, {0: np.array([0.75, 0.25])})[:, 0], [0.75, 0.75, 0.25, np.nan])


def test_contenders_train_and_score(small_dataset: LabelledDataset, small_space: FeatureSpace) -> None:
    """Each variant is another model than the base, and two of them are not for export."""
    features = small_space.compute(small_dataset.rows)
    base = LIGHTGBM.candidate(SMALL, seed=0, name="base")
    variants = [
        base,
        frequency_coded(base),
        monotone(base, small_space.feature_names),
        native_categories(SMALL, seed=0),
    ]
    fitted = [one.fit(features, small_dataset.default, small_space.n_codes) for one in variants]
    scores = [one.score(features[:300]).tolist() for one in fitted]

    assert len({tuple(one) for one in scores}) == 4
    assert [one.exportable for one in variants] == [True, False, True, False]
    assert fitted[1].contributions(features[:5]).shape == (5, features.shape[1] + 1)
    with pytest.raises(NotImplementedError, match="not exported"):
        fitted[1].neutral_form()
