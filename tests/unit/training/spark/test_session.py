"""Where Spark cannot be reached or is not installed, and what is told of its failures."""

from __future__ import annotations

import re
import socket

import pytest

from training.errors import DataError
from training.spark.dialect import to_spark_sql
from training.spark.session import check_master, failure_of

READING = """An error occurred while calling o81.collectToPython.
: org.apache.spark.SparkException: [FAILED_READ_FILE.NO_HINT] Encountered error while reading file file:///d/b.parquet.
\tat org.apache.spark.sql.errors.QueryExecutionErrors$.cannotReadFilesError(QueryExecutionErrors.scala:856)
"""
IN_AN_EXECUTOR = """Job aborted due to stage failure: Traceback (most recent call last):
  File "executors.py", line 62, in scored
training.errors.DataError: TRN126: an executor has not the bundle that was sent (SCR201: absent); run again
"""


def test_absent_spark_is_told_with_the_way_out() -> None:
    """Where the environment has no Spark, one line says how to get it."""
    with pytest.raises(DataError, match=r"TRN121: the Spark engine is not in this environment; run `make \.venv-spark"):
        to_spark_sql("SELECT 1")


def test_master_that_does_not_answer_is_told_at_once() -> None:
    """Nobody listens at the port: Spark itself would try for a minute and then hang."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    with pytest.raises(DataError, match=rf"TRN125: the cluster spark://127\.0\.0\.1:{port} does not answer"):
        check_master(f"spark://127.0.0.1:{port}")


def test_one_master_of_several_is_enough() -> None:
    """A cluster with masters in reserve is reached through whichever answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        check_master(f"spark://127.0.0.1:1,127.0.0.1:{server.getsockname()[1]}")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (READING, r"TRN104: a file cannot be read \(file:///d/b\.parquet\): it is damaged"),
        (IN_AN_EXECUTOR, r"TRN126: an executor has not the bundle that was sent \(SCR201: absent\); run again$"),
        ("[OUT_OF_THINGS] Things ran out.\n\tat x", r"TRN122: Spark failed \(\[OUT_OF_THINGS\] Things ran out\.\)"),
    ],
    ids=["a damaged file", "an error of an executor", "anything else"],
)
def test_failures_are_one_line(said: str, told: str) -> None:
    """What Spark says over many lines, stack traces among them, is told in one."""
    error = str(failure_of(said))

    assert re.match(told, error)
    assert "\n" not in error
