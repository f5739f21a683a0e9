"""The manifest of a folder and its fingerprint."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from training.sources import load_sources

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    type Tables = dict[str, pd.DataFrame]
    type FolderOf = Callable[..., Path]


def test_manifest_describes_each_file(tables: Tables, folder_of: FolderOf) -> None:
    """Name, size, rows and sha256 are those of the file, and the whole can be written as JSON."""
    folder = folder_of(tables, "bureau")
    manifest = load_sources(folder).manifest
    entry = next(entry for entry in manifest.files if entry.table == "bureau")
    content = (folder / "bureau.csv").read_bytes()

    assert (entry.file, entry.size, entry.rows) == ("bureau.csv", len(content), len(tables["bureau"]))
    assert entry.sha256 == hashlib.sha256(content).hexdigest()
    assert json.loads(json.dumps(manifest.as_json()))["fingerprint"] == manifest.fingerprint


def test_fingerprint_stands_for_the_contents(tables: Tables, folder_of: FolderOf) -> None:
    """The same contents give the same fingerprint, one changed value another one."""
    before = load_sources(folder_of(tables, "bureau")).manifest.fingerprint
    again = load_sources(folder_of(tables, "bureau")).manifest.fingerprint
    tables["bureau"].loc[0, "AMT_CREDIT_SUM"] = 1.0
    after = load_sources(folder_of(tables, "bureau")).manifest.fingerprint

    assert before == again != after


def test_fingerprint_ignores_tables_that_are_not_used(tables: Tables, folder_of: FolderOf) -> None:
    """A table left out changes nothing that is learned, hence not the fingerprint."""
    before = load_sources(folder_of(tables, "bureau", "POS_CASH_balance"), tables=["bureau"]).manifest.fingerprint
    tables["POS_CASH_balance"].loc[0, "SK_DPD"] = 1
    after = load_sources(folder_of(tables, "bureau", "POS_CASH_balance"), tables=["bureau"]).manifest.fingerprint

    assert before == after
