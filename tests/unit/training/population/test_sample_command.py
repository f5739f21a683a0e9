"""The sample command: what it writes and what it refuses."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from training.commands import sample
from training.errors import DataError
from training.population.drawing.tables import TABLES

if TYPE_CHECKING:
    from pathlib import Path


def run(out: Path, *more: str) -> int:
    """Run the command with the smallest population."""
    parser = argparse.ArgumentParser()
    sample.add_arguments(parser)
    return sample.run(parser.parse_args(["--applications", "200", "--out", str(out), *more]))


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_sample_writes_every_table_in_the_asked_format(tmp_path: Path, form: str) -> None:
    """The folder holds the eight tables in the asked format, and the truth as Parquet."""
    status = run(tmp_path / "out", "--format", form)

    assert status == 0
    expected = {f"{table}.{form}" for table in TABLES} | {"true_default_probability.parquet"}
    assert expected == {path.name for path in (tmp_path / "out").iterdir()}


def test_both_formats_hold_the_same_rows(tmp_path: Path) -> None:
    """A table read from CSV equals the table read from Parquet."""
    run(tmp_path / "a")
    run(tmp_path / "b", "--format", "csv")
    parquet = pd.read_parquet(tmp_path / "a" / "previous_application.parquet").fillna(value=np.nan)
    csv = pd.read_csv(tmp_path / "b" / "previous_application.csv")

    pd.testing.assert_frame_equal(parquet, csv)


def test_sample_replaces_an_earlier_sample(tmp_path: Path) -> None:
    """A folder that holds nothing but a sample may be written again."""
    run(tmp_path / "out", "--format", "csv")

    assert run(tmp_path / "out") == 0
    assert not list((tmp_path / "out").glob("*.csv"))


def test_sample_keeps_folders_that_hold_other_things(tmp_path: Path) -> None:
    """A folder with anything else in it is refused and left alone."""
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(DataError, match=r"TRN154.*thesis\.txt"):
        run(tmp_path)

    assert (tmp_path / "thesis.txt").exists()


@pytest.mark.parametrize(("arguments", "code"), [(["--applications", "199"], "TRN152"), (["--seed", "-1"], "TRN153")])
def test_sample_refuses_what_it_cannot_draw(tmp_path: Path, arguments: list[str], code: str) -> None:
    """Too few applications or a negative seed are refused before anything is written."""
    with pytest.raises(DataError, match=code):
        run(tmp_path / "out", *arguments)

    assert not (tmp_path / "out").exists()
