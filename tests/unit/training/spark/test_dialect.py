"""Differences between DuckDB and Spark, each asked of both: what is rewritten agrees, what is kept out differs.

The rows of docs/engines.md name these cases.
"""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from tests.builders.spark_cluster import python_with_spark, settings_of
from tests.builders.spark_programs import ask_spark

TEXTS = [
    *["12", "1_000", "1__0", "_1", "1_", "1e5", "1e", "1E+5", "+5", ".5", "5.", ".", "-", "inf", "-Infinity", "infin"],
    *["NaN", "1d", "1f", "0x1F", "0x1p3", "\t12", "1e400", "1e-400", "1_0.5_0", "1._5", "1e1_0", "+ 5", "1,5", "1 2"],
    *["007", "-0", ".e5", "１２", "\u00a012", "4.35", "1234567.8901234567", "0.1", "2.2250738585072014e-308"],
]
# Written for DuckDB, translated for Spark: both give the same rows.
AGREE = {
    "infinity": "SELECT isinf(x) FROM (VALUES (CAST('inf' AS DOUBLE)), (-CAST('inf' AS DOUBLE)), (1.5), (NULL)) t(x)",
    "vocabulary": "SELECT x IS NOT NULL AND TRY_CAST(x AS ENUM ('a', 'it''s', 'b\\c')) IS NULL "
    "FROM (VALUES ('a'), ('it''s'), ('b\\c'), ('A'), ('a '), (''), (NULL)) AS t(x)",
    "text to number": "SELECT TRY_CAST(NULLIF(TRIM(x), '') AS DOUBLE) "
    "FROM (VALUES " + ", ".join(f"('{text}')" for text in TEXTS) + ", (''), (NULL)) AS t(x)",
    "blanks": "SELECT TRIM(x) FROM (VALUES (' a '), ('\u00a0\u2003a\u3000'), (' '), ('\ta'), (NULL)) AS t(x)",
    "months": "SELECT bit_count(bit_or(CAST(1 AS HUGEINT) << CAST(-m AS INTEGER))) "
    "FROM (VALUES (0), (-1), (-1), (-96), (-126)) AS t(m)",
    "whole numbers": "SELECT CASE WHEN abs(x) > 9007199254740992 THEN TRUE ELSE x <> floor(x) END "
    "FROM (VALUES (CAST('inf' AS DOUBLE)), (1e300), (-1e19), (2.5), (-2.0), (NULL)) AS t(x)",
    "halves of whole thousandths": "SELECT CAST(ROUND(x * 1000) AS DOUBLE) "
    "FROM (VALUES (CAST(0.0005 AS DOUBLE)), (1.0005), (2.5), (-2.5), (1234567.8905), (0.1234), (4.35)) AS t(x)",
    "sums of decimals": "SELECT CAST(SUM(CAST(x AS DECIMAL(18, 3))) AS DOUBLE) "
    "FROM (VALUES (CAST(100000000000 AS DOUBLE)), (0.0005), (0.0015), (1234567.891), (-0.0005), (NULL)) AS t(x)",
    "order of missing values": "SELECT x FROM (VALUES (2.0), (NULL), (1.0)) AS t(x) ORDER BY x DESC",
    "greatest and missing values": "SELECT GREATEST(x, 0.0) FROM (VALUES (CAST(-1 AS DOUBLE)), (NULL)) AS t(x)",
    "floor of a ratio": "SELECT CAST(FLOOR(365000000.0 / (365.0 - CAST(d AS DOUBLE))) AS DOUBLE) "
    "FROM (VALUES (0), (-1), (-100), (-2922)) AS t(d)",
    "ties": "SELECT k, ROW_NUMBER() OVER (ORDER BY d DESC, k DESC) AS place "
    "FROM (VALUES (1, -5), (2, -5), (3, -1), (4, NULL)) AS t(k, d) ORDER BY place",
    "hash of a key": "SELECT md5(concat('7:', CAST(k AS VARCHAR))) FROM (VALUES (CAST(100001 AS BIGINT))) AS t(k)",
    "integer division": "SELECT 7 / 2, CAST(7 AS BIGINT) / 2",
}
# The same text for both engines, and another answer: why the SQL of the features goes without.
DIFFER = {
    "division by zero": "SELECT CAST(1 AS DOUBLE) / CAST(0 AS DOUBLE)",
    "not a number, or missing": "SELECT NOT isnan(CAST(NULL AS DOUBLE))",
    "logarithm of zero": "SELECT ln(CAST(0 AS DOUBLE))",
    "correlation of one row": "SELECT corr(x, x) FROM (VALUES (CAST(1 AS DOUBLE))) AS t(x)",
    "order of missing values, rising": "SELECT x FROM (VALUES (2), (CAST(NULL AS INT)), (1)) AS t(x) ORDER BY x",
    "halves as whole numbers": "SELECT CAST(CAST(2.5 AS DOUBLE) AS INT), CAST(CAST(3.5 AS DOUBLE) AS INT)",
    "rounding to decimals": "SELECT round(CAST(1.005 AS DOUBLE), 2)",
    "twelve decimals of a double": "SELECT CAST(CAST(CAST(7654321.1 AS DOUBLE) / 7 AS DECIMAL(38, 12)) AS VARCHAR)",
    "letters after a number": "SELECT try_cast('1d' AS DOUBLE)",
    "floor beyond whole numbers": "SELECT floor(CAST(1e300 AS DOUBLE))",
}
PROGRAM = """
import json, sys
from training.spark.database import SparkDatabase
from training.spark.session import spark_session
asked = json.load(sys.stdin)
def answer(ask, query):
    try:
        return [[cell.hex() if isinstance(cell, float) else str(cell) for cell in row] for row in ask(query)]
    except Exception as error:
        return type(error).__name__
with spark_session() as session:
    database = SparkDatabase(session)
    json.dump({
        "agree": {name: answer(lambda query: database.execute(query).fetchall(), query)
                  for name, query in asked["agree"].items()},
        "differ": {name: answer(lambda query: session.sql(query).collect(), query)
                   for name, query in asked["differ"].items()},
    }, open(sys.argv[1], "w"))
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Return what Spark answers, asked in one session of an environment of its own."""
    python = python_with_spark()
    settings = settings_of(tmp_path_factory.mktemp("dialect") / "settings", {"spark.master": "local[1]"})
    answered: dict[str, dict[str, Any]] = ask_spark(python, PROGRAM, {"agree": AGREE, "differ": DIFFER}, settings)
    return answered


@pytest.mark.e2e
@pytest.mark.parametrize("name", AGREE)
def test_what_is_translated_agrees(name: str, answers: dict[str, dict[str, Any]]) -> None:
    """To the last bit, missing values and infinities among it."""
    assert duckdb_says(AGREE[name]) == answers["agree"][name]


@pytest.mark.e2e
@pytest.mark.parametrize("name", DIFFER)
def test_what_is_kept_out_of_the_sql_differs(name: str, answers: dict[str, dict[str, Any]]) -> None:
    """A difference that is no longer one may leave the page; until then nothing may lean on it."""
    assert duckdb_says(DIFFER[name]) != answers["differ"][name]


def duckdb_says(query: str) -> list[list[str]]:
    """Return the rows of a query as the program writes those of Spark: doubles by their bits."""
    rows = duckdb.sql(query).fetchall()
    return [[cell.hex() if isinstance(cell, float) else str(cell) for cell in row] for row in rows]
