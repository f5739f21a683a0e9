"""Batch scoring gives what a request gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from scoring.rules import RuleBook
from scoring.service import ScoredApplication
from training.bundle import batch_scoring
from training.bundle.batch_scoring import Tally, history_tables, score_table, unread_notes
from training.schema import load_inputs

if TYPE_CHECKING:
    from pathlib import Path

    from scoring.bundle import Bundle
    from scoring.service import ScoringService
    from training.features.dataset import Dataset
    from training.features.feature_space import FeatureSpace


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
    table: Path, bundle: Bundle, service: ScoringService, tmp_path: Path
) -> None:
    """Each application gets the probability and the class that a request gets."""
    score_table(bundle, table, tmp_path / "scores.parquet")
    answers = pq.read_table(tmp_path / "scores.parquet").to_pylist()
    requests = pq.read_table(table).to_pylist()
    # The service refuses an application of which too little is known; it is scored here all the same.
    scored = zip(answers, service.score_many(requests, n_reasons=0), strict=True)
    pairs = [(answer, one) for answer, one in scored if isinstance(one, ScoredApplication)]
    answers, expected = [answer for answer, _ in pairs], [one for _, one in pairs]

    assert [one["classe"] for one in answers] == [one.decision.value for one in expected]
    assert [one["proposition"] for one in answers] == [one.proposal.value for one in expected]
    assert [one["probabilite_de_defaut"] for one in answers] == pytest.approx(
        [one.default_probability for one in expected], abs=1e-12
    )


def test_column_that_is_not_there_is_unknown(
    table: Path, bundle: Bundle, service: ScoringService, tmp_path: Path
) -> None:
    """What hinges on a missing column is for a person to decide, as it is where a request leaves the field out."""
    without = pq.read_table(table).drop_columns(["EXT_SOURCE_3"])
    pq.write_table(without, tmp_path / "without.parquet")
    score_table(bundle, tmp_path / "without.parquet", tmp_path / "scores.parquet")
    answers = pq.read_table(tmp_path / "scores.parquet").to_pylist()
    expected = [
        one.proposal.value if isinstance(one, ScoredApplication) else None
        for one in service.score_many(without.to_pylist(), n_reasons=0)
    ]

    assert [one["proposition"] for one in answers] == expected
    assert expected.count("examen") > len(expected) / 4


def test_score_table_in_small_batches_changes_nothing(
    table: Path, bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The size of a batch is a matter of memory only."""
    score_table(bundle, table, tmp_path / "whole.parquet")
    monkeypatch.setattr(batch_scoring, "BATCH", 37)
    sizes: list[int] = []
    tally = score_table(bundle, table, tmp_path / "pieces.parquet", advance=sizes.append)

    assert (tally.applications, max(sizes)) == (500, 37)
    whole, pieces = (pq.read_table(tmp_path / f"{name}.parquet") for name in ("whole", "pieces"))
    np.testing.assert_allclose(whole["probabilite_de_defaut"], pieces["probabilite_de_defaut"], atol=1e-15)


def test_tally_names_what_the_service_would_refuse(bundle: Bundle) -> None:
    """An application without a required value, or with one outside its bounds, is counted by input."""
    inputs = bundle.contract.inputs
    rows = np.full((3, len(inputs)), np.nan)
    required = next(index for index, item in enumerate(inputs) if item.required)
    bounded = next(index for index, item in enumerate(inputs) if item.maximum is not None and index != required)
    rows[1:, required] = 0
    rows[:2, bounded] = (inputs[bounded].maximum or 0) + 1
    tally = Tally()
    tally.add(rows, inputs, RuleBook((), inputs))

    assert tally.absent[inputs[required].name] == 1
    assert (
        f"{inputs[bounded].name}: outside its bounds in 2 of 3 applications; scored here, refused by the service"
        in tally.notes(())
    )


def test_tally_names_the_rules_that_are_broken(bundle: Bundle) -> None:
    """Every rule that applications of a table break is told with their number and with what the service would do."""
    inputs, rules = bundle.contract.inputs, bundle.contract.rules
    place = {item.name: index for index, item in enumerate(inputs)}
    rows = np.full((3, len(inputs)), np.nan)
    rows[:, place["AMT_CREDIT"]] = 50_000.0
    rows[:, place["AMT_ANNUITY"]] = [100_000.0, 100_000.0, 40_000.0]
    tally = Tally()
    tally.add(rows, inputs, RuleBook(rules, inputs))

    assert [note for note in tally.notes(bundle.contract.rules) if "broken by" in note] == [
        "echeance_superieure_au_credit: broken by 2 of 3 applications; scored here, refused by the service",
        "duree_trop_courte: broken by 1 of 3 applications; scored here, sent to a person by the service",
    ]


def test_history_that_is_not_read_is_said(bundle: Bundle) -> None:
    """A model asked without one of its histories answers with its inputs missing, which is told with their number."""
    inputs = bundle.contract.inputs
    names = [item.name for item in inputs]
    unread = inputs[0].table
    n_inputs = sum(item.table == unread for item in inputs)
    kept = [item.name for item in inputs if item.table != unread]
    (note,) = unread_notes(inputs, kept)

    assert unread_notes(inputs, names) == []
    assert note.startswith(f"{unread}: not read; {n_inputs} input")
    assert note.endswith(" missing throughout")


@pytest.mark.parametrize(
    ("name", "tables"),
    [
        ("INSTALMENTS_LATE_SHARE", ["installments_payments"]),
        ("INSTALMENTS_RUNNING_LEFT_SUM", ["previous_application", "installments_payments"]),
        ("BUREAU_OVERDUE_COUNT", ["bureau", "bureau_balance"]),
        ("AMT_CREDIT", []),
    ],
)
def test_every_table_behind_an_input_is_read(name: str, tables: list[str]) -> None:
    """A feature that is made of two tables asks for both of them, so that it is what validation saw."""
    (entry,) = (entry for entry in load_inputs() if entry.name == name)

    assert history_tables([entry]) == tables  # type: ignore[list-item]  # an entry has the name and table of an input
