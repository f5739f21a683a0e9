"""Scoring inside the executors: the bundle and this code travel there, answers stay there, and counts come back."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections import Counter
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from features.sql import KEY
from training.bundle.batch_scoring import Tally, unread_notes
from training.files import ROOT
from training.spark.features import make_features
from training.spark.libraries import library
from training.spark.storage import written_place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa

    from scoring.bundle import Bundle
    from training.spark.storage import Place
    from training.spark.tables import ClusterTables

_PARCEL: Final = "pret-a-depenser"
# Rooms that scoring runs through, by their folder in the checkout.
_ROOMS: Final = ("commandline", "metrics", "training", "lambda/features", "lambda/scoring")
_KINDS: Final = ("*.py", "*.sql", "*.csv", "*.toml")
_COLUMNS: Final = f"{KEY} BIGINT, probabilite_de_defaut DOUBLE, classe STRING, proposition STRING, tally STRING"


def score_tables(
    tables: ClusterTables, bundle: Bundle, out: Place, *, progress: bool = False
) -> tuple[Tally, list[str]]:
    """Write the answer to every application as a folder of Parquet parts; return the tally, and what was not read.

    Parameters
    ----------
    bundle
        Its files go to every executor, and each checks their seals before it answers.

    Raises
    ------
    DataError
        ``TRN119`` when the features are not one row per application, ``TRN126`` when an executor has not the bundle or
        the libraries, ``TRN161`` when `out` cannot be written, ``TRN171`` when the bundle cannot be served.
    """
    session, inputs = tables.database.session, bundle.contract.inputs
    features = session.table(make_features(tables, progress=progress))
    stored = set(features.columns)
    columns = [KEY, *(item.name for item in inputs if item.name in stored)]
    scored = features.select(columns).mapInArrow(_scorer(bundle.seal), _COLUMNS)
    # Kept, so that writing the answers and counting them are one run of the model.
    scored = scored.persist(library("pyspark").StorageLevel.DISK_ONLY)
    with _parcel(bundle) as archive, written_place(tables.storage, out) as temporary:
        # To every executor, those that join later too.
        session.sparkContext.addArchive(f"{archive}#{_PARCEL}")
        scored.where("tally IS NULL").drop("tally").write.parquet(temporary)
        tally = Tally()
        for (text,) in scored.where("tally IS NOT NULL").select("tally").collect():
            tally.merge(_tally(text))
    return tally, unread_notes(inputs, features.columns)


def _tally(text: str) -> Tally:
    told = json.loads(text)
    counts = {name: Counter(told[name]) for name in ("absent", "outside", "broken")}
    return Tally(told["applications"], **counts)


@contextmanager
def _parcel(bundle: Bundle) -> Iterator[Path]:
    """Pack the code and the bundle, for as long as executors may fetch them."""
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / _PARCEL
        for room in _ROOMS:
            for path in (found for kind in _KINDS for found in (ROOT / room).rglob(kind)):
                target = folder / path.relative_to(ROOT)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
        (folder / "bundle").mkdir()
        for name, content in bundle.content.items():
            (folder / "bundle" / name).write_bytes(content)
        yield Path(shutil.make_archive(str(folder), "zip", folder))


def _scorer(seal: str) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return what an executor runs over a part: it finds the code in the parcel, whatever is installed there."""
    parcel = _PARCEL

    def answers(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        root = import_module("pyspark").SparkFiles.get(parcel)
        for folder in (root, f"{root}/lambda"):
            if folder not in sys.path:
                sys.path.insert(0, folder)
        try:
            scored = import_module("training.spark.executors").scored
        except ImportError as error:
            advice = "give executors the environment of .venv-spark, by PYSPARK_PYTHON"
            message = f"TRN126: an executor cannot score ({error}); {advice}"
            raise RuntimeError(message) from error
        yield from scored(batches, f"{root}/bundle", seal)

    return answers
