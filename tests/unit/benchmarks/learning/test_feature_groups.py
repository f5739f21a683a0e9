"""Groups of features and columns learned from applicants alike: what is measured is what is said to be."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.learning.alike import with_difference_to_group, with_neighbours
from benchmarks.learning.feature_groups import GROUPS, OF_THE_APPLICATION
from tests.builders.home_credit import small_tables
from tests.oracle.simple_features import simple_features
from training.candidates.gradient_boosting import LIGHTGBM
from training.compiler.columns import Columns
from training.schema import load_derived, load_inputs
from training.selection.splits import fold_numbers

if TYPE_CHECKING:
    from pathlib import Path

    from training.candidates import Candidate

COLUMNS = Columns.free(np.zeros(3, int))
NAMES = ("A", "B", "DAYS_BIRTH")


@dataclass
class Seen:
    """A model that learns nothing and keeps what it was shown."""

    shown: list[np.ndarray] = field(default_factory=list)

    def candidate(self) -> Candidate:
        """Return a candidate that fits this model."""

        def fit(features: np.ndarray, *_: object) -> Seen:
            self.shown.append(features)
            return self

        return replace(LIGHTGBM.candidate(seed=0), fit=fit)

    def score(self, features: np.ndarray) -> np.ndarray:
        """Keep the rows and score them all alike."""
        self.shown.append(features)
        return np.zeros(len(features))


def _rows(n: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    features = np.column_stack([rng.normal(size=n), rng.integers(0, 2, n), rng.integers(-20_000, -8_000, n)])
    return features, (np.arange(n) % 4 == 0).astype(int)


def test_every_grouped_name_is_in_the_dictionary_once() -> None:
    """A group names features that exist, and no feature is in two groups."""
    counted = Counter(name for names in GROUPS.values() for name in names)

    assert set(counted) <= {entry.name for entry in load_inputs()}
    assert set(OF_THE_APPLICATION) <= {entry.name for entry in load_derived()}
    assert set(counted.values()) == {1}


def test_no_row_learns_from_its_own_outcome() -> None:
    """The rate shown with a training row counts the outcomes of the other inner folds, never those of its own."""
    features, default = _rows(60)
    seen = Seen()
    with_neighbours(seen.candidate(), NAMES, ["A"]).fit(features, default, COLUMNS)
    fold = fold_numbers(default, n_folds=5, seed=0)
    # Fewer rows than neighbours: all of the others are neighbours.
    expected = [default[fold != own].mean() for own in fold]

    assert np.allclose(seen.shown[0][:, -1], expected)


def test_neighbours_of_a_new_row_are_the_training_rows() -> None:
    """With fewer rows than neighbours asked for, everybody's rate is that of the training rows."""
    features, default = _rows(60)
    seen = Seen()
    with_neighbours(seen.candidate(), NAMES, ["A"]).fit(features, default, COLUMNS).score(features[:5])

    assert np.allclose(seen.shown[-1][:, -1], default.mean())


def test_difference_is_to_the_mean_of_the_group() -> None:
    """Rows of one group differ from its mean by nothing on average; a new group has no mean."""
    features, default = _rows(200)
    seen = Seen()
    model = with_difference_to_group(seen.candidate(), NAMES, ["B"], ["A"]).fit(features, default, COLUMNS)
    model.score(np.array([[1.0, 9.0, -9_000.0]]))
    difference = seen.shown[0][:, -1]

    assert abs(difference[features[:, 1] == 0].mean()) < 1e-12
    assert np.isnan(seen.shown[-1][0, -1])


def test_public_kernel_describes_every_labelled_application(tmp_path: Path) -> None:
    """Its columns have one row for each application, histories or not."""
    tables = small_tables()
    for name, rows in tables.items():
        rows.to_parquet(tmp_path / f"{name}.parquet")
    found = simple_features(tmp_path)

    assert found.index.tolist() == sorted(tables["application_train"]["SK_ID_CURR"])
    assert {"BURO_DAYS_CREDIT_mean", "REFUSED_CNT_PAYMENT_sum", "INSTAL_DPD_max", "CC_AMT_BALANCE_var"} <= set(found)
