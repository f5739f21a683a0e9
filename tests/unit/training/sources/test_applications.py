"""Train and test applications, their outcome and their bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from training.errors import DataError
from training.sources import load_sources

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    type Tables = dict[str, pd.DataFrame]
    type FolderOf = Callable[..., Path]


def test_application_in_train_and_test_is_refused(tables: Tables, folder_of: FolderOf) -> None:
    """One application in both files would be learned from and judged on."""
    shared = int(tables["application_train"]["SK_ID_CURR"].iloc[3])
    tables["application_test"].loc[0, "SK_ID_CURR"] = shared
    message = rf"TRN112: 1 SK_ID_CURR is in application_train and application_test, for example {shared}; remove them"

    with pytest.raises(DataError, match=message):
        load_sources(folder_of(tables, "bureau"))


@pytest.mark.parametrize("outcome", [2, None])
def test_outcome_other_than_0_or_1_is_refused(tables: Tables, folder_of: FolderOf, outcome: int | None) -> None:
    """Every train application has an outcome, 0 or 1."""
    tables["application_train"].loc[[2, 3], "TARGET"] = outcome
    message = r"TRN113: application_train\.TARGET: 2 rows are neither 0 nor 1, for example SK_ID_CURR 100003; correct"

    with pytest.raises(DataError, match=message):
        load_sources(folder_of(tables, "bureau"))


def test_outcome_of_one_class_is_refused(tables: Tables, folder_of: FolderOf) -> None:
    """Nothing can be learned where nobody defaulted."""
    tables["application_train"]["TARGET"] = 0

    with pytest.raises(
        DataError, match=r"TRN114: application_train\.TARGET has one value only; give applications with"
    ):
        load_sources(folder_of(tables, "bureau"))


def test_test_applications_are_optional(tables: Tables, folder_of: FolderOf) -> None:
    """Train applications alone are enough."""
    del tables["application_test"]
    folder = folder_of(tables, "bureau")
    with load_sources(folder).connect() as database:
        found = database.execute("SELECT POPULATION, count(TARGET) FROM application GROUP BY 1").fetchall()

    assert found == [("train", 40)]


@pytest.mark.parametrize("absent", ["application_train", "application_test"])
def test_applications_to_score_need_one_file_only(tables: Tables, folder_of: FolderOf, absent: str) -> None:
    """New applications can be scored alone: without the other file, without two outcomes."""
    tables["application_train"]["TARGET"] = 0
    del tables[absent]
    sources = load_sources(folder_of(tables, "bureau"), labelled=False)
    (present,) = {"application_train", "application_test"} - {absent}
    with sources.connect() as database:
        found = database.execute("SELECT DISTINCT POPULATION FROM application").fetchall()

    assert {("application_train",), ("application_test",)} - {(f"application_{kind}",) for (kind,) in found} == {
        (absent,)
    }
    assert f"{absent}: not in the folder; the applications are those of {present} alone" in sources.notes


def test_outcomes_nobody_learns_from_are_reported(tables: Tables, folder_of: FolderOf) -> None:
    """Features are computed whatever the outcomes are; those that training would refuse are said."""
    tables["application_train"].loc[[0, 1], "TARGET"] = 2
    example = tables["application_train"].loc[[0, 1], "SK_ID_CURR"].min()
    sources = load_sources(folder_of(tables, "bureau"), labelled=False)

    assert (
        f"application_train.TARGET: 2 rows are neither 0 nor 1, for example SK_ID_CURR {example}; "
        "carried as they are, training refuses them"
    ) in sources.notes


def test_misspelt_applications_are_pointed_at(tables: Tables, folder_of: FolderOf) -> None:
    """Where only the file to score is recognised, the other one's likely name is told."""
    folder = folder_of(tables, "bureau")
    (folder / "application_train.csv").rename(folder / "applications_train.csv")

    assert (
        "application_train: not in the folder (is applications_train.csv meant? It is not read); "
        "the applications are those of application_test alone"
    ) in load_sources(folder, labelled=False).notes


def test_outcome_of_a_test_file_is_never_used(tables: Tables, folder_of: FolderOf) -> None:
    """A TARGET in the test file is an extra column: ignored and said."""
    tables["application_test"]["TARGET"] = 1
    sources = load_sources(folder_of(tables, "bureau"))
    with sources.connect() as database:
        ((known,),) = database.execute("SELECT count(TARGET) FROM application WHERE POPULATION = 'test'").fetchall()

    assert known == 0
    assert "application_test: columns not in the Home Credit layout are ignored (TARGET)" in sources.notes


def test_value_outside_the_bounds_is_reported_and_kept(tables: Tables, folder_of: FolderOf) -> None:
    """Training keeps a row the service would refuse, and says so."""
    tables["application_train"].loc[0, "DAYS_BIRTH"] = -40_000
    sources = load_sources(folder_of(tables, "bureau"))
    with sources.connect() as database:
        ((oldest,),) = database.execute("SELECT min(DAYS_BIRTH) FROM application").fetchall()

    assert oldest == -40_000
    key = tables["application_train"].loc[0, "SK_ID_CURR"]
    assert sources.notes[0] == (
        f"application.DAYS_BIRTH: 1 row has a value outside -36525…-6575, for example SK_ID_CURR {key}, "
        "kept as it is; the service refuses such a value"
    )
