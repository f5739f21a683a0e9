"""One training run in the store: what went in, what was measured, what came out."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mlflow
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from mlflow.data.dataset_source_registry import resolve_dataset_source
from mlflow.data.meta_dataset import MetaDataset
from mlflow.exceptions import MlflowException
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, DataType, Schema, TensorSpec

from training.bundle.export import MODEL_NAME
from training.files import ROOT
from training.registry import store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np
    from matplotlib.figure import Figure
    from mlflow.tracking import MlflowClient

    from scoring.bundle import Bundle
    from scoring.contract import Contract
    from scoring.evidence import ComparedCandidate
    from scoring.fairness import Fairness
    from training.explanations.report import Report
    from training.selection.pipeline import TrainedModel
    from training.selection.rules import GapsToBest

SERVED_MODEL = Path(__file__).with_name("served_model.py")
SCORING = ROOT / "lambda" / "scoring"
RUNTIME_REQUIREMENTS = ROOT / "lambda" / "requirements.txt"
HOLD_OUT = "audit/hold_out.parquet"
# The run's parameter that says whether its applicants were made up.
SAMPLE_POPULATION = "sample_population"
REPORT = "explanations/explications.html"
SUMMARY = "explanations/summary.json"
DEVELOPMENT_IDS = "audit/development_ids.parquet"
_LONGEST_DIGEST = 36
_NOTE = "mlflow.note.content"
ALIASES = """The model of *Prêt à dépenser*, one version a training run.

Stages are deprecated in MLflow; two aliases stand for them: `staging` is the version that training registered last,
`production` the one that `python -m training promote` let through its gates. `python -m training history` says who
moved which, when and why."""


class _DataOnDisk(MetaDataset):
    """A data set by its fingerprint: MLflow is told about the rows, not given them."""

    @property
    def profile(self) -> None:
        """Have no profile: the contract's reference shares are one."""


@contextmanager
def tracked_run(parameters: dict[str, Any], manifest: dict[str, Any]) -> Iterator[str]:
    """Open a run, record what goes in, and yield its identifier; an error marks the run as failed."""
    store.open_store()
    with mlflow.start_run() as run:
        with store.told_as_registry_errors():
            mlflow.log_params(parameters)
            mlflow.log_dict(manifest, "data/manifest.json")
        yield str(run.info.run_id)


def record_data(name: str, place: Path, fingerprint: str, columns: Sequence[str], *, context: str) -> None:
    """Record a data set of the open run: where it is, its fingerprint and its columns; its rows stay where they are."""
    schema = Schema([ColSpec(DataType.double, column) for column in columns])
    dataset = _DataOnDisk(
        resolve_dataset_source(place.absolute().as_uri()),
        name=name,
        digest=fingerprint[:_LONGEST_DIGEST],
        schema=schema,
    )
    with store.told_as_registry_errors():
        mlflow.log_input(dataset, context=context, tags={"fingerprint": fingerprint})


def record_rows(hold_out: pa.Table, development_ids: np.ndarray) -> None:
    """Keep in the open run what its version will be judged on: the hold-out rows, and who was learned from."""
    with tempfile.TemporaryDirectory() as work, store.told_as_registry_errors():
        for name, table in ((HOLD_OUT, hold_out), (DEVELOPMENT_IDS, pa.table({"SK_ID_CURR": development_ids}))):
            path = Path(work) / Path(name).name
            pq.write_table(table, path, compression="zstd")
            mlflow.log_artifact(str(path), str(Path(name).parent))


def record_fairness(fairness: Fairness) -> None:
    """Keep the audit by group in the open run, as a table and as figures to compare runs by."""
    with store.told_as_registry_errors():
        mlflow.log_table(_fairness_columns(fairness), "fairness.json")
        mlflow.log_metrics(_fairness_metrics(fairness))


def record_figures(figures: Mapping[str, Figure]) -> None:
    """Keep figures in the open run."""
    with store.told_as_registry_errors():
        for name, figure in figures.items():
            mlflow.log_figure(figure, f"figures/{name}")


def record_report(run_id: str, report: Report) -> None:
    """Add the explanations of a version to its run, which is over."""
    client = mlflow.MlflowClient()
    summary = report.summary
    with store.told_as_registry_errors():
        client.log_text(run_id, report.html, REPORT)
        client.log_text(run_id, summary.model_dump_json(indent=1), SUMMARY)
        for name, figure in report.figures.items():
            client.log_figure(run_id, figure, f"{Path(REPORT).parent}/{name}")
        client.log_metric(run_id, "explanations.lime_rank_correlation", summary.agreement)
        client.log_metric(run_id, "explanations.lime_fit", summary.lime_fit)


def _fairness_columns(fairness: Fairness) -> dict[str, list[Any]]:
    rows = [(attribute, group) for attribute in fairness.attributes for group in attribute.groups]
    figures = ("refusal_rate", "false_refusal_rate", "missed_default_rate", "calibration_gap", "cost")
    columns: dict[str, list[Any]] = {
        "attribute": [attribute.attribute for attribute, _ in rows],
        "group": [group.group for _, group in rows],
        "applications": [group.n_applications for _, group in rows],
    }
    return columns | {name: [getattr(group, name).value for _, group in rows] for name in figures}


def _fairness_metrics(fairness: Fairness) -> dict[str, float]:
    measured = {
        f"fairness.{name}.{attribute.attribute}": estimate.value
        for attribute in fairness.attributes
        for name in ("acceptance_ratio", "false_refusal_difference", "calibration_gap")
        if (estimate := getattr(attribute, name)) is not None
    }
    price = fairness.protected_cost
    return measured | ({"fairness.cost_of_leaving_out": price.cost_difference.value} if price else {})


def record_model(trained: TrainedModel, contract: Contract) -> None:
    """Record the choices, the figures and the curve of the model in the open run."""
    champion = trained.champion
    mlflow.log_params({f"champion.{key}": value for key, value in champion.candidate.parameters.items()})
    mlflow.log_param("champion", champion.candidate.name)
    mlflow.log_metrics(
        {"oof_cost": champion.cost, "oof_auc": champion.auc, "threshold": champion.threshold.threshold}
        | {"n_inputs": len(contract.inputs), "n_features": len(contract.features)}
    )
    mlflow.log_metrics(_hold_out_metrics(contract))
    record_candidates(trained.table)
    mlflow.log_dict({"candidates": [row.model_dump() for row in trained.table]}, "comparison.json")
    mlflow.log_table(_curve_columns(trained.curve), "inputs.json")
    mlflow.log_table(_candidate_columns(trained), "candidates.json")
    mlflow.set_tags(_tags(contract) | {"mlflow.runName": _run_name(contract), _NOTE: describe(contract)})


def record_candidates(candidates: Sequence[ComparedCandidate]) -> None:
    """Record each candidate in a run inside the open run, so that MLflow compares families as it does runs."""
    for row in candidates:
        _record_candidate(row)


def _record_candidate(row: ComparedCandidate) -> None:
    with mlflow.start_run(run_name=row.name, nested=True):
        mlflow.set_tag("role", "candidate")
        mlflow.log_params(
            {"family": row.family, "imbalance": row.imbalance, "champion": row.champion, "exportable": row.exportable}
            | {f"setting.{name}": value for name, value in row.parameters.items()}
        )
        figures = {
            "oof_cost": row.cost.value,
            "oof_cost_low": row.cost.low,
            "oof_cost_high": row.cost.high,
            "oof_auc": row.auc,
            "oof_accuracy": row.accuracy,
            "oof_brier": row.brier,
            "oof_calibration_error": row.calibration_error,
            "threshold": row.threshold,
            "fit_seconds": row.fit_seconds,
            "size_bytes": row.size_bytes,
            "latency_us": row.latency_us,
        }
        mlflow.log_metrics({name: value for name, value in figures.items() if value is not None})


def describe(contract: Contract) -> str:
    """Say in a few lines what a version is, for the page of the run and of the version."""
    quality, policy = contract.quality, contract.decision
    return (
        f"**{contract.identity.family}**, {len(contract.inputs)} inputs, {len(contract.features)} features; refuses at "
        f"{policy.threshold:.4f} [{policy.threshold_interval[0]:.4f}, {policy.threshold_interval[1]:.4f}].\n\n"
        f"Hold-out of {quality.n_applications:,}: cost {quality.cost.value:.4f} [{quality.cost.low:.4f}, "
        f"{quality.cost.high:.4f}], AUC {quality.auc.value:.4f}, calibration error "
        f"{quality.calibration_error.value:.4f}.\n\nData {contract.identity.data_fingerprint[:12]}, code "
        f"{contract.identity.git_commit[:12]}; graph equal to the trained model on {contract.parity.n_applications:,} "
        "applications."
    )


def _run_name(contract: Contract) -> str:
    return f"{contract.identity.family} {len(contract.inputs)} inputs, cost {contract.quality.cost.value:.4f}"


def _candidate_columns(trained: TrainedModel) -> dict[str, list[Any]]:
    return {
        "candidate": [one.candidate.name for one in trained.assessed],
        "cost": [one.cost for one in trained.assessed],
        "auc": [one.auc for one in trained.assessed],
        "brier": [one.brier for one in trained.assessed],
        "calibration_error": [one.calibration_error for one in trained.assessed],
        "threshold": [one.threshold.threshold for one in trained.assessed],
    }


def _curve_columns(curve: Sequence[GapsToBest]) -> dict[str, list[float]]:
    return {
        "n_inputs": [len(point.assessment.space.inputs) for point in curve],
        "cost": [point.assessment.cost for point in curve],
        "auc": [point.assessment.auc for point in curve],
        "cost_gap": [point.cost.mean for point in curve],
        "cost_gap_standard_error": [point.cost.standard_error for point in curve],
        "log_loss_gap": [point.log_loss.mean for point in curve],
        "log_loss_gap_standard_error": [point.log_loss.standard_error for point in curve],
    }


def _hold_out_metrics(contract: Contract) -> dict[str, float]:
    quality = contract.quality
    figures = ("cost", "auc", "accuracy", "brier", "calibration_error", "mean_probability")
    measured = {f"hold_out_{name}": getattr(quality, name).value for name in figures}
    return measured | {f"hold_out_cost.{name}": one.value for name, one in quality.baselines.items()}


def register_bundle(client: MlflowClient, bundle: Bundle, example: dict[str, Any]) -> str:
    """Log the bundle as a model of the open run, register it and return the version's number."""
    contract, folder = bundle.contract, str(bundle.folder)
    with store.told_as_registry_errors():
        logged = mlflow.pyfunc.log_model(
            name="model",
            python_model=str(SERVED_MODEL),
            artifacts={"bundle": folder},
            code_paths=[str(SCORING)],
            signature=_signature(contract),
            input_example=_input_example(contract, example),
            pip_requirements=str(RUNTIME_REQUIREMENTS),
            metadata={"exemple": example},
        )
        mlflow.log_artifacts(folder, "bundle")
        version = _new_version(client, str(logged.model_uri), str(logged.model_id), describe(contract))
        for key, value in _tags(contract).items():
            client.set_model_version_tag(MODEL_NAME, version, key, value)
    return version


def _input_example(contract: Contract, application: Mapping[str, Any]) -> pd.DataFrame | None:
    """Return an application as one row of the signature's types; ``None`` without an application.

    MLflow takes a text column in which nothing is given for numbers: there, the example shows the first category.
    """
    if not application:
        return None
    columns = {
        item.name: pd.Series([application.get(item.name) or item.categories[0]])
        if item.kind == "category"
        else pd.Series([application.get(item.name)], dtype="float64")
        for item in contract.inputs
    }
    return pd.DataFrame(columns)


def tag_version(client: MlflowClient, version: str, key: str, value: str) -> None:
    """Keep a fact with a version."""
    with store.told_as_registry_errors():
        client.set_model_version_tag(MODEL_NAME, version, key, value)


def _new_version(client: MlflowClient, source: str, model_id: str, description: str) -> str:
    """Register a logged model; the client, unlike ``mlflow.register_model``, prints nothing."""
    with suppress(MlflowException):  # it exists from the second version on
        client.create_registered_model(MODEL_NAME, description=ALIASES)
    run = mlflow.active_run()
    made = client.create_model_version(
        MODEL_NAME,
        source,
        run_id=run.info.run_id if run else None,
        model_id=model_id,
        description=description,
    )
    return str(made.version)


def _signature(contract: Contract) -> ModelSignature:
    columns: list[ColSpec | TensorSpec] = [
        ColSpec(DataType.string if item.kind == "category" else DataType.double, name=item.name, required=item.required)
        for item in contract.inputs
    ]
    answers: list[ColSpec | TensorSpec] = [
        ColSpec(DataType.double, "probabilite_de_defaut"),
        ColSpec(DataType.string, "classe"),
    ]
    return ModelSignature(inputs=Schema(columns), outputs=Schema(answers))


def _tags(contract: Contract) -> dict[str, str]:
    return {
        "data_fingerprint": contract.identity.data_fingerprint,
        "family": contract.identity.family,
        "threshold": f"{contract.decision.threshold:.6f}",
        "hold_out_cost": f"{contract.quality.cost.value:.4f}",
        "hold_out_auc": f"{contract.quality.auc.value:.4f}",
        "parity": f"{contract.parity.worst_probability_difference:.1e}",
    }
