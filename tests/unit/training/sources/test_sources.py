"""The way from a folder to checked tables, as a whole."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from features.tables import HISTORY_TABLES
from tests.builders.sample import AS_IN_REAL_TABLES, home_credit_sample
from training.sources import load_sources

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd
    import pytest


def test_faultless_folder_needs_no_note(
    tables: dict[str, pd.DataFrame], folder_of: Callable[[dict[str, pd.DataFrame]], Path]
) -> None:
    """Seven tables in order give seven views and nothing to report."""
    sources = load_sources(folder_of(tables))

    assert sources.tables == ("application", *HISTORY_TABLES)
    assert sources.notes == ()


def test_real_sample_loads_and_leaves_its_histories_out() -> None:
    """The real sample is read, and its histories cover too few applications, which is said of each."""
    sources = load_sources(home_credit_sample())

    assert sources.tables == ("application",)
    applications = [note for note in sources.notes if note.startswith("application_")]
    histories = [note for note in sources.notes if note not in applications]
    assert [note.split(":")[0] for note in applications] == list(AS_IN_REAL_TABLES[:2])
    assert list(dict.fromkeys(note.split(":")[0] for note in histories)) == list(HISTORY_TABLES)
    assert all("left out" in note for note in histories)


def test_real_histories_agree_with_their_declaration() -> None:
    """The notes of the real histories are of what is known not to be what it looks, and of payments of others."""
    sources = load_sources(home_credit_sample(), tables=HISTORY_TABLES)

    assert {note.split(":")[0] for note in sources.notes} == {*AS_IN_REAL_TABLES, "installments_payments"}


def test_loading_leaves_no_file_open(
    tables: dict[str, pd.DataFrame],
    folder_of: Callable[[dict[str, pd.DataFrame]], Path],
    recwarn: pytest.WarningsRecorder,
) -> None:
    """Files and databases are closed as soon as they have been read."""
    warnings.simplefilter("always")
    load_sources(folder_of(tables))

    assert [warning for warning in recwarn if warning.category is ResourceWarning] == []
