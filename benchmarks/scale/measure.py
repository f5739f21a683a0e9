"""Work of the real size: this build beside an earlier one in one run, cost by size, and the curve of inputs.

Whole-process figures come from the operating system. At full size a run takes hours: ``--applications`` makes it
smaller, ``--runs`` more certain, ``--parts`` shorter.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.programs import figures_said, run_program
from benchmarks.scale.builds import EARLIER_COMMIT, Build, Run, in_turns, measured, medians, side_by_side
from benchmarks.scale.drift_report import measure_drift_report
from benchmarks.scale.folders import as_csv, as_zipped_csv, drawn
from benchmarks.scale.parts import PARTS
from benchmarks.scale.requests import measure_requests
from delivery.paths import BUNDLE, ROOT
from training.population.drawing.generate import REAL_TRAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

SAMPLES = ROOT / "build" / "bench"
RUNS = 3
# Shares of the full size.
SIZES = {"0.25x": 0.25, "1x": 1.0, "2x": 2.0, "4x": 4.0}
# Where the rule is asked how many inputs it keeps, beside the full size.
SMALLER = (15_000, 60_000)
_EARLIER, _PRESENT = "earlier", "present"
_FULL = ("--effort", "full", "--narrow")


def measure_scale(
    applications: int = REAL_TRAIN,
    runs: int = RUNS,
    parts: Sequence[str] = PARTS,
    *,
    samples: Path = SAMPLES,
    commit: str = EARLIER_COMMIT,
) -> dict[str, Any]:
    """Take the figures of scale.

    Parameters
    ----------
    applications
        Training applications of the sample population that is the full size.
    runs
        Of each contender; medians are told.
    parts
        Which of `benchmarks.scale.parts.PARTS` are measured.

    Raises
    ------
    DeliveryError
        When a run fails, with the last line it said, or the clone does not hold the earlier commit.
    """
    builds = {_EARLIER: Build.of_commit(commit, samples), _PRESENT: Build.present()}
    # Parts may be measured apart, and at sizes of their own.
    taken = {"applications": applications, "runs": runs}
    full = drawn(applications, samples)
    with tempfile.TemporaryDirectory(dir=samples) as folder:
        work = Path(folder)
        measures: dict[str, Callable[[], dict[str, Any]]] = {
            "requests": lambda: measure_requests(builds, work),
            "features": lambda: taken | _features(builds, full, work, runs),
            "train": lambda: taken | _beside(builds, partial(_train, folder=full, work=work), runs),
            "train_full": lambda: taken | _beside(builds, partial(_train, folder=full, work=work, more=_FULL), runs),
            "by_size": lambda: _by_size(applications, samples, work),
            "inputs": lambda: {
                str(size): _inputs(drawn(size, samples), work) for size in sorted({*SMALLER, applications})
            },
            "drift_report": lambda: taken | measure_drift_report(builds, full, work, runs),
        }
        figures = {name: measures[name]() for name in parts}
    return {"earlier_commit": commit, **figures}


def _beside(builds: Mapping[str, Build], once: Callable[[Build], Run], runs: int) -> dict[str, Any]:
    return side_by_side({name: partial(once, build) for name, build in builds.items()}, runs)


def _features(builds: Mapping[str, Build], full: Path, work: Path, runs: int) -> dict[str, Any]:
    """Return what the feature table takes from each form of the same tables, beside plain pandas."""
    csv = as_csv(full)
    forms = {"parquet": full, "csv": csv, "zipped_csv": as_zipped_csv(csv)}
    figures = {
        name: _beside(builds, partial(_build_features, folder=folder, work=work), runs)
        for name, folder in forms.items()
    }
    command = [sys.executable, "-m", "benchmarks.scale.plain_pandas", str(csv), str(work / "pandas.parquet")]
    present = builds[_PRESENT]
    pandas = in_turns({"pandas": lambda: measured(command, folder=work, environment=present.environment(work))}, runs)
    plain = medians(pandas["pandas"])
    ours = figures["csv"][_PRESENT]["wall_seconds"]
    return {
        **figures,
        "plain_pandas": plain,
        "times_faster_than_plain_pandas": plain["wall_seconds"] / ours,
        "zipped_csv_over_csv": figures["zipped_csv"][_PRESENT]["wall_seconds"] / ours,
    }


def _build_features(build: Build, folder: Path, work: Path) -> Run:
    return build.run(["training", "features", "--data", str(folder), "--out", str(work / "features.parquet")], work)


def _train(build: Build, folder: Path, work: Path, more: tuple[str, ...] = ()) -> Run:
    """Train from the tables on, nothing kept from before."""
    cache = work / "cache"
    shutil.rmtree(cache, ignore_errors=True)
    return build.run(["training", "train", "--data", str(folder), "--cache", str(cache), *more], work)


def _score(build: Build, folder: Path, work: Path) -> Run:
    cache = work / "cache"
    shutil.rmtree(cache, ignore_errors=True)
    places = ["--data", str(folder), "--out", str(work / "scores.parquet"), "--cache", str(cache)]
    return build.run(["training", "score", "--bundle", str(BUNDLE), *places], work)


def _by_size(applications: int, samples: Path, work: Path) -> dict[str, Any]:
    """Return what features, training and scoring take of this build, by share of the full size."""
    present, figures = Build.present(), {}
    for name, share in SIZES.items():
        folder = drawn(round(applications * share), samples)
        steps = {"features": _build_features, "train": _train, "score": _score}
        figures[name] = {
            "applications": round(applications * share),
            **{step: medians([take(present, folder, work)]) for step, take in steps.items()},
        }
    return figures


def _inputs(folder: Path, work: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.scale.inputs", str(folder), str(work / "inputs")]
    return figures_said(run_program(command, environment=Build.present().environment(work)).stdout)
