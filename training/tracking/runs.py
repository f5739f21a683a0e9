"""One training run in the store: what went in, what was measured, what came out."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, DataType, Schema, TensorSpec

from training.export import MODEL_NAME
from training.tracking import store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mlflow.tracking import MlflowClient

    from scoring.contract import Contract
    from training.pipeline import TrainedModel
    from training.selection import Standing

SERVED_MODEL = Path(__file__).with_name("served_model.py")
SCORING = Path(store.ROOT) / "lambda" / "scoring"
RUNTIME_REQUIREMENTS = Path(store.ROOT) / "lambda" / "requirements.txt"


@contextmanager
def tracked_run(parameters: dict[str, Any], manifest: dict[str, Any]) -> Iterator[str]:
    """Open a run, record what goes in, and yield its identifier; an error marks the run as failed."""
    store.open_store()
    with mlflow.start_run() as run:
        with store.told_as_registry_errors():
            mlflow.log_params(parameters)
            mlflow.log_dict(manifest, "data/manifest.json")
        yield str(run.info.run_id)


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
    for one in trained.assessed:
        name = one.candidate.name.replace("+", ".")  # MLflow takes no plus sign
        mlflow.log_metrics({f"oof_cost.{name}": one.cost, f"oof_auc.{name}": one.auc})
    mlflow.log_dict({"candidates": [row.model_dump() for row in trained.comparison]}, "comparison.json")
    mlflow.log_table(_curve_columns(trained.curve), "inputs.json")


def _curve_columns(curve: Sequence[Standing]) -> dict[str, list[float]]:
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


def register_bundle(client: MlflowClient, bundle: Path, contract: Contract, example: dict[str, Any]) -> str:
    """Log the bundle as a model of the open run, register it and return the version's number."""
    with store.told_as_registry_errors():
        logged = mlflow.pyfunc.log_model(
            name="model",
            python_model=str(SERVED_MODEL),
            artifacts={"bundle": str(bundle)},
            code_paths=[str(SCORING)],
            signature=_signature(contract),
            pip_requirements=str(RUNTIME_REQUIREMENTS),
            metadata={"exemple": example},
        )
        version = _new_version(client, str(logged.model_uri), str(logged.model_id))
        for key, value in _tags(contract).items():
            client.set_model_version_tag(MODEL_NAME, version, key, value)
    return version


def tag_version(client: MlflowClient, version: str, key: str, value: str) -> None:
    """Keep a fact with a version."""
    with store.told_as_registry_errors():
        client.set_model_version_tag(MODEL_NAME, version, key, value)


def _new_version(client: MlflowClient, source: str, model_id: str) -> str:
    """Register a logged model; the client, unlike ``mlflow.register_model``, prints nothing."""
    with suppress(MlflowException):  # it exists from the second version on
        client.create_registered_model(MODEL_NAME)
    return str(client.create_model_version(MODEL_NAME, source, model_id=model_id).version)


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
