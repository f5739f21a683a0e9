"""How many applications break each rule, counted on tables with a fault put in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from benchmarks.population.rules import broken_rules
from training.population.drawing.generate import Plan, generate
from training.population.drawing.profile import load_profile

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.report import Figures


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the tables of a small draw, in which ten applicants get an instalment above their credit."""
    folder = tmp_path_factory.mktemp("drawn")
    generate(load_profile(), Plan(600, 3), folder, "parquet")
    path = folder / "application_train.parquet"
    table = pq.read_table(path)
    amounts = table["AMT_ANNUITY"].to_pylist()
    amounts[:10] = [amount + 1.0 for amount in table["AMT_CREDIT"].to_pylist()[:10]]
    place = table.column_names.index("AMT_ANNUITY")
    pq.write_table(table.set_column(place, table.schema.field(place), [amounts]), path)
    return folder


@pytest.fixture(scope="module")
def figures(drawn: Path) -> Figures:
    """Return what was counted there."""
    return broken_rules(drawn)


def test_applications_that_break_a_rule_are_counted(figures: Figures) -> None:
    """Ten of those that give both fields break it, and are the share that breaks anything impossible."""
    found = figures["forms"]["echeance_superieure_au_credit"]

    assert found["broken"] == 10
    assert found["rate"] == 10 / found["asked"]
    assert figures["broken_share"]["impossible"] == 10 / figures["applications"]


def test_the_sample_population_breaks_nothing_impossible_by_itself(figures: Figures) -> None:
    """What is drawn keeps every rule of the impossible, the histories among them."""
    broken = [form for form, one in figures["forms"].items() if one["rate"] > 0.001]

    assert set(broken) <= {
        "echeance_superieure_au_credit",
        "echeance_trop_lourde",
        "credit_avant_la_majorite",
        "credit_superieur_au_prix",
        "retraite_avec_emploi",
        "emploi_sans_employeur",
        "credit_sans_rapport_avec_le_revenu",
    }
