"""A Spark session: on this machine, or on the cluster that Spark's own settings name; its failures in one line."""

from __future__ import annotations

import logging
import os
import re
import signal
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NoAnswer
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from training.errors import DataError
from training.spark.libraries import library

if TYPE_CHECKING:
    from collections.abc import Iterator

# Spark's own ways to name a cluster; where none is used, Spark runs inside this machine and listens to it alone.
_CLUSTER_VARIABLES: Final = ("SPARK_CONF_DIR", "PYSPARK_SUBMIT_ARGS")
_ALONE: Final = {
    "spark.master": "local[*]",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    # One part of a table per core is plenty on one machine; the default of 200 suits a cluster.
    "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 1)),
}
# What the SQL leans on; a cluster that is set up otherwise would answer otherwise, in silence.
_HELD: Final = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    "spark.sql.csv.parser.columnPruning.enabled": "false",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.ui.showConsoleProgress": "false",
}
_PATIENCE: Final = "spark.pretadepenser.patience"
_DEFAULT_PATIENCE: Final = "120"
_CONNECT_SECONDS: Final = 5
_QUIET: Final = Path(__file__).parent / "log4j2.properties"
# Errors of executors arrive as the text of a traceback; ours begin with their code.
_OWN_ERROR: Final = re.compile(r"(TRN\d{3}): ([^\n]+)")
_UNREADABLE: Final = re.compile(r"FAILED_READ_FILE|CANNOT_READ_FILE|is not a Parquet file|MALFORMED_")
_FILE: Final = re.compile(r"([a-z0-9]+:/\S+?)[.,;:]?(?=\s|$)")


@contextmanager
def spark_session() -> Iterator[Any]:
    """Open a Spark session: on this machine, or on the cluster that Spark's own settings name.

    A cluster is named by ``spark.master`` in the ``spark-defaults.conf`` of the folder ``SPARK_CONF_DIR``, or in
    ``PYSPARK_SUBMIT_ARGS``; how many seconds its first answer may take, by ``spark.pretadepenser.patience``.

    Raises
    ------
    DataError
        ``TRN121`` where PySpark is not installed, ``TRN122`` when Spark cannot start or cannot finish, ``TRN125`` when
        the cluster does not answer, ``TRN129`` when somebody interrupts the job; and what executors found to be wrong,
        by its own code.
    """
    with told_as_data_errors():
        session = _opened()
        try:
            with _interruptible():
                yield session
        except KeyboardInterrupt as error:  # stopping the session cancels its jobs
            told = "the Spark job was interrupted; nothing half-written was kept, the same command begins anew"
            raise DataError("TRN129", told) from error
        finally:
            # A cluster that is gone cannot be let go of; what went wrong is told already.
            with suppress(*_failures()):
                session.stop()


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C raise KeyboardInterrupt, which has py4j close the connection that waits for the job's answer.

    Spark's own handler asks that same connection to cancel the job first; and py4j logs a traceback of each interrupt.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    root = logging.getLogger()
    root.addFilter(_is_news)
    try:
        yield
    finally:
        root.removeFilter(_is_news)
        signal.signal(signal.SIGINT, before)


def _is_news(record: logging.LogRecord) -> bool:
    return "KeyboardInterrupt while sending command" not in record.getMessage()


@contextmanager
def told_as_data_errors() -> Iterator[None]:
    """Turn what Spark raises into one line that says what to do.

    Raises
    ------
    DataError
        ``TRN104`` for a file that cannot be read, ``TRN122`` for any other failure.
    """
    try:
        yield
    except _failures() as error:
        raise failure_of(str(error)) from error


def _opened() -> Any:
    # PySpark logs each failure as JSON, stack trace and all, beside raising it.
    logging.getLogger("SQLQueryContextLogger").disabled = True
    alone = not any(name in os.environ for name in _CLUSTER_VARIABLES)
    if alone:
        os.environ.setdefault("SPARK_SUBMIT_OPTS", f"-Dlog4j2.configurationFile={_QUIET}")
    # Executors run the Python that runs here, unless their own is named.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    pyspark = library("pyspark")
    # Only a running JVM knows the settings of the cluster; without one PySpark gives its defaults, in silence.
    pyspark.SparkContext._ensure_initialized()  # noqa: SLF001
    settings = pyspark.SparkConf()
    if not alone:
        check_master(settings.get("spark.master", ""))
    builder = library("pyspark.sql").SparkSession.builder.appName("pret-a-depenser")
    session = builder.config(map=_HELD | (_ALONE if alone else {})).getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    _wait_for_executors(session, int(settings.get(_PATIENCE, _DEFAULT_PATIENCE)))
    return session


def check_master(master: str) -> None:
    """Refuse a standalone cluster none of whose masters answers: Spark itself would try for a minute, and then hang.

    Raises
    ------
    DataError
        ``TRN125``.
    """
    if not master.startswith("spark://"):
        return
    for address in master.removeprefix("spark://").split(","):
        host, _, port = address.rpartition(":")
        with suppress(OSError, ValueError), socket.create_connection((host, int(port)), _CONNECT_SECONDS):
            return
    raise DataError("TRN125", f"the cluster {master} does not answer; start it, or correct spark.master")


def _wait_for_executors(session: Any, seconds: int) -> None:
    """Have a first job done, so that a cluster without a free executor is told and not waited for."""
    pool = ThreadPoolExecutor(1)
    try:
        pool.submit(session.range(1).count).result(seconds)
    except NoAnswer as error:
        session.sparkContext.cancelAllJobs()
        session.stop()
        advice = f"free some, ask for smaller ones, or give it longer with {_PATIENCE}"
        raise DataError("TRN125", f"the cluster gave no executor within {seconds} seconds; {advice}") from error
    finally:
        pool.shutdown(wait=False)


def _failures() -> tuple[type[Exception], ...]:
    return (library("pyspark.errors").PySparkException, library("py4j.protocol").Py4JError, ConnectionError)


def failure_of(text: str) -> DataError:
    """Return the error, in one line, for what Spark says over many."""
    own = _OWN_ERROR.search(text)
    if own:
        return DataError(own[1], own[2])
    if _UNREADABLE.search(text):
        return DataError("TRN104", f"a file cannot be read{_which(text)}: it is damaged or cut short; fetch it again")
    advice = "check Java 17 and Spark's settings, and look into the cluster's log"
    return DataError("TRN122", f"Spark failed ({_first_line(text)}); {advice}")


def _which(text: str) -> str:
    """Name the file that a message of Spark is about."""
    found = _FILE.search(text)
    return f" ({found[1]})" if found else ""


def _first_line(text: str) -> str:
    """Return what a message begins with; that of a Java exception follows the call."""
    lines = [line.strip(" :") for line in text.strip().splitlines() if line.strip()]
    told = lines[1] if len(lines) > 1 and lines[0].startswith("An error occurred while calling") else lines[:1]
    return told if isinstance(told, str) else "".join(told)
