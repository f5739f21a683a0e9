r"""From the SQL that is written for DuckDB to that of Spark: by sqlglot, but for the few words that it lets through.

Each rewriting is a difference of ``docs/engines.md``, and held there by the test it names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from training.spark.libraries import library

if TYPE_CHECKING:
    from collections.abc import Callable

# What TRIM takes away in DuckDB: every blank of Unicode (category Zs), where Spark takes the one of ASCII.
_BLANKS = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
# What DuckDB reads as a double: digits with single underscores between them, and the words for what is no number.
_DIGITS = r"\\d+(_\\d+)*"
_DOUBLE = rf"(?i)\\s*[+-]?(inf|infinity|nan|({_DIGITS}(\\.({_DIGITS})?)?|\\.{_DIGITS})(e[+-]?{_DIGITS})?)\\s*"


def to_spark_sql(sql: str) -> str:
    """Translate SQL, written for DuckDB, to Spark SQL.

    Raises
    ------
    DataError
        ``TRN121`` where sqlglot is not installed.
    """
    return written(library("sqlglot").parse_one(sql, read="duckdb"))


def written(tree: Any) -> str:
    """Write parsed SQL as Spark's; an operator that has no translation stops it."""
    sqlglot = library("sqlglot")
    return str(tree.transform(_rewritten).sql(dialect="spark", unsupported_level=sqlglot.ErrorLevel.RAISE))


def _rewritten(node: Any) -> Any:
    exp = library("sqlglot").exp
    rewritings: dict[Any, Callable[[Any], Any]] = {
        exp.IsInf: _infinite,
        exp.Is: _no_category,
        exp.TryCast: _read_as_double,
        exp.Anonymous: _distinct,
        exp.Trim: _trimmed,
    }
    rewriting = rewritings.get(type(node))
    return node if rewriting is None else rewriting(node)


def _infinite(node: Any) -> Any:
    """Spark has no isinf."""
    return _spark(f"ABS({_sql(node.this)}) = DOUBLE('Infinity')")


def _no_category(node: Any) -> Any:
    """Spark has no ENUM to look a value up in: ``TRY_CAST(x AS ENUM (…)) IS NULL`` is ``NOT x IN (…)``."""
    exp = library("sqlglot").exp
    cast = node.this
    if not isinstance(cast, exp.TryCast) or cast.to.this != exp.DataType.Type.ENUM:
        return node
    categories = ", ".join(_sql(category) for category in cast.to.expressions)
    return _spark(f"NOT {_sql(cast.this)} IN ({categories})")


def _read_as_double(node: Any) -> Any:
    """Java reads 1d, 1f and 0x1p3 as numbers, and 1_000 as none: what DuckDB reads decides for both."""
    exp = library("sqlglot").exp
    if node.to.this != exp.DataType.Type.DOUBLE:
        return node
    text = _sql(node.this)
    return _spark(f"CASE WHEN {text} RLIKE '^{_DOUBLE}$' THEN TRY_CAST(REPLACE({text}, '_', '') AS DOUBLE) END")


def _trimmed(node: Any) -> Any:
    """Spark takes the blank of ASCII away, and no other."""
    return node if node.expression else _spark(f"TRIM(BOTH '{_BLANKS}' FROM {_sql(node.this)})")


def _distinct(node: Any) -> Any:
    """Spark has no HUGEINT: as many bits as are set in a union of ``1 << x`` is as many as there are different x."""
    shifted = node.find(library("sqlglot").exp.BitwiseLeftShift)
    if node.name.lower() != "bit_count" or shifted is None:
        return node
    return _spark(f"COUNT(DISTINCT {_sql(shifted.expression)})")


def _sql(node: Any) -> str:
    return str(node.transform(_rewritten).sql(dialect="spark"))


def _spark(sql: str) -> Any:
    return library("sqlglot").parse_one(sql, read="spark")
