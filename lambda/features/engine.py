"""The feature SQL over one dossier, in DuckDB as training has it (the only importer of DuckDB here).

In process, in memory, on one thread; no file, no network, no extension. Statements are planned once, before the first
dossier. On a handful of rows an engine's time goes into setting operators and expressions up, not into the rows.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

import duckdb

from features.cleaning import SQL_TYPES, clean_rows_sql
from features.pruning import names_listed, prune, tables_of
from features.quoting import identifier, literal
from features.sql import KEY, aggregate_sql, feature_sql, joined_sql
from features.tables import HISTORY_TABLES, TABLE_NAMES, load_table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from features.tables import Column

type Value = float | int | str | None
type Columns = Mapping[str, Sequence[Value]]

# Rules of the optimizer that add operators, to spare work on many rows.
_FOR_MANY_ROWS: Final = "compressed_materialization,common_subplan"
# In this order: the last two let nothing be set, or reached, any more.
_SETTINGS: Final = (
    "threads = 1",
    "memory_limit = '512MB'",
    "temp_directory = ''",
    f"disabled_optimizers = '{_FOR_MANY_ROWS}'",
    "autoinstall_known_extensions = false",
    "autoload_known_extensions = false",
    "allow_community_extensions = false",
    "enable_external_access = false",
    "lock_configuration = true",
)
_NOTHING: Final = "[]"
_ROW: Final = "history"
# A dossier is of one applicant: whoever that is, the number is the same.
_APPLICANT: Final = f"CAST(0 AS BIGINT) AS {KEY}"


_written: Final = json.JSONEncoder(ensure_ascii=False).encode


class EngineError(Exception):
    """The engine failed on rows that passed every check; it is opened anew for the next."""


@dataclass(frozen=True)
class _Statement:
    """A statement to prepare.

    `names` are the features it gives, `reads` the columns it is given, by table; `nothing` are the features of an
    applicant of whom it gives no row.
    """

    name: str
    sql: str
    names: tuple[str, ...]
    reads: Mapping[str, tuple[str, ...]]
    nothing: tuple[Value, ...]

    def arguments(self, tables: Mapping[str, Columns]) -> list[str]:
        """Return the columns it reads, each as a text that DuckDB casts to a list."""
        return [
            _written(tables[table][name]) if table in tables else _NOTHING
            for table, names in self.reads.items()
            for name in names
        ]


class FeatureEngine:
    """Computes the features of one applicant by the files in ``lambda/features``.

    Parameters
    ----------
    wanted
        Features to compute, by the raw table whose SQL gives them.
    """

    def __init__(self, wanted: Mapping[str, Sequence[str]]) -> None:
        self._turn = threading.Lock()  # a connection runs one statement at a time
        self.database = _opened()
        self._statements = {
            table: _statement(self.database, table, tuple(wanted[table])) for table in TABLE_NAMES if wanted.get(table)
        }
        _prepare(self.database, self._statements.values())

    @classmethod
    def computing(cls, table_of: Mapping[str, str]) -> Self:
        """Return the engine of some features, given by name with the raw table whose SQL gives each."""
        wanted: dict[str, list[str]] = {}
        for name, table in table_of.items():
            wanted.setdefault(table, []).append(name)
        return cls(wanted)

    @staticmethod
    def tables_giving(names: Collection[str]) -> dict[str, str]:
        """Return the raw table whose SQL gives each feature as a number; a name that none gives is left out."""
        if not names:
            return {}
        database = _opened()
        try:
            return {
                name: table
                for table in TABLE_NAMES
                for name in _names_given(database, table)
                if name in names and not _is_text(table, name)
            }
        finally:
            database.close()

    @property
    def reads(self) -> dict[str, frozenset[str]]:
        """Columns of the raw tables that the features are made of, by table."""
        found: dict[str, frozenset[str]] = {}
        for statement in self._statements.values():
            for table, names in statement.reads.items():
                found[table] = found.get(table, frozenset()) | frozenset(names)
        return found

    def compute(self, tables: Mapping[str, Columns]) -> dict[str, Value]:
        """Return the features of the tables that are given; those of the others are not in the answer.

        Parameters
        ----------
        tables
            Checked columns of the raw tables, by name: numbers as such, categories as texts, None for missing. A table
            without rows has empty columns.

        Raises
        ------
        EngineError
            When DuckDB fails; the message quotes no value.
        """
        features: dict[str, Value] = {}
        with self._turn:
            for table, statement in self._statements.items():
                if table in tables:
                    features.update(zip(statement.names, self._run(statement, tables), strict=True))
        return features

    def _run(self, statement: _Statement, tables: Mapping[str, Columns]) -> tuple[Value, ...]:
        arguments = statement.arguments(tables)
        # Many applicants have nothing in a table.
        return self._execute(statement, arguments) if any(map(_NOTHING.__ne__, arguments)) else statement.nothing

    def _execute(self, statement: _Statement, arguments: Iterable[str]) -> tuple[Value, ...]:
        try:
            # Parameters of an EXECUTE have to be constants: they are quoted.
            given = ", ".join(map(literal, arguments))
            found = self.database.execute(f"EXECUTE {identifier(statement.name)}({given})").fetchall()
        except duckdb.Error as error:
            self._reopen()
            raise EngineError(f"DuckDB failed on the features of {statement.name}: {type(error).__name__}") from error
        (row,) = found or [statement.nothing]
        return tuple(row)

    def _reopen(self) -> None:
        """Begin anew with a sound database: after an internal error DuckDB answers nothing any more."""
        self.database.close()
        self.database = _opened()
        _prepare(self.database, self._statements.values())


def _opened() -> duckdb.DuckDBPyConnection:
    database = duckdb.connect()
    for setting in _SETTINGS:
        database.execute(f"SET {setting}")
    return database


def _prepare(database: duckdb.DuckDBPyConnection, statements: Iterable[_Statement]) -> None:
    for statement in statements:
        database.execute(f"PREPARE {identifier(statement.name)} AS {statement.sql}")


def _statement(database: duckdb.DuckDBPyConnection, table: str, names: tuple[str, ...]) -> _Statement:
    """Return the statement that computes some features of a table."""
    tree = json.loads(_one(database, "json_serialize_sql", feature_sql(table)))
    said = prune(tree, {KEY, *names})
    pruned = _one(database, "json_deserialize_sql", json.dumps(tree))
    read = tables_of(tree)
    reads = {name: _columns_read(name, said) for name in TABLE_NAMES if name in read}
    rows, place = [], 1
    for name, columns in reads.items():
        rows.append(f"{identifier(name)} AS ({_rows_sql(name, columns, place)})")
        place += len(columns)
    of_history = table in HISTORY_TABLES
    listed = ", ".join(aggregate_sql(_ROW, name) if of_history else identifier(name) for name in names)
    return _Statement(
        table,
        f"WITH {', '.join(rows)} SELECT {listed} FROM ({pruned}) AS {_ROW}",
        names,
        {name: tuple(column.name for column in columns) for name, columns in reads.items()},
        _features_of_nothing(database, names),
    )


def _names_given(database: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """Return the names of the features that the SQL of a table gives."""
    return names_listed(json.loads(_one(database, "json_serialize_sql", feature_sql(table))))


def _is_text(table: str, name: str) -> bool:
    """Tell whether a feature is a column of the raw table that holds texts."""
    return any(column.name == name and column.type == "category" for column in load_table(table).columns)


def _features_of_nothing(database: duckdb.DuckDBPyConnection, names: tuple[str, ...]) -> tuple[Value, ...]:
    """Return the features of an applicant without rows, as the join of the batch gives them."""
    empty = ", ".join(f"CAST(NULL AS DOUBLE) AS {identifier(name)}" for name in names)
    joined = joined_sql(f"(SELECT {_APPLICANT})", {f"(SELECT {_APPLICANT}, {empty} WHERE 1 = 0)": names})
    (row,) = database.execute(f"SELECT * EXCLUDE ({KEY}) FROM ({joined})").fetchall()
    return tuple(row)


def _one(database: duckdb.DuckDBPyConnection, function: str, text: str) -> str:
    ((answer,),) = database.execute(f"SELECT {function}($1)", [text]).fetchall()
    return str(answer)


def _columns_read(table: str, said: set[str]) -> tuple[Column, ...]:
    """Return the columns of a raw table that its rows have to bring: those spoken of, and the one that dates them."""
    declared = load_table(table)
    needed = said | {declared.links.dated_by}
    return tuple(column for column in declared.columns if column.name in needed and column.name != KEY)


def _rows_sql(table: str, columns: Sequence[Column], place: int) -> str:
    """Return the SELECT of the clean rows of a table out of parameters, the first of which is number `place`."""
    declared = load_table(table)
    # A parameter of another type than the argument would have the statement planned anew each time.
    lists = [
        f"unnest(CAST(CAST(${number} AS VARCHAR) AS {SQL_TYPES[column.type]}[])) AS {identifier(column.name)}"
        for number, column in enumerate(columns, place)
    ]
    values = {column.name: _value_sql(column) for column in columns}
    clean = clean_rows_sql(declared, columns, values, f"(SELECT {', '.join(lists)})")
    return f"SELECT {_APPLICANT}, * FROM ({clean})" if KEY in _names(declared.columns) else clean


def _value_sql(column: Column) -> str:
    name = identifier(column.name)
    return f"NULLIF({name}, '')" if column.type == "category" else name


def _names(columns: Iterable[Column]) -> set[str]:
    return {column.name for column in columns}
