"""The way from a folder to checked tables, as a whole."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from features.tables import HISTORY_TABLES
from tests.builders.sample import home_credit_sample
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
    """The real sample is read as it is; its histories cover too few applications, which is said of each."""
    sources = load_sources(home_credit_sample())

    assert sources.tables == ("application",)
    assert list(dict.fromkeys(note.split(":")[0] for note in sources.notes)) == list(HISTORY_TABLES)
    assert all("left out" in note for note in sources.notes)


def test_real_histories_agree_with_their_declaration() -> None:
    """Every value of the real histories lies in its vocabulary and range; only payments of others are reported."""
    sources = load_sources(home_credit_sample(), tables=HISTORY_TABLES)

    assert [note.split(":")[0] for note in sources.notes] == ["installments_payments"]


def test_loading_leaves_no_file_open(
    tables: dict[str, pd.DataFrame],
    folder_of: Callable[[dict[str, pd.DataFrame]], Path],
    recwarn: pytest.WarningsRecorder,
) -> None:
    """Files and databases are closed as soon as they have been read."""
    warnings.simplefilter("always")
    load_sources(folder_of(tables))

    assert [warning for warning in recwarn if warning.category is ResourceWarning] == []
