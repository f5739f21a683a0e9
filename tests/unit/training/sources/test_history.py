"""Histories against the applications they belong to."""

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


def test_rows_of_unknown_applicants_are_reported(tables: Tables, folder_of: FolderOf) -> None:
    """A history of somebody who did not apply is counted, with an example, and not used."""
    tables["credit_card_balance"].loc[[0, 1], "SK_ID_CURR"] = 999_999
    note = "credit_card_balance: 2 rows belong to no known application (for example SK_ID_CURR 999999)"

    assert f"{note}; left out of the features" in load_sources(folder_of(tables, "credit_card_balance")).notes


def test_rows_of_unknown_bureau_credits_are_reported(tables: Tables, folder_of: FolderOf) -> None:
    """Months of a credit that bureau does not list are counted and not used."""
    tables["bureau_balance"].loc[[0, 1, 2], "SK_ID_BUREAU"] = 7
    message = (
        "bureau_balance: 3 rows belong to no known bureau credit (for example SK_ID_BUREAU 7); left out of the features"
    )

    assert message in load_sources(folder_of(tables, "bureau", "bureau_balance")).notes


def test_coverage_is_the_share_of_train_applications(tables: Tables, folder_of: FolderOf) -> None:
    """Three train applications in four have a history; bureau_balance is counted through bureau."""
    manifest = load_sources(folder_of(tables, "bureau", "bureau_balance", "credit_card_balance")).manifest
    coverage = {entry.table: entry.coverage for entry in manifest.files}

    assert coverage["application_train"] is None
    assert coverage["bureau"] == coverage["bureau_balance"] == coverage["credit_card_balance"] == 0.75


def test_history_of_too_few_is_left_out_with_what_hangs_on_it(tables: Tables, folder_of: FolderOf) -> None:
    """A table below the least coverage is left out, its months with it, and the note says how to use it."""
    bureau = tables["bureau"]
    tables["bureau"] = bureau[bureau["SK_ID_CURR"].isin(bureau["SK_ID_CURR"].unique()[:3])]
    sources = load_sources(folder_of(tables, "bureau", "bureau_balance", "POS_CASH_balance"))

    assert sources.tables == ("application", "POS_CASH_balance")
    assert sources.notes[:2] == (
        (
            "bureau: left out, as only 7.5% of the training applications have a row in it "
            "(at least 10% are needed to learn from it); name it with --tables to use it all the same"
        ),
        "bureau_balance: left out with bureau, on which it hangs",
    )
    assert {entry.table for entry in sources.manifest.files if not entry.kept} == {"bureau", "bureau_balance"}


def test_table_asked_for_is_used_whatever_its_coverage(tables: Tables, folder_of: FolderOf) -> None:
    """Asking for a table settles it; names are taken in any case, and tables not asked for are not read."""
    tables["POS_CASH_balance"] = tables["POS_CASH_balance"].head(5)
    tables["bureau"] = tables["bureau"].drop(columns="DAYS_CREDIT")

    assert load_sources(folder_of(tables, "bureau", "POS_CASH_balance"), tables=["pos_cash_balance"]).tables == (
        "application",
        "POS_CASH_balance",
    )


def test_no_table_may_be_asked_for(tables: Tables, folder_of: FolderOf) -> None:
    """An empty choice means the applications alone."""
    assert load_sources(folder_of(tables, "bureau"), tables=()).tables == ("application",)


def test_unknown_table_is_refused(tables: Tables, folder_of: FolderOf) -> None:
    """A name that is no table is told beside those that are."""
    with pytest.raises(DataError, match=r"TRN115: there is no table 'burau'; the tables are application, bureau, "):
        load_sources(folder_of(tables, "bureau"), tables=["burau"])


def test_table_without_its_parent_is_refused(tables: Tables, folder_of: FolderOf) -> None:
    """Months of credits mean nothing without the credits."""
    with pytest.raises(
        DataError, match=r"TRN116: bureau_balance hangs on bureau, which was not asked for; ask for both"
    ):
        load_sources(folder_of(tables, "bureau", "bureau_balance"), tables=["bureau_balance"])


@pytest.mark.parametrize(("absent", "asked"), [("application_train", None), ("bureau", ["bureau"])])
def test_needed_file_that_is_absent_is_named(
    tables: Tables, folder_of: FolderOf, absent: str, asked: list[str] | None
) -> None:
    """The applications are always needed, a history when it is asked for."""
    del tables[absent]

    with pytest.raises(DataError, match=rf"TRN102: {absent} is not in .*; put {absent}\.csv \(or"):
        load_sources(folder_of(tables), tables=asked)


def test_history_that_is_needed_can_be_done_without(tables: Tables, folder_of: FolderOf) -> None:
    """Where a history was asked for by name or by a bundle, the way to go on without it is told."""
    del tables["bureau"], tables["bureau_balance"]

    with pytest.raises(DataError, match=r"TRN102: bureau is .*, or name only the histories you have with --tables"):
        load_sources(folder_of(tables), tables=["bureau"])
