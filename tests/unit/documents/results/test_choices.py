"""The sections on how the model was chosen: every figure is looked up, and nothing unmeasured is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from documents.results.choices import ablation, automl, candidates, policies
from training.bundle.evidence import collect_evidence

if TYPE_CHECKING:
    from training.selection.pipeline import TrainedModel


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
