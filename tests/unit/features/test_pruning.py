"""Feature SQL without the columns nobody asks for."""

from __future__ import annotations

import json

import duckdb
import pytest

from features.pruning import prune, tables_of

ROWS = [(1, 2, 10.0), (1, 3, 20.0), (2, 4, 30.0)]


def pruned(sql: str, *wanted: str) -> tuple[str, set[str]]:
    """Return a statement that is left with some of its columns, and the names it still speaks of."""
    with duckdb.connect() as database:
        ((told,),) = database.execute("SELECT json_serialize_sql($1)", [sql]).fetchall()
        tree = json.loads(told)
        said = prune(tree, wanted)
        ((text,),) = database.execute("SELECT json_deserialize_sql($1)", [json.dumps(tree)]).fetchall()
    return text, said


def answers(sql: str) -> list[tuple[object, ...]]:
    """Run a statement over three rows of a table."""
    with duckdb.connect() as database:
        database.execute("CREATE TABLE payments (owner INTEGER, day INTEGER, amount DOUBLE)")
        database.executemany("INSERT INTO payments VALUES (?, ?, ?)", ROWS)
        return sorted(database.execute(sql).fetchall())


def test_columns_that_lead_nowhere_go() -> None:
    """What only feeds a column that is not wanted goes with it, however far in it stands."""
    sql = (
        "WITH a AS (SELECT owner, day, amount * 2 AS twice, day + 1 AS next FROM payments), "
        "b AS (SELECT owner, twice + 1 AS more, next FROM a) "
        "SELECT owner, max(more) AS most, max(next) AS later FROM b GROUP BY owner"
    )

    text, said = pruned(sql, "owner", "later")

    assert "more" not in text
    assert "twice" not in text
    assert "amount" not in said
    assert answers(text) == [(1, 4), (2, 5)]


STATEMENTS = {
    "distinct": """
        WITH a AS (SELECT DISTINCT owner, day FROM payments) SELECT owner, count(*) AS n FROM a GROUP BY owner
    """,
    "group by all": """
        WITH a AS (SELECT owner, day, amount FROM payments GROUP BY ALL)
        SELECT owner, count(*) AS n FROM a GROUP BY owner
    """,
    "union": """
        WITH a AS (SELECT owner, day FROM payments UNION SELECT owner, 0 FROM payments)
        SELECT owner, count(*) AS n FROM a GROUP BY owner
    """,
    "named columns": """
        WITH a(x, y) AS (SELECT owner, day FROM payments) SELECT x AS owner, count(*) AS n FROM a GROUP BY x
    """,
    "using": """
        WITH a AS (SELECT day FROM payments), b AS (SELECT day, owner FROM payments)
        SELECT owner, count(*) AS n FROM a JOIN b USING (day) GROUP BY owner
    """,
    "star and filter": """
        WITH a AS (SELECT owner, day, ROW_NUMBER() OVER (PARTITION BY owner ORDER BY day) AS place FROM payments),
        b AS (SELECT a.* FROM a)
        SELECT owner, count(*) AS n FROM b WHERE place < 3 GROUP BY owner
    """,
}


@pytest.mark.parametrize("sql", STATEMENTS.values(), ids=STATEMENTS)
def test_rows_stay_the_same(sql: str) -> None:
    """Where the rows of a common table go by its columns, it keeps them; names in joins and filters count as said."""
    text, _ = pruned(sql, "owner", "n")

    assert answers(text) == answers(sql)


def test_a_select_keeps_a_column() -> None:
    """A common table of which nothing is wanted but its rows still selects something."""
    sql = "WITH a AS (SELECT day, amount FROM payments) SELECT count(*) AS n, max(amount) AS most FROM a"

    text, _ = pruned(sql, "n")

    assert answers(text) == [(3,)]


def test_relations_are_named() -> None:
    """The tables a statement reads are found wherever they stand."""
    with duckdb.connect() as database:
        query = (
            "SELECT json_serialize_sql('WITH a AS (SELECT * FROM x) SELECT * FROM a JOIN (SELECT * FROM y) ON TRUE')"
        )
        ((told,),) = database.execute(query).fetchall()

    assert tables_of(json.loads(told)) == {"a", "x", "y"}
