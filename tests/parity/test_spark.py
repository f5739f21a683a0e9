"""The whole way on a real cluster, a master and two workers of their own, beside the same way on one machine."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from delivery.paths import BUNDLE, ROOT
from features.tables import HISTORY_TABLES
from tests.builders.spark_cluster import Cluster, python_with_spark, running_cluster, settings_of
from tests.builders.spark_programs import environment_of, run_on_spark
from training.features import build_features
from training.population.drawing.generate import Plan, generate
from training.population.drawing.profile import load_profile
from training.sources import load_sources

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.e2e

N_APPLICATIONS = 300
N_SAMPLE = 120
# The last digits of a double, where the engines would add up in another order.
RELATIVE, ABSOLUTE = 1e-9, 1e-9
REAL = Path(os.environ.get("HOME_CREDIT_SAMPLE", ROOT.parents[1] / "shared/home-credit"))
LACKS_A_FILE = """
import dataclasses, sys
from pathlib import Path
from training.bundle.opening import open_bundle
from training.errors import DataError
from training.spark.scoring import score_tables
from training.spark.session import spark_session
from training.spark.storage import place_of
from training.spark.tables import load_tables
bundle = open_bundle(Path("lambda/bundle"))
part = {name: content for name, content in bundle.content.items() if name != "model.onnx"}
try:
    with spark_session() as session:
        tables = load_tables(session, place_of(sys.argv[1]), tables=[], labelled=False)
        score_tables(tables, dataclasses.replace(bundle, content=part), place_of(sys.argv[2]))
except DataError as error:
    sys.exit(str(error))
"""


LASTS_LONG = """
import sys
from training.errors import DataError
from training.spark.session import spark_session
try:
    with spark_session() as session:
        print("begun", flush=True)
        session.sql("SELECT sum(a.id * b.id % 7) FROM range(1000000) a CROSS JOIN range(1000000) b").collect()
except DataError as error:
    print(f"error {error}", file=sys.stderr)
    sys.exit(2)
"""


@dataclass(frozen=True)
class Ways:
    """The same tables for both engines: plain files for one machine, parts and partitions for the cluster."""

    python: str
    cluster: Cluster
    plain: Path
    parts: Path
    work: Path

    def on_spark(self, *arguments: str, settings: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command of training on the cluster."""
        found = settings or self.cluster.folder / "settings"
        return run_on_spark(self.python, ["-m", "training", *arguments, "--engine", "spark"], found)


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ways]:
    """Start the cluster, and draw a small population in both layouts."""
    python = python_with_spark()
    work = tmp_path_factory.mktemp("spark")
    plain = work / "plain"
    plain.mkdir()
    generate(load_profile(), Plan(N_APPLICATIONS, 0), plain, "parquet")
    parts = in_parts(plain, work / "parts")
    (work / "cluster").mkdir()
    with running_cluster(python, work / "cluster") as cluster:
        cluster.settings("settings", **{"spark.executor.memory": "900m"})
        yield Ways(python, cluster, plain, parts, work)


def in_parts(plain: Path, parts: Path) -> Path:
    """Write tables as a cluster has them: one partitioned, one in parts, one as text in parts, the others plain."""
    shutil.copytree(plain, parts)
    rows = pd.read_parquet(parts / "previous_application.parquet")
    (parts / "previous_application.parquet").unlink()
    rows.to_parquet(parts / "previous_application", partition_cols=["NAME_CONTRACT_TYPE"])
    for name, ending in (("bureau", "parquet"), ("POS_CASH_balance", "csv")):
        rows = pd.read_parquet(parts / f"{name}.parquet")
        (parts / f"{name}.parquet").unlink()
        (parts / name).mkdir()
        for number, part in enumerate(np.array_split(np.arange(len(rows)), 3)):
            path = parts / name / f"part-{number}.{ending}"
            write = rows.iloc[part].to_csv if ending == "csv" else rows.iloc[part].to_parquet
            write(path, index=False)
    return parts


def notes_of(printed: str) -> list[str]:
    """Return the notes of a command."""
    return [line for line in printed.splitlines() if line.startswith("note: ")]


def assert_same_features(expected: pd.DataFrame, found: pd.DataFrame) -> None:
    """Compare every column: categories and missing values exactly, numbers to the stated digits."""
    assert list(found.columns) == list(expected.columns)
    for name in expected:
        if expected[name].dtype.kind in "OT":
            assert expected[name].fillna("").tolist() == found[name].fillna("").tolist(), name
        else:
            np.testing.assert_allclose(found[name], expected[name], rtol=RELATIVE, atol=ABSOLUTE, err_msg=name)


def test_features_are_those_of_one_machine(ways: Ways) -> None:
    """Parts, partitions and text are read, checked, aggregated and joined to the same table, under the same notes."""
    sources = load_sources(ways.plain, labelled=False)
    expected = pd.read_parquet(build_features(sources, ways.work / "duckdb.parquet").path)
    done = ways.on_spark("features", "--data", str(ways.parts), "--out", str(ways.work / "spark.parquet"))
    assert done.returncode == 0, done.stderr

    assert notes_of(done.stdout) == [f"note: {note}" for note in sources.notes]
    assert_same_features(expected, pd.read_parquet(ways.work / "spark.parquet"))


def test_answers_are_those_of_one_machine(ways: Ways) -> None:
    """The sealed bundle inside the executors gives every application the same probability and decision."""
    command = ["score", "--bundle", str(BUNDLE), "--data"]
    here = [ways.python, "-m", "training", *command, str(ways.plain), "--cache", str(ways.work / "cache")]
    alone = subprocess.run(
        [*here, "--out", str(ways.work / "one.parquet")], cwd=ROOT, capture_output=True, text=True, check=True
    )
    done = ways.on_spark(*command, str(ways.parts), "--out", str(ways.work / "answers"))
    assert done.returncode == 0, done.stderr
    expected = pd.read_parquet(ways.work / "one.parquet")
    found = pd.read_parquet(ways.work / "answers").sort_values("SK_ID_CURR", ignore_index=True)

    assert notes_of(done.stdout) == notes_of(alone.stdout)
    np.testing.assert_allclose(found.pop("probabilite_de_defaut"), expected.pop("probabilite_de_defaut"), atol=1e-9)
    pd.testing.assert_frame_equal(expected, found)


def test_sample_is_the_same_on_the_cluster_and_alone(ways: Ways) -> None:
    """Stated size, proportions of the outcome, whole histories; and one byte form, whatever cluster drew it."""
    arguments = ["train", "--data", str(ways.parts), "--sample", str(N_SAMPLE), "--seed", "5", "--tables", "no table"]
    # What is not a table stops the run before the training, which is tested elsewhere; the sample alone is drawn below.
    assert "TRN115" in ways.on_spark(*arguments).stderr
    drawn = [sample_drawn(ways, f"sample-{name}", settings) for name, settings in settings_to_compare(ways).items()]
    train = pd.read_parquet(drawn[0] / "application_train.parquet")
    everybody = pd.read_parquet(ways.plain / "application_train.parquet")
    bureau = pd.read_parquet(ways.plain / "bureau.parquet")

    assert len(train) == N_SAMPLE
    assert abs(train["TARGET"].sum() - N_SAMPLE * everybody["TARGET"].mean()) < 1
    applicants = [*train["SK_ID_CURR"], *pd.read_parquet(drawn[0] / "application_test.parquet")["SK_ID_CURR"]]
    assert len(pd.read_parquet(drawn[0] / "bureau.parquet")) == bureau["SK_ID_CURR"].isin(applicants).sum()
    assert {path.name for path in drawn[0].iterdir()} >= {f"{name}.parquet" for name in HISTORY_TABLES}
    assert [path.read_bytes() for path in sorted(drawn[0].iterdir())] == [
        path.read_bytes() for path in sorted(drawn[1].iterdir())
    ]


DRAW = """
import sys
from pathlib import Path
from training.spark.sampling import take_sample
from training.spark.session import spark_session
from training.spark.tables import load_tables
with spark_session() as session:
    tables = load_tables(session, Path(sys.argv[1]))
    take_sample(tables, int(sys.argv[2]), 5, Path(sys.argv[3]), memory_limit="1GB")
"""


def settings_to_compare(ways: Ways) -> dict[str, Path]:
    """Return the settings of the cluster, and of one core that cuts tables in other parts."""
    alone = settings_of(ways.work / "alone", {"spark.master": "local[1]", "spark.sql.files.maxPartitionBytes": "65536"})
    return {"cluster": ways.cluster.folder / "settings", "alone": alone}


def sample_drawn(ways: Ways, name: str, settings: Path) -> Path:
    """Draw the sample under some settings."""
    out = ways.work / name
    done = run_on_spark(ways.python, ["-c", DRAW, str(ways.parts), str(N_SAMPLE), str(out)], settings)
    assert done.returncode == 0, done.stderr
    return out


def test_executor_without_the_bundle_stops_the_job(ways: Ways) -> None:
    """A file that did not arrive is one line that names it, and nothing half-written stays."""
    out = ways.work / "without" / "answers"
    done = run_on_spark(ways.python, ["-c", LACKS_A_FILE, str(ways.plain), str(out)], ways.cluster.folder / "settings")

    assert "TRN126: an executor has not the bundle that was sent (SCR201" in done.stderr.splitlines()[-1]
    assert not out.parent.exists() or list(out.parent.iterdir()) == []


def test_cluster_without_a_free_executor_is_told(ways: Ways) -> None:
    """More memory than any worker has: Spark alone would wait for ever."""
    greedy = ways.cluster.settings("greedy", **{"spark.executor.memory": "64g", "spark.pretadepenser.patience": "20"})
    out = ways.work / "never"
    done = ways.on_spark("features", "--data", str(ways.plain), "--out", str(out), settings=greedy)

    assert (done.returncode, out.exists()) == (2, False)
    assert done.stderr.splitlines()[-1].startswith("error TRN125: the cluster gave no executor within 20 seconds")


def test_an_interrupted_job_is_one_line(ways: Ways) -> None:
    """Ctrl-C cancels the job at once; the command says so and that it begins anew."""
    settings = settings_of(ways.work / "interrupted", {"spark.master": "local[1]"})
    with subprocess.Popen(
        [ways.python, "-c", LASTS_LONG],
        env=environment_of(settings),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "begun\n"
        time.sleep(2)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=30)

    assert running.returncode == 2
    assert said.splitlines()[-1] == (
        "error TRN129: the Spark job was interrupted; nothing half-written was kept, the same command begins anew"
    )


def test_real_tables_give_the_same_features(ways: Ways) -> None:
    """The engines agree where nothing was made up; the notes, which count odd values, too."""
    if not REAL.is_dir():
        pytest.skip(f"the real tables are not at {REAL}; name their folder in HOME_CREDIT_SAMPLE")
    sources = load_sources(REAL, tables=HISTORY_TABLES, labelled=False)
    expected = pd.read_parquet(build_features(sources, ways.work / "real-duckdb.parquet").path)
    out = ways.work / "real-spark"
    done = ways.on_spark("features", "--data", str(REAL), "--out", str(out), "--tables", ",".join(HISTORY_TABLES))
    assert done.returncode == 0, done.stderr

    assert notes_of(done.stdout) == [f"note: {note}" for note in sources.notes]
    assert_same_features(expected, pd.read_parquet(out))
