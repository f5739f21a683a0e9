"""The way from a folder of tables to labelled applications: one recipe for whoever learns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.builders.home_credit import small_tables, write_tables
from training.features.learning_data import read_learning_data, stored_inputs, usable_inputs
from training.schema import load_derived, load_inputs

if TYPE_CHECKING:
    from pathlib import Path

    from training.features.learning_data import LearningData

PROTECTED = {entry.name for entry in load_inputs() if entry.protected}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write small tables of every kind."""
    return write_tables(tmp_path_factory.mktemp("data"), small_tables())


@pytest.fixture(scope="module")
def learning(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> LearningData:
    """Return what a model would be learned from."""
    return read_learning_data(folder, tmp_path_factory.mktemp("cache"))


def test_applications_have_the_inputs_of_the_space(learning: LearningData) -> None:
    """Columns stand in the order of the space; every application has its outcome."""
    applications = learning.applications

    assert applications.input_names == learning.space.input_names
    assert len(applications.ids) == len(applications.default) == len(applications.rows)
    assert set(np.unique(applications.default)) <= {0, 1}


def test_protected_attributes_are_no_inputs(learning: LearningData) -> None:
    """They are in the table, for the audit, and not among what a model may read."""
    assert PROTECTED & {entry.name for entry in stored_inputs(learning.table)}
    assert not PROTECTED & set(learning.space.input_names)
    assert [entry.name for entry in usable_inputs(learning.table)] == list(learning.space.input_names)


def test_protected_attributes_can_be_asked_for(folder: Path, tmp_path: Path) -> None:
    """What leaving them out costs is measured with them."""
    assert set(read_learning_data(folder, tmp_path, protected=True).space.input_names) >= PROTECTED


def test_derivations_are_those_that_the_inputs_allow(learning: LearningData) -> None:
    """Every derivation whose inputs are there is part of the space."""
    names = set(learning.space.input_names)
    sources = {
        feature: set(learning.space.sources_of(number)) for number, feature in enumerate(learning.space.feature_names)
    }

    assert all(found <= names for found in sources.values())
    assert {entry.name for entry in learning.space.derived} <= {entry.name for entry in load_derived()}


def test_histories_are_chosen_as_elsewhere(folder: Path, tmp_path: Path) -> None:
    """No history asked for is no history read."""
    learning = read_learning_data(folder, tmp_path, tables=())

    assert learning.sources.tables == ("application",)
    assert {entry.table for entry in learning.space.inputs} == {"application"}
