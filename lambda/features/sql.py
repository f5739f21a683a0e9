"""The SQL of the features: one file for each table, and the join that puts them beside the application.

Each file gives one row per ``SK_ID_CURR``. The files stay within what translates to Spark SQL: explicit casts, no
DuckDB-only functions. Amounts are summed as DECIMAL, so that row order never changes a result.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from features.quoting import identifier
from features.tables import load_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KEY = "SK_ID_CURR"
_FOLDER = Path(__file__).parent
# What the SQL of a table reads beside its own rows, and how the features begin that are made of both.
_BESIDE = {
    "bureau_balance": ("bureau", "BUREAU_"),
    "installments_payments": ("previous_application", "INSTALMENTS_RUNNING_"),
}
_COUNT_NAME = re.compile(r"_COUNT(_(\d+M|LAST\d+))?")


def feature_sql(table: str) -> str:
    """Return the SELECT that turns the rows of a raw table into one row per application."""
    return (_FOLDER / f"{table.lower()}.sql").read_text(encoding="utf-8").rstrip()


def is_count(name: str) -> bool:
    """Tell whether a feature counts, so that no history is 0 and not missing.

    Examples
    --------
    >>> is_count("BUREAU_CREDITS_COUNT_12M"), is_count("BUREAU_ACTIVE_DEBT_SUM")
    (True, False)
    """
    match = _COUNT_NAME.search(name)
    return match is not None and match.end() == len(name)


def tables_behind(table: str, name: str | None = None) -> tuple[str, ...]:
    """Return the raw tables that the SQL of a table reads, or those that make one feature of it; its own comes last.

    Examples
    --------
    >>> tables_behind("bureau_balance"), tables_behind("installments_payments", "INSTALMENTS_LATE_COUNT")
    (('bureau', 'bureau_balance'), ('installments_payments',))
    """
    beside, features = _BESIDE.get(table, (None, ""))
    return (table,) if beside is None or not (name or features).startswith(features) else (beside, table)


def no_rows_sql(table: str) -> str:
    """Return the SELECT that stands in for a table that SQL reads beside its own and that is not there.

    Examples
    --------
    >>> no_rows_sql("bureau_balance")[:72]
    'SELECT CAST(NULL AS BIGINT) AS "SK_ID_BUREAU", CAST(NULL AS BIGINT) AS "'
    """
    types = {"integer": "BIGINT", "number": "DOUBLE", "category": "VARCHAR"}
    columns = (
        f"CAST(NULL AS {types[column.type]}) AS {identifier(column.name)}" for column in load_table(table).columns
    )
    return f"SELECT {', '.join(columns)} WHERE 1 = 0"


def joined_sql(own: str, histories: Mapping[str, Sequence[str]]) -> str:
    """Return the SELECT that puts the aggregates of the histories beside their application, one to one.

    Parameters
    ----------
    own
        Relation of the applications.
    histories
        Relations of the aggregates, each with its columns in order.

    Examples
    --------
    >>> print(joined_sql("application", {"aggregates": ["SK_ID_CURR", "POS_MONTHS_COUNT"]}))
    SELECT own.*, coalesce(CAST(history_0."POS_MONTHS_COUNT" AS DOUBLE), 0.0) AS "POS_MONTHS_COUNT"
    FROM application AS own
    LEFT JOIN aggregates AS history_0 ON history_0.SK_ID_CURR = own.SK_ID_CURR
    ORDER BY own.SK_ID_CURR
    """
    columns, joins = ["own.*"], []
    for position, (relation, names) in enumerate(histories.items()):
        alias = f"history_{position}"
        columns += [aggregate_sql(alias, name) for name in names if name != KEY]
        joins.append(f"LEFT JOIN {relation} AS {alias} ON {alias}.{KEY} = own.{KEY}")
    return "\n".join([f"SELECT {', '.join(columns)}", f"FROM {own} AS own", *joins, f"ORDER BY own.{KEY}"])


def aggregate_sql(alias: str, name: str) -> str:
    """Return the SQL of one aggregate as a double; what counts is 0 where there is no history.

    Examples
    --------
    >>> aggregate_sql("history", "POS_MONTHS_COUNT")
    'coalesce(CAST(history."POS_MONTHS_COUNT" AS DOUBLE), 0.0) AS "POS_MONTHS_COUNT"'
    """
    value = f"CAST({alias}.{identifier(name)} AS DOUBLE)"
    return f"{f'coalesce({value}, 0.0)' if is_count(name) else value} AS {identifier(name)}"
