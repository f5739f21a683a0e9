"""The card: what its three forms add up to is what the graph answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from scoring.bundle import Bundle
from scoring.features import InputEncoder
from scoring.model import Model
from training.__main__ import main
from training.bundle.card import card_of
from training.bundle.export import Taught, write_bundle
from training.candidates.scorecard import SCORECARD
from training.errors import ModelError
from training.selection.effort import Effort
from training.selection.pipeline import train_model

if TYPE_CHECKING:
    from pathlib import Path

    from training.candidates import Candidate
    from training.features.dataset import LabelledDataset
    from training.features.feature_space import FeatureSpace


class CardOnly(Effort):
    """A run in which the card has no competitor."""

    def boosted_trees(self, *, seed: int) -> Candidate:
        """Return the card in the place of the trees."""
        return SCORECARD.candidate(seed=seed)

    def candidates(self, *, seed: int) -> list[Candidate]:
        """Return the card alone."""
        return [self.boosted_trees(seed=seed)]


@pytest.fixture(scope="module")
def card_bundle(
    small_dataset: LabelledDataset, small_space: FeatureSpace, tmp_path_factory: pytest.TempPathFactory
) -> Bundle:
    """Return the sealed bundle of a card."""
    trained = train_model(small_dataset, small_space, CardOnly(3, ()), seed=0, say=str)
    folder = tmp_path_factory.mktemp("card") / "bundle"
    write_bundle(folder, trained, small_dataset, other_data={}, taught=Taught("r", "f" * 64))
    return Bundle.open(folder)


@pytest.fixture(scope="module")
def written(card_bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of its three forms."""
    out = tmp_path_factory.mktemp("forms") / "carte"
    assert main(["card", "--bundle", str(card_bundle.folder), "--out", str(out)]) == 0
    return out


def test_sql_gives_the_points_and_the_probability_of_the_graph(
    card_bundle: Bundle, written: Path, small_dataset: LabelledDataset
) -> None:
    """Over raw rows with gaps, DuckDB and the sealed graph agree."""
    contract, rows = card_bundle.contract, small_dataset.rows[:500]
    columns = {
        item.name: [
            None if np.isnan(value) else item.categories[int(value)] if item.categories else float(value)
            for value in rows[:, place]
        ]
        for place, item in enumerate(contract.inputs)
    }
    with duckdb.connect() as database:
        database.register("demandes", pa.table({"SK_ID_CURR": list(range(len(rows))), **columns}))
        found = database.execute((written / "carte.sql").read_text(encoding="utf-8")).fetchnumpy()
    order = np.argsort(found["SK_ID_CURR"])
    applications = [{name: values[place] for name, values in columns.items()} for place in range(len(rows))]
    scores = Model.of(card_bundle).score(InputEncoder(contract.inputs).encode(applications))

    np.testing.assert_allclose(found["probabilite_de_defaut"][order], scores.default_probability, atol=1e-12)
    assert contract.points is not None
    assert [contract.points.of(one) for one in scores.margin] == pytest.approx(found["points"][order], abs=0.5 + 1e-6)


def test_json_adds_up_to_the_points_of_the_reply(card_bundle: Bundle, written: Path) -> None:
    """Whoever reads the JSON finds that best and worst bins span what the scale says."""
    told = json.loads((written / "carte.json").read_text(encoding="utf-8"))
    card = card_of(card_bundle)
    best = told["points_de_base"] + sum(
        max(one["points"] for one in row["classes"]) for row in told["caracteristiques"]
    )
    least = card.intercept + sum(min(one.term for one in row.bins) for row in card.rows)

    assert best == pytest.approx(card.scale.of(least))
    assert "| *base* | tous |" in (written / "carte.md").read_text(encoding="utf-8")


def test_points_fall_as_the_declared_risk_rises(card_bundle: Bundle) -> None:
    """Bin by bin, no characteristic of a known direction gives points the wrong way."""
    for row in card_of(card_bundle).rows:
        if row.feature.direction:
            steps = np.diff([one.term for one in row.bins if not one.missing])
            assert (row.feature.direction * steps >= 0).all()


def test_bundle_of_trees_has_no_card(bundle: Bundle) -> None:
    """Trees over several features cannot be read as a card."""
    with pytest.raises(ModelError, match="TRN211"):
        card_of(bundle)
