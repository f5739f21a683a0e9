"""Ways to deal with rare defaults: each changes what is learned from, and the export follows it exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from scoring.explanation import LinearExplainer, TreeExplainer
from training.candidates.families import candidate_of
from training.candidates.imbalance import (
    STRATEGIES,
    oversample,
    rebalanced,
)
from training.compiler.ensembles import TreeEnsemble
from training.compiler.leaf_tables import leaf_tables

if TYPE_CHECKING:
    from training.candidates import Candidate, FittedModel, Settings
    from training.compiler.columns import Columns
    from training.compiler.linear import AdditiveModel
    from training.features.dataset import LabelledDataset
    from training.features.feature_space import FeatureSpace

SETTINGS: dict[str, Settings] = {
    "logistic_regression": {"C": 0.05},
    "decision_tree": {"max_depth": 4, "min_samples_leaf": 20},
    "random_forest": {"n_estimators": 5, "max_depth": 4},
    "xgboost": {"n_trees": 10, "max_depth": 3},
    "lightgbm": {"n_trees": 10, "max_depth": 3, "num_leaves": 8},
}


@pytest.fixture(scope="module")
def features(small_dataset: LabelledDataset, small_space: FeatureSpace) -> np.ndarray:
    """Return the features of the small population."""
    return small_space.compute(small_dataset.rows)


class Recorder:
    """A fit that keeps what it was given."""

    def __call__(
        self, features: np.ndarray, default: np.ndarray, columns: Columns, weight: np.ndarray | None = None, /
    ) -> FittedModel:
        """Keep the rows and train a small tree."""
        self.features, self.default, self.weight = features, default, weight
        return candidate_of("decision_tree", SETTINGS["decision_tree"], seed=0).fit(features, default, columns, weight)


def learned_from(strategy: str, data: LabelledDataset, space: FeatureSpace) -> Recorder:
    """Return what a strategy hands to the family behind it."""
    recorder = Recorder()
    STRATEGIES[strategy](recorder, 0)(space.compute(data.rows), data.default, space.columns)
    return recorder


def test_class_weights_give_both_outcomes_the_same_say(
    small_dataset: LabelledDataset, small_space: FeatureSpace
) -> None:
    """The weights of defaults add up to those of the others."""
    given = learned_from("class_weights", small_dataset, small_space)
    assert given.weight is not None

    assert given.weight[given.default == 1].sum() == pytest.approx(given.weight[given.default == 0].sum())


def test_under_sampling_keeps_every_default_and_as_many_others(
    small_dataset: LabelledDataset, small_space: FeatureSpace
) -> None:
    """No default is thrown away."""
    given = learned_from("under_sampling", small_dataset, small_space)
    assert (given.default == 1).sum() == (given.default == 0).sum() == small_dataset.default.sum()


def test_smote_adds_defaults_without_inventing_categories_or_missing_values(
    small_dataset: LabelledDataset, small_space: FeatureSpace
) -> None:
    """Synthetic rows are complete, their categories exist, and their numbers lie among those of real defaults."""
    given = learned_from("smote", small_dataset, small_space)
    column = int(np.flatnonzero(small_space.columns.n_codes)[0])
    credit = small_space.input_names.index("AMT_CREDIT")
    made = given.features[len(small_dataset.ids) :]
    real = given.features[: len(small_dataset.ids)][small_dataset.default == 1]

    assert (given.default == 1).sum() == (given.default == 0).sum()
    assert not np.isnan(given.features).any()
    assert set(made[:, column]) <= set(range(small_space.columns.n_codes[column]))
    assert real[:, credit].min() - 1 <= made[:, credit].min() <= made[:, credit].max() <= real[:, credit].max() + 1


def test_smote_without_categories_works_on_numbers_alone() -> None:
    """A space of numbers needs no coding."""
    generator = np.random.default_rng(0)
    rows, default = generator.normal(size=(100, 2)), np.arange(100) % 10 == 0
    made, outcomes = oversample(rows, default.astype(int), np.zeros(2, np.int64), seed=0)

    assert len(made) == 180
    assert outcomes.mean() == 0.5


@pytest.fixture(params=[*SETTINGS])
def candidate(request: pytest.FixtureRequest) -> Candidate:
    """Return every family that can be rebalanced, with SMOTE."""
    return rebalanced(candidate_of(request.param, SETTINGS[request.param], seed=0), "smote", seed=0)


def test_oversampled_models_are_exported_as_they_answer(
    candidate: Candidate, features: np.ndarray, small_dataset: LabelledDataset, small_space: FeatureSpace
) -> None:
    """The neutral form gives the score and the attributions of the model that learned from synthetic rows."""
    fitted = candidate.fit(features, small_dataset.default, small_space.columns)
    rows = features[:50]
    explainer = explainer_of(fitted.neutral_form())
    explained = np.array([explainer.contributions(row) for row in rows])

    np.testing.assert_allclose(explained.sum(axis=1) + explainer.base_value, fitted.score(rows), atol=1e-9)
    np.testing.assert_allclose(explained, fitted.contributions(rows)[:, :-1], atol=1e-9)


def explainer_of(form: TreeEnsemble | AdditiveModel) -> TreeExplainer | LinearExplainer:
    """Return the explanation that serving would use."""
    if isinstance(form, TreeEnsemble):
        return TreeExplainer(leaf_tables(form))
    return LinearExplainer(form.explainer_arrays(scale=1.0, offset=0.0))


def test_rebalanced_candidates_have_names_of_their_own() -> None:
    """The table tells the ways apart; doing nothing is the candidate itself."""
    plain = candidate_of("xgboost", SETTINGS["xgboost"], seed=0)

    assert rebalanced(plain, "none", seed=0) is plain
    assert [rebalanced(plain, way, seed=0).name for way in STRATEGIES] == [
        "xgboost+class_weights",
        "xgboost+under_sampling",
        "xgboost+smote",
    ]
