"""Windows: applications of one period in a Parquet file, read by DuckDB one column at a time."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import numpy as np
from duckdb import ColumnExpression, ConstantExpression

from monitoring.errors import MonitoringError
from monitoring.windows.columns import (
    ABOUT_THE_ROW,
    DECISION,
    KEY,
    OUTCOME,
    POPULATION,
    PROBABILITY,
    THRESHOLD,
    VINTAGE,
    WEIGHT,
)
from monitoring.windows.predictions import Predictions, checked_predictions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from scoring.contract import Contract

POPULATIONS = ("train", "test")
_NUMBER_TYPES = ("DOUBLE", "FLOAT", "DECIMAL", "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "U")
_TEXT_TYPES = ("VARCHAR", "ENUM")


@dataclass(frozen=True, slots=True)
class WindowSource:
    """Where a window is: a file, one of its populations or all of it, and its predictions if there are any.

    Attributes
    ----------
    label
        How a reader calls it, where that is not the name of the file.
    """

    path: Path
    population: str | None = None
    scores: Path | None = None
    label: str = ""

    @classmethod
    def parse(cls, text: str, scores: Path | None = None) -> WindowSource:
        """Read ``FILE.parquet`` or ``FILE.parquet:train``.

        >>> WindowSource.parse("a/features.parquet:test").population
        'test'
        """
        path, colon, selector = text.rpartition(":")
        if colon and selector in POPULATIONS:
            return cls(Path(path), selector, scores)
        return cls(Path(text), None, scores)

    def __str__(self) -> str:
        return f"{self.path}:{self.population}" if self.population else str(self.path)

    @property
    def name(self) -> str:
        """Return how a reader calls the window: the file without its folders."""
        name = self.label or self.path.name
        return f"{name}:{self.population}" if self.population else name


class Window:
    """An opened window; made by `open_window`, which checks it."""

    def __init__(
        self, source: WindowSource, rows: duckdb.DuckDBPyRelation, scores: duckdb.DuckDBPyRelation | None
    ) -> None:
        self.source = source
        self._rows = rows
        self._scores = scores
        self._is_weighted = WEIGHT in rows.columns
        with reading(source.path):
            ((count, weight),) = rows.aggregate(f"count(*), {self._counted}").fetchall()
        self.n_applications, self.n_effective = int(count), float(weight or 0)

    @property
    def _counted(self) -> str:
        """Return what adds up to a number of applications, in SQL."""
        return f"sum({WEIGHT})" if self._is_weighted else "count(*)"

    @property
    def weights(self) -> np.ndarray | None:
        """For how many applications each row counts; ``None`` where each is one."""
        return self.numbers(WEIGHT) if self._is_weighted else None

    @property
    def name(self) -> str:
        """What a reader calls the window."""
        return self.source.name

    @property
    def scores_name(self) -> str | None:
        """What a reader calls its predictions; ``None`` when it has none."""
        return None if self.source.scores is None else self.source.scores.name

    def ordered(self) -> Window:
        """Return the same window, its columns in the order of the key, as its predictions are."""
        return Window(self.source, self._rows.order(KEY), self._scores)

    @property
    def column_types(self) -> dict[str, str]:
        """Return the DuckDB type of each column."""
        return {name: str(kind) for name, kind in zip(self._rows.columns, self._rows.types, strict=True)}

    @property
    def described_columns(self) -> dict[str, str]:
        """Return ``category`` or ``number`` of each column that says something of an application."""
        return {
            name: "category" if _is_text(kind) else "number"
            for name, kind in self.column_types.items()
            if name not in ABOUT_THE_ROW and (_is_text(kind) or kind.startswith(_NUMBER_TYPES))
        }

    def only(self, column: str, value: str) -> Window:
        """Return the applications that bear one value of a category."""
        return Window(
            self.source, self._rows.filter(ColumnExpression(column) == ConstantExpression(value)), self._scores
        )

    def holds_a_value(self, name: str) -> bool:
        """Tell whether a column has a value in any row."""
        with reading(self.source.path):
            return self._rows.select(ColumnExpression(name).alias("value")).count("value").fetchall() != [(0,)]

    def numbers(self, name: str) -> np.ndarray:
        """Return a numeric column as float64, NaN for missing."""
        column = self._rows.select(ColumnExpression(name).cast("DOUBLE").alias(name))
        with reading(self.source.path):
            return as_floats(column.fetchnumpy()[name])

    def categories(self, name: str) -> np.ndarray:
        """Return a category row by row, ``None`` for missing."""
        column = self._rows.select(ColumnExpression(name).cast("VARCHAR").alias(name))
        with reading(self.source.path):
            values = np.ma.asarray(column.fetchnumpy()[name], object)
        # To NumPy, filling with None means filling with its own word for a missing object.
        told = np.array(values.data, object)
        told[np.ma.getmaskarray(values)] = None
        return told

    def category_counts(self, name: str) -> dict[str | None, float]:
        """Return how many applications, by weight, bear each value of a category; ``None`` for missing."""
        kept = [ColumnExpression(WEIGHT)] if self._is_weighted else []
        column = self._rows.select(ColumnExpression(name).cast("VARCHAR").alias("value"), *kept)
        with reading(self.source.path):
            return dict(column.aggregate(f"value, {self._counted}").fetchall())

    def predictions(self, *, threshold: float) -> Predictions | None:
        """Return what the model predicted, or None when the window has no scores.

        Raises
        ------
        MonitoringError
            ``MON906`` applications without a prediction, ``MON907`` predictions that are not probabilities, ``MON908``
            decisions taken at another threshold than the contract's.
        """
        if self._scores is None or self.source.scores is None:
            return None
        kept = [KEY, *(name for name in (OUTCOME, VINTAGE, WEIGHT) if name in self._rows.columns)]
        joined = self._rows.select(*kept).join(self._scores, KEY, how="left").order(KEY)
        with reading(self.source.scores):
            columns = joined.fetchnumpy()
        return checked_predictions(
            probability=as_floats(columns[PROBABILITY]),
            decision=np.ma.filled(columns[DECISION], ""),
            outcome=as_floats(columns[OUTCOME]) if OUTCOME in kept else None,
            # What was decided under another threshold of the environment says so row by row.
            threshold=as_floats(columns[THRESHOLD]) if THRESHOLD in columns else threshold,
            vintage=np.ma.filled(columns[VINTAGE], "inconnu").astype(str) if VINTAGE in kept else None,
            weights=as_floats(columns[WEIGHT]) if WEIGHT in kept else None,
            source=str(self.source.scores),
        )

    def sample(self, names: Sequence[str], *, rows: int) -> pd.DataFrame:
        """Return some columns of at most `rows` applications, the same ones in every run, with their predictions.

        Infinite values become missing. An application that counts for less than one is drawn as much less often.
        """
        drawn = self._rows
        if self._is_weighted:
            drawn = drawn.filter(f"hash({KEY}) / {float(2**64)} < {WEIGHT}")
        # The digest of the key spreads the draw over a file that is sorted by date or by number. Keys are drawn alone:
        # sorting whole applications holds them all.
        keys = drawn.select(KEY).order(f"md5(CAST({KEY} AS VARCHAR)), {KEY}").limit(rows)
        columns = drawn.select(KEY, *(ColumnExpression(name) for name in names))
        columns = columns.set_alias("applications").join(keys.set_alias("drawn"), KEY, how="semi")
        if self._scores is not None:
            columns = columns.join(self._scores.select(KEY, PROBABILITY, DECISION), KEY, how="left")
        with reading(self.source.path):
            drawn_rows: pd.DataFrame = columns.order(KEY).df()
        return drawn_rows.drop(columns=KEY).replace([np.inf, -np.inf], np.nan)


def as_floats(column: object) -> np.ndarray:
    """Return a DuckDB column as float64, NaN where it is masked."""
    return np.ma.filled(np.ma.asarray(column, np.float64), np.nan)


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn a failure of DuckDB into one line that names the file.

    Raises
    ------
    MonitoringError
        ``MON903`` when the file is not Parquet or is damaged.
    """
    try:
        yield
    except duckdb.Error as error:
        raise MonitoringError("MON903", f"{path} cannot be read as Parquet; write the file again") from error


@contextmanager
def opened_database(memory_limit: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a database in memory that spills to disk beyond its limit."""
    with duckdb.connect(config={"memory_limit": memory_limit}) as database:
        yield database


def open_window(database: duckdb.DuckDBPyConnection, source: WindowSource, contract: Contract) -> Window:
    """Open a window and check that it holds what the contract asks for.

    Raises
    ------
    MonitoringError
        ``MON902`` no file, ``MON903`` unreadable, ``MON904`` columns absent or of the wrong type, ``MON905`` no row
        or a key that occurs twice.
    """
    rows = _relation(database, source.path)
    _check_columns(rows, _needed(source, contract), source.path)
    if source.population is not None:
        rows = rows.filter(ColumnExpression(POPULATION) == ConstantExpression(source.population))
    scores = None if source.scores is None else _scores(database, source.scores)
    window = Window(source, rows, scores)
    _check_types(window, contract)
    _check_keys(rows, source.path, described=str(source))
    return window


def _relation(database: duckdb.DuckDBPyConnection, path: Path) -> duckdb.DuckDBPyRelation:
    if not path.is_file():
        raise MonitoringError("MON902", f"{path} does not exist; give a Parquet file, or FILE.parquet:train")
    with reading(path):
        return database.read_parquet(str(path))


def _needed(source: WindowSource, contract: Contract) -> list[str]:
    selector = [] if source.population is None else [POPULATION]
    return [KEY, *selector, *(item.name for item in contract.inputs)]


def _scores(database: duckdb.DuckDBPyConnection, path: Path) -> duckdb.DuckDBPyRelation:
    scores = _relation(database, path)
    _check_columns(scores, [KEY, PROBABILITY, DECISION], path)
    _check_keys(scores, path, described=str(path))
    return scores.select(KEY, PROBABILITY, DECISION, *([THRESHOLD] if THRESHOLD in scores.columns else []))


def _check_columns(rows: duckdb.DuckDBPyRelation, needed: Sequence[str], path: Path) -> None:
    stored = set(rows.columns)
    absent = [name for name in needed if name not in stored]
    if absent:
        listed = ", ".join(absent[:5]) + (f" and {len(absent) - 5} more" if len(absent) > 5 else "")  # noqa: PLR2004
        raise MonitoringError(
            "MON904", f"{path} lacks the column(s) {listed}; make it with `python -m training features`"
        )


def _check_types(window: Window, contract: Contract) -> None:
    kinds = window.column_types
    other = [item.name for item in contract.inputs if _is_text(kinds[item.name]) != (item.kind == "category")]
    # A column without any value has whatever type its writer fell back on.
    wrong = [name for name in other if window.holds_a_value(name)]
    if wrong:
        advice = "numbers are stored as numbers, categories as text"
        raise MonitoringError("MON904", f"{window.source.path} has the wrong type in {', '.join(wrong[:5])}; {advice}")


def _is_text(kind: str) -> bool:
    return kind.startswith(_TEXT_TYPES)


def _check_keys(rows: duckdb.DuckDBPyRelation, path: Path, *, described: str) -> None:
    with reading(path):
        ((count, distinct),) = rows.aggregate(f"count(*), count(DISTINCT {KEY})").fetchall()
    if not count:
        raise MonitoringError("MON905", f"{described} holds no application; choose a window with some")
    if count != distinct:
        detail = f"{count:,} rows for {distinct:,} values of {KEY}"
        raise MonitoringError("MON905", f"{described} is not one row per application: {detail}; remove the duplicates")
