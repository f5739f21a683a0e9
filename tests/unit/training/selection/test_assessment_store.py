"""Finished assessments are found again, and only where nothing has changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from training.candidates.logistic import LOGISTIC_REGRESSION
from training.selection.assessment_store import AssessmentStore, OutOfFold, fingerprint
from training.selection.assessments import assess
from training.selection.development import Development
from training.selection.effort import Effort
from training.selection.pipeline import train_model

if TYPE_CHECKING:
    from pathlib import Path

    from training.candidates import Candidate, FittedModel
    from training.compiler.columns import Columns
    from training.features.dataset import LabelledDataset
    from training.features.feature_space import FeatureSpace
    from training.selection.assessments import Assessment

RESULT = OutOfFold(np.array([0.5, -1.0]), np.zeros(2), 1.5, 100, 20.0)


@pytest.fixture
def store(tmp_path: Path) -> AssessmentStore:
    """Return an empty store."""
    return AssessmentStore(tmp_path / "assessments")


def test_store_gives_back_what_it_keeps(store: AssessmentStore) -> None:
    """All figures come back as they were."""
    store.keep("k", RESULT)
    kept = store.recall("k")
    assert kept is not None

    np.testing.assert_array_equal(kept.score, RESULT.score)
    assert replace(kept, score=RESULT.score, importance=RESULT.importance) == RESULT


@pytest.mark.parametrize("content", [b"", b"half a file", b"PK\x03\x04 broken"])
def test_store_ignores_what_it_cannot_read(content: bytes, store: AssessmentStore) -> None:
    """A damaged file is as good as none: the work is done again."""
    store.keep("k", RESULT)
    (store.folder / "k.npz").write_bytes(content)

    assert store.recall("k") is None
    assert store.recall("never kept") is None


def test_fingerprint_follows_settings_and_rows() -> None:
    """Another setting, another value or another order gives another name."""
    rows = np.arange(6.0)
    names = {
        fingerprint({"C": 1}, rows),
        fingerprint({"C": 2}, rows),
        fingerprint({"C": 1}, rows[::-1]),
        fingerprint({"C": 1}, rows.reshape(2, 3)),
    }

    assert len(names) == 4


class CountedFits:
    """The regression, counting how often it is trained, and stopping by Ctrl-C if asked to."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.count = 0
        self.stop_after = stop_after

    def candidate(self) -> Candidate:
        """Return the counted regression."""
        return replace(LOGISTIC_REGRESSION.candidate(seed=0), fit=self)

    def __call__(
        self, features: np.ndarray, default: np.ndarray, columns: Columns, weight: np.ndarray | None = None, /
    ) -> FittedModel:
        """Train and count."""
        if self.count == self.stop_after:
            raise KeyboardInterrupt
        self.count += 1
        return LOGISTIC_REGRESSION.candidate(seed=0).fit(features, default, columns, weight)


def judged(
    fits: CountedFits, store: AssessmentStore, data: LabelledDataset, space: FeatureSpace, seed: int = 0
) -> Assessment:
    """Assess the counted regression over the small population."""
    return assess(fits.candidate(), Development.of(data, space, n_folds=3, seed=seed), store=store)


def test_assessing_twice_trains_once(
    store: AssessmentStore, small_dataset: LabelledDataset, small_space: FeatureSpace
) -> None:
    """The second time everything is found; other folds are another assessment."""
    fits = CountedFits()
    first, second = (judged(fits, store, small_dataset, small_space) for _ in range(2))

    assert fits.count == 3
    assert (first.cost, first.auc, first.threshold) == (second.cost, second.auc, second.threshold)
    judged(fits, store, small_dataset, small_space, seed=1)
    assert fits.count == 6


class TwoCandidates(Effort):
    """A run with two counted candidates."""

    def candidates(self, *, seed: int) -> list[Candidate]:
        """Return both, the second of another name."""
        del seed  # nothing is random in them
        first, second = (fits.candidate() for fits in COUNTED)
        return [replace(first, name="first"), replace(second, name="second")]


COUNTED = [CountedFits(), CountedFits()]


def test_interrupted_run_goes_on_from_finished_assessments(
    store: AssessmentStore, small_dataset: LabelledDataset, small_space: FeatureSpace
) -> None:
    """Stopped in the second candidate, the run starts again with the first one's folds done."""
    effort = TwoCandidates(3, (), {"n_trees": 10, "max_depth": 2, "num_leaves": 4})
    COUNTED[1].stop_after = 0
    with pytest.raises(KeyboardInterrupt):
        train_model(small_dataset, small_space, effort, seed=0, store=store, say=str)
    done = COUNTED[0].count
    COUNTED[1].stop_after = None
    train_model(small_dataset, small_space, effort, seed=0, store=store, say=str)

    assert done == 3
    assert [fits.count for fits in COUNTED] == [3 + 1, 3]  # the champion is trained once more, to be served
