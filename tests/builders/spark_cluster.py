"""A standalone Spark cluster on loopback: a master and workers, each a process of its own, started and stopped here."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from delivery.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ENVIRONMENT = ".venv-spark"
_DEPLOY = "org.apache.spark.deploy"
_MASTER = re.compile(r"Starting Spark master at (spark://[\d.]+:\d+)")
_SECONDS_TO_START = 180
# A process that ends within a minute is over before the second compiler and the parallel collector pay off.
_SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
# Wide statements over few rows: compiling them to bytecode would take longer than running them.
_SMALL_DATA = {
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.ui.enabled": "false",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.constraintPropagation.enabled": "false",
    "spark.driver.extraJavaOptions": _SHORT_LIVED,
    "spark.executor.extraJavaOptions": _SHORT_LIVED,
}


@dataclass(frozen=True)
class Cluster:
    """A running cluster.

    Attributes
    ----------
    url
        Of the master.
    folder
        Of the settings, logs and work of its processes.
    workers
        Processes; each may be stopped by a test.
    """

    url: str
    folder: Path
    workers: Sequence[subprocess.Popen[bytes]]

    def settings(self, name: str, **more: str) -> Path:
        """Write a folder of settings that names this cluster, for ``SPARK_CONF_DIR``."""
        return settings_of(self.folder / name, {"spark.master": self.url, **more})


def settings_of(folder: Path, settings: dict[str, str]) -> Path:
    """Write a folder of settings of Spark, small data and loopback among them."""
    folder.mkdir()
    local = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    lines = [f"{name} {value}\n" for name, value in (_SMALL_DATA | local | settings).items()]
    (folder / "spark-defaults.conf").write_text("".join(lines), encoding="utf-8")
    shutil.copy(ROOT / "training/spark/log4j2.properties", folder)
    return folder


def python_with_spark() -> str:
    """Return the interpreter that has PySpark, made on the way; skip where there is no Java to run it."""
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17, which is not on this machine; the SQL is checked on DuckDB alone")
    subprocess.run(["make", "--silent", f"{ENVIRONMENT}/.ready"], cwd=ROOT, check=True, timeout=1800)
    return str(ROOT / ENVIRONMENT / "bin" / "python")


@contextmanager
def running_cluster(python: str, folder: Path, n_workers: int = 2) -> Iterator[Cluster]:
    """Start a master and workers of one core each; stop them in the end, whatever happened."""
    (home,) = Path(python).parent.parent.glob("lib/python3*/site-packages/pyspark")
    processes: list[subprocess.Popen[bytes]] = []
    try:
        master = _start(home, folder / "master.log", "master.Master", "--port", "0", "--webui-port", "0")
        processes.append(master)
        url = _awaited(folder / "master.log", _MASTER)[1]
        for number in range(n_workers):
            work = folder / f"worker-{number}"
            options = ["--cores", "1", "--memory", "1g", "--webui-port", "0", "--work-dir", str(work), url]
            processes.append(_start(home, folder / f"worker-{number}.log", "worker.Worker", *options))
            _awaited(folder / f"worker-{number}.log", re.compile("Successfully registered with master"))
        yield Cluster(url, folder, processes[1:])
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(60)


def _start(home: Path, log: Path, name: str, *options: str) -> subprocess.Popen[bytes]:
    """Start a process of the cluster by its class; the wheel has no script for it."""
    java = ["java", *_SHORT_LIVED.split(), "-Xmx512m", "-cp", f"{home}/jars/*"]
    with log.open("wb") as out:
        return subprocess.Popen(
            [*java, f"{_DEPLOY}.{name}", "--host", "127.0.0.1", *options],
            stdout=out,
            stderr=subprocess.STDOUT,
            # No module of the checkout is at hand for executors: what they run was sent to them.
            cwd=log.parent,
            env={"PATH": "/usr/bin:/bin", "SPARK_LOCAL_IP": "127.0.0.1", **_as_the_scripts_say(home)},
        )


def _as_the_scripts_say(home: Path) -> dict[str, str]:
    """Return what the start scripts, which the wheel lacks, tell a worker: without it no executor is launched."""
    (core,) = home.glob("jars/spark-core_*.jar")
    return {"SPARK_HOME": str(home), "SPARK_SCALA_VERSION": core.name.partition("_")[2].partition("-")[0]}


def _awaited(log: Path, pattern: re.Pattern[str]) -> re.Match[str]:
    """Wait until a log says something."""
    end = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < end:
        found = pattern.search(log.read_text(encoding="utf-8", errors="replace"))
        if found:
            return found
        time.sleep(0.5)
    raise TimeoutError(log.read_text(encoding="utf-8", errors="replace"))
