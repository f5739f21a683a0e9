"""Promises at the door: what a window must be, and what it gives."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pytest

from monitoring.errors import MonitoringError
from monitoring.windows.parquet import WindowSource, open_window
from tests.unit.monitoring.builders import THRESHOLD, Columns, draw_window, write_scores, write_window

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.monitoring.conftest import Bench

N = 40


def without(name: str) -> Callable[[Columns], Columns]:
    """Return a change that drops a column."""
    return lambda columns: {key: values for key, values in columns.items() if key != name}


def test_a_selector_is_read_only_at_the_end() -> None:
    """A colon elsewhere belongs to the path."""
    assert WindowSource.parse("a:b/c.parquet") == WindowSource(Path("a:b/c.parquet"))
    assert WindowSource.parse("a:b/c.parquet:train") == WindowSource(Path("a:b/c.parquet"), "train")


def test_a_selector_keeps_one_population(bench: Bench, tmp_path: Path) -> None:
    """Only the rows of the population asked for are in the window."""
    columns = draw_window(N, seed=3) | {"POPULATION": np.array(["train", "test", "test", "test"] * 10, object)}
    path = write_window(tmp_path / "w.parquet", columns)

    window = open_window(bench.database, WindowSource(path, "train"), bench.contract)

    assert window.n_applications == N // 4
    assert len(window.numbers("AMT_CREDIT")) == N // 4


@pytest.mark.parametrize(
    ("change", "selector", "code"),
    [
        (without("AMT_CREDIT"), None, "MON904"),
        (without("SK_ID_CURR"), None, "MON904"),
        (lambda columns: columns, "train", "MON904"),
        (lambda columns: columns | {"AMT_CREDIT": np.full(N, "12", object)}, None, "MON904"),
        (lambda columns: columns | {"NAME_INCOME_TYPE": np.ones(N)}, None, "MON904"),
        (lambda columns: columns | {"SK_ID_CURR": np.ones(N)}, None, "MON905"),
        (lambda columns: columns | {"POPULATION": np.full(N, "test", object)}, "train", "MON905"),
    ],
)
def test_a_window_that_does_not_fit_is_refused(
    change: Callable[[Columns], Columns], selector: str | None, code: str, bench: Bench, tmp_path: Path
) -> None:
    """Absent or mistyped columns, doubled keys and empty populations are told by their code."""
    path = write_window(tmp_path / "w.parquet", change(draw_window(N, seed=3)))

    with pytest.raises(MonitoringError, match=code):
        open_window(bench.database, WindowSource(path, selector), bench.contract)


def test_a_column_without_any_value_has_no_type(bench: Bench, tmp_path: Path) -> None:
    """A category that is missing throughout is a drift to report, not a wrong type."""
    columns = draw_window(N, seed=3) | {"NAME_INCOME_TYPE": np.full(N, None, object)}
    source = WindowSource(write_window(tmp_path / "w.parquet", columns))

    assert open_window(bench.database, source, bench.contract).category_counts("NAME_INCOME_TYPE") == {None: N}


def test_a_missing_file_is_named(bench: Bench, tmp_path: Path) -> None:
    """The message says which file and what to give instead."""
    with pytest.raises(MonitoringError, match=r"MON902: .*absent\.parquet does not exist"):
        open_window(bench.database, WindowSource(tmp_path / "absent.parquet"), bench.contract)


@pytest.mark.parametrize("content", [b"", b"PAR1 but no more", b"not parquet at all, but long enough to be looked at"])
def test_an_unreadable_file_is_named(content: bytes, bench: Bench, tmp_path: Path) -> None:
    """An empty, truncated or foreign file gives one line."""
    path = tmp_path / "w.parquet"
    path.write_bytes(content)

    with pytest.raises(MonitoringError, match="MON903"):
        open_window(bench.database, WindowSource(path), bench.contract)


def test_a_damaged_column_is_told_when_it_is_read(bench: Bench, tmp_path: Path) -> None:
    """Pages that are broken behind an intact footer do not end in a traceback."""
    path = write_window(tmp_path / "w.parquet", draw_window(2_000, seed=3))
    content = bytearray(path.read_bytes())
    content[8 : len(content) // 2] = bytes(len(content) // 2 - 8)
    path.write_bytes(content)

    with pytest.raises(MonitoringError, match="MON903"):
        open_window(bench.database, WindowSource(path), bench.contract).numbers("AMT_CREDIT")


def test_answers_line_up_with_their_applications(bench: Bench, tmp_path: Path) -> None:
    """Predictions in another order and for further applications are joined one-to-one, with the outcomes."""
    everybody = draw_window(N, seed=3) | {"TARGET": np.arange(N) % 2.0}
    half = {name: values[: N // 2] for name, values in everybody.items()}
    backwards = {name: values[::-1] for name, values in everybody.items()}
    source = WindowSource(
        write_window(tmp_path / "w.parquet", half), scores=write_scores(tmp_path / "s.parquet", backwards)
    )

    predictions = open_window(bench.database, source, bench.contract).predictions(threshold=THRESHOLD)

    assert predictions is not None
    assert len(predictions.probability) == N // 2
    assert predictions.outcome is not None
    assert predictions.outcome.sum() == N // 4


def test_a_sample_is_the_same_in_every_run(bench: Bench) -> None:
    """The rows shown do not change from one run to the next, in another connection."""
    shown = open_window(bench.database, bench.reference, bench.contract).sample(["AMT_CREDIT"], rows=50)
    with duckdb.connect() as other:
        again = open_window(other, bench.reference, bench.contract).sample(["AMT_CREDIT"], rows=50)

    assert list(shown.columns) == ["AMT_CREDIT", "probabilite_de_defaut", "classe"]
    assert len(shown) == 50
    assert shown.equals(again)
