"""Batch scoring gives what a request gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from training import scores
from training.errors import DataError
from training.scores import score_table

if TYPE_CHECKING:
    from pathlib import Path

    from scoring.service import ScoringService
    from training.dataset import Dataset
    from training.feature_space import FeatureSpace


@pytest.fixture
def table(new_dataset: Dataset, small_space: FeatureSpace, tmp_path: Path) -> Path:
    """Write the applications nobody has seen as a feature table."""
    columns: dict[str, object] = {"SK_ID_CURR": new_dataset.ids}
    for index, entry in enumerate(small_space.inputs):
        values = new_dataset.rows[:, index]
        known = [None if np.isnan(value) else value for value in values]
        columns[entry.name] = (
            [None if value is None else entry.categories[int(value)] for value in known]
            if entry.kind == "category"
            else pa.array(known, pa.float64())
        )
    pq.write_table(pa.table(columns), tmp_path / "features.parquet")
    return tmp_path / "features.parquet"


def test_score_table_answers_as_the_service(
    table: Path, bundle_dir: Path, service: ScoringService, tmp_path: Path
) -> None:
    """Each application gets the probability and the class that a request gets."""
    score_table(bundle_dir, table, tmp_path / "scores.parquet")
    answers = pq.read_table(tmp_path / "scores.parquet").to_pylist()
    requests = pq.read_table(table).to_pylist()
    expected = [service.score(request, n_reasons=0) for request in requests]

    assert [one["classe"] for one in answers] == [one.decision.value for one in expected]
    assert [one["probabilite_de_defaut"] for one in answers] == pytest.approx(
        [one.default_probability for one in expected], abs=1e-12
    )


def test_score_table_in_small_batches_changes_nothing(
    table: Path, bundle_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The size of a batch is a matter of memory only."""
    score_table(bundle_dir, table, tmp_path / "whole.parquet")
    monkeypatch.setattr(scores, "BATCH", 37)
    sizes: list[int] = []
    total = score_table(bundle_dir, table, tmp_path / "pieces.parquet", advance=sizes.append)

    assert (total, max(sizes)) == (500, 37)
    whole, pieces = (pq.read_table(tmp_path / f"{name}.parquet") for name in ("whole", "pieces"))
    np.testing.assert_allclose(whole["probabilite_de_defaut"], pieces["probabilite_de_defaut"], atol=1e-15)


def test_score_table_without_a_bundle_writes_nothing(table: Path, tmp_path: Path) -> None:
    """A folder that is no bundle is one line, and no file appears."""
    with pytest.raises(DataError, match=r"TRN171: the bundle cannot be used: SCR201"):
        score_table(tmp_path / "none", table, tmp_path / "scores.parquet")
    assert not (tmp_path / "scores.parquet").exists()
