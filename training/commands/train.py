"""Train, judge, export and register a model from a folder of tables."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from features.tables import HISTORY_TABLES
from scoring.bundle import Bundle
from training.bundle.dossier_parity import DossierSet
from training.bundle.export import Taught, write_bundle
from training.bundle.golden import example_of
from training.commands.arguments import add_cache, add_data, add_memory_limit, add_tables, check_seed, is_on_spark
from training.errors import DataError
from training.fairness.audit import audit
from training.features import build_features
from training.features.dataset import read_dataset
from training.features.learning_data import read_learning_data
from training.population.drawing.tables import TRUTH
from training.registry import aliases, runs, store
from training.registry.judged_rows import record_judgement
from training.selection.assessment_store import AssessmentStore
from training.selection.effort import EFFORTS
from training.selection.pipeline import HIGHEST_CREDIBLE_AUC, train_model
from training.selection.search_spaces import read_search_spaces
from training.sources import load_sources
from training.sources.dossiers import dossiers_of
from training.sources.files import find_files
from training.spark.sampling import take_sample
from training.spark.session import spark_session
from training.spark.tables import load_tables

if TYPE_CHECKING:
    import argparse

    from scoring.contract import Parity
    from training.features.dataset import Dataset
    from training.features.learning_data import LearningData

QUICK_DOSSIERS = 500
ACCEPTED_HIGH_AUC = "accepted_high_auc"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_data(parser, on_spark=True)
    parser.add_argument(
        "--sample",
        type=positive,
        metavar="N",
        help="with --engine spark: training applications to learn from, drawn by a hash of the key in the proportions "
        "of the outcome; Spark checks all rows and writes those of the sample under --cache",
    )
    add_tables(parser)
    parser.add_argument(
        "--effort",
        choices=sorted(EFFORTS),
        default="quick",
        help="quick: minutes; full: the real thing (default: %(default)s)",
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=0,
        metavar="S",
        help="of the split, the folds, the models and the bootstrap (default: %(default)s)",
    )
    parser.add_argument(
        "--parity-data",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="further folder whose every application must pass the parity gate (repeatable)",
    )
    parser.add_argument(
        "--accept-high-auc", metavar="REASON", help=f"why an AUC above {HIGHEST_CREDIBLE_AUC} is believed"
    )
    add_cache(
        parser,
        told="folder that keeps feature tables and finished assessments: the same command goes on where one stopped",
    )
    add_memory_limit(parser)
    parser.add_argument("--fresh", action="store_true", help="assess everything anew, whatever is kept")
    parser.add_argument(
        "--search-space",
        type=Path,
        metavar="FILE",
        help="what a full run's searches try (TOML: [family], then parameter = [value, …] or { low = …, high = …, "
        "log = true }); the families' own search spaces by default",
    )
    parser.add_argument(
        "--narrow",
        action="store_true",
        help="one candidate a family, no search, no rebalancing: the long part left out",
    )
    parser.add_argument(
        "--search-trials", type=positive, metavar="N", help="budget of a full run's search of each booster"
    )


def run(args: argparse.Namespace) -> int:
    """Run the whole way from tables to a registered version with the alias ``staging``."""
    check_seed(args.seed)
    spaces = read_search_spaces(args.search_space) if args.search_space else None
    if is_on_spark(args):
        args.data = _sampled(args)
    learning = read_learning_data(
        args.data, args.cache, tables=args.tables, dialect=args.dialect, memory_limit=args.memory_limit, progress=True
    )
    sources, table, data = learning.sources, learning.table, learning.applications
    for note in table.notes:
        print(f"note: {note}")
    other = _other_data(args, learning)
    # The sample population alone knows the truth of its applicants.
    synthetic = any(args.data.glob(f"{TRUTH}.*"))
    parameters = {
        "effort": args.effort,
        "seed": args.seed,
        "tables": ",".join(sources.tables),
        "data": table.fingerprint,
        "accept_high_auc": args.accept_high_auc or "",
        runs.SAMPLE_POPULATION: synthetic,
    }
    effort = EFFORTS[args.effort].with_trials(args.search_trials)
    with (
        # Sums of matrix products depend on the number of threads; and threads that wait for one another take what folds
        # that are learned side by side need.
        threadpool_limits(1, "blas"),
        runs.tracked_run(parameters, sources.manifest.as_json()) as run_id,
        tempfile.TemporaryDirectory() as work,
    ):
        trained = train_model(
            data,
            learning.space,
            effort.narrow() if args.narrow else effort,
            seed=args.seed,
            accept_high_auc=args.accept_high_auc,
            spaces=spaces,
            store=None if args.fresh else AssessmentStore(args.cache / "assessments"),
        )
        fairness = audit(table.path, data, trained)
        folder = Path(work) / "bundle"
        contract = write_bundle(
            folder,
            trained,
            data,
            other_data=other,
            taught=Taught(run_id, table.fingerprint, synthetic),
            fairness=fairness,
            dossiers=_dossiers(args, learning),
        )
        runs.record_data("training", args.data, table.fingerprint, table.columns, context="training")
        with store.told_as_registry_errors():
            runs.record_model(trained, contract)
        record_judgement(table.path, data, trained, fairness)
        client = store.open_store()
        bundle = Bundle.open(folder)
        version = runs.register_bundle(client, bundle, example_of(bundle))
        if trained.accepted_high_auc:
            runs.tag_version(client, version, ACCEPTED_HIGH_AUC, trained.accepted_high_auc)
        aliases.move_alias(client, aliases.STAGING, version, action="train", reason=f"run {run_id}")
    cost, area = contract.quality.cost, contract.quality.auc
    print(
        f"version {version} is staged: hold-out cost {cost.value:.4f} [{cost.low:.4f}, {cost.high:.4f}], "
        f"AUC {area.value:.4f}, threshold {contract.decision.threshold:.4f}, {len(contract.inputs)} inputs, "
        f"parity over {contract.parity.n_applications} applications{_told_dossiers(contract.parity)}"
    )
    return 0


def _sampled(args: argparse.Namespace) -> Path:
    """Have Spark check the tables and write a sample of them; return its folder."""
    if args.sample is None:
        raise DataError("TRN128", "--engine spark learns from a sample; say with --sample how many applications")
    folder: Path = args.cache / f"sample-{args.sample}-{args.seed}"
    with spark_session() as session:
        tables = load_tables(session, args.data, tables=args.tables, progress=True)
        sizes = take_sample(tables, args.sample, args.seed, folder, memory_limit=args.memory_limit)
    told = ", ".join(
        f"{size:,} of {population}{'' if outcome is None else f' with outcome {outcome}'}"
        for (population, outcome), size in sizes.items()
    )
    for note in tables.notes:
        print(f"note: {note}")
    print(f"{folder}: a sample of {args.data}: {told}")
    args.tables = tables.kept[1:]
    return folder


def _told_dossiers(parity: Parity) -> str:
    return f" and {parity.dossiers.n_applicants} raw dossiers" if parity.dossiers else ""


def _dossiers(args: argparse.Namespace, learning: LearningData) -> dict[str, DossierSet]:
    """Return the raw dossiers whose inputs must be those of the batch: all of a full run, the first of a quick one."""
    most = None if args.effort == "full" else QUICK_DOSSIERS
    inputs = learning.space.inputs
    dossiers = dossiers_of(learning.sources, most=most)
    found = {"application": DossierSet(dossiers, read_dataset(learning.table.path, inputs))}
    for number, folder in enumerate(args.parity_data, start=1):
        # Histories of a part of the applicants are too few to learn from, and as good as any to compare.
        histories = [name for name in HISTORY_TABLES if name in find_files(folder)]
        sources = load_sources(folder, tables=histories, labelled=False, memory_limit=args.memory_limit)
        table = build_features(sources, args.cache)
        dossiers = dossiers_of(sources, with_history_alone=True, most=most)
        found[f"{number}:{folder.name}"] = DossierSet(dossiers, read_dataset(table.path, inputs))
    return found


def _other_data(args: argparse.Namespace, learning: LearningData) -> dict[str, Dataset]:
    """Read what must pass the parity gate beside the applications that are learned from; outcomes are not needed."""
    inputs = learning.space.inputs
    found = {"application_test": read_dataset(learning.table.path, inputs, population="test")}
    for number, folder in enumerate(args.parity_data, start=1):
        extra = build_features(load_sources(folder, dialect=args.dialect, memory_limit=args.memory_limit), args.cache)
        for population in ("train", "test"):
            found[f"{number}:{folder.name}/application_{population}"] = read_dataset(
                extra.path, inputs, population=population
            )
    return {name: data for name, data in found.items() if len(data.ids)}


def positive(text: str) -> int:
    """Read a whole number above zero."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number
