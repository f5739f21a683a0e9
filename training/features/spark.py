"""The Spark side of the feature SQL: its translation and a session; the only module that knows pyspark and sqlglot.

Both are in an environment of their own (``.venv-spark``), hence imported when they are used and not before.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from training.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

# Spark's own ways to name a cluster; where none is used, Spark runs inside this machine and listens to it alone.
_CLUSTER_VARIABLES = ("SPARK_CONF_DIR", "SPARK_REMOTE", "PYSPARK_SUBMIT_ARGS")
_ALONE = {
    "spark.master": "local[*]",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # One part of a table per core is plenty on one machine; the default of 200 suits a cluster.
    "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 1)),
}


def to_spark_sql(sql: str) -> str:
    """Translate the feature SQL, written for DuckDB, to Spark SQL.

    Raises
    ------
    DataError
        ``TRN121`` where sqlglot is not installed.
    """
    sqlglot = _imported("sqlglot")
    (translated,) = sqlglot.transpile(sql, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
    return str(translated)


@contextmanager
def spark_session() -> Iterator[Any]:
    """Open a Spark session: on this machine, or on the cluster that Spark's own environment variables name.

    Raises
    ------
    DataError
        ``TRN121`` where PySpark is not installed, ``TRN122`` when Spark cannot start or cannot finish.
    """
    builder = _imported("pyspark.sql").SparkSession.builder.appName("pret-a-depenser features")
    if not any(name in os.environ for name in _CLUSTER_VARIABLES):
        builder = builder.config(map=_ALONE)
    failures = (_imported("pyspark.errors").PySparkException, _imported("py4j.protocol").Py4JError)
    try:
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        try:
            yield session
        finally:
            session.stop()
    except failures as error:
        raise DataError("TRN122", f"Spark failed ({_first_line(error)}); check Java 17 and Spark's settings") from error


def _imported(module: str) -> Any:  # noqa: ANN401  a module that the main environment does not have
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        advice = "run `make .venv-spark/.ready` and call .venv-spark/bin/python, or stay with --engine duckdb"
        raise DataError("TRN121", f"the Spark engine is not in this environment; {advice}") from error


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
