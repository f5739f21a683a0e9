"""Registered versions: their bundle, and what their run keeps of the rows they are judged on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import mlflow
import pyarrow.parquet as pq
from mlflow.exceptions import MlflowException

from scoring.bundle import Bundle
from scoring.contract import CONTRACT_FILE
from scoring.errors import ScoringError
from training.bundle.export import MODEL_NAME
from training.bundle.golden import wrong_golden_answers
from training.errors import RegistryError
from training.registry.runs import DEVELOPMENT_IDS, HOLD_OUT

if TYPE_CHECKING:
    import pyarrow as pa
    from mlflow.entities.model_registry import ModelVersion
    from mlflow.tracking import MlflowClient


def find_version(client: MlflowClient, version: str) -> ModelVersion:
    """Return what the registry knows of a version.

    Raises
    ------
    RegistryError
        ``TRN306`` when there is no such version.
    """
    try:
        return client.get_model_version(MODEL_NAME, version)
    except MlflowException as error:
        raise RegistryError(
            "TRN306", f"{MODEL_NAME} has no version {version}; `make mlflow` shows the versions there are"
        ) from error


def bundle_of(client: MlflowClient, version: str) -> Path:
    """Return the local folder of a version's bundle.

    Raises
    ------
    RegistryError
        ``TRN306`` when there is no such version, ``TRN304`` when its artefacts are gone.
    """
    source = find_version(client, version).source
    try:
        folder = Path(mlflow.artifacts.download_artifacts(f"{_resolved(str(source))}/artifacts"))
    except (MlflowException, OSError) as error:
        raise RegistryError(
            "TRN304", f"the artefacts of version {version} are gone; train again and promote the new version"
        ) from error
    bundles = [path.parent for path in folder.rglob(CONTRACT_FILE)]
    if not bundles:
        raise RegistryError("TRN304", f"version {version} holds no bundle; train again and promote the new version")
    return bundles[0]


def sound_bundle_of(client: MlflowClient, version: str) -> Bundle:
    """Return a version's bundle once it answers its golden applications as its trainer did.

    Raises
    ------
    RegistryError
        ``TRN306`` no such version, ``TRN304`` its artefacts are gone, ``TRN305`` when they do not hold together.
    """
    folder = bundle_of(client, version)
    try:
        bundle = Bundle.open(folder)
        wrong = wrong_golden_answers(bundle)
    except ScoringError as error:
        raise RegistryError("TRN305", f"version {version} is not sound ({error}); promote another version") from error
    if wrong:
        raise RegistryError(
            "TRN305", f"version {version} gives {wrong} golden applications another answer; promote another version"
        )
    return bundle


def run_of(client: MlflowClient, version: str) -> str:
    """Return the training run that a version comes from."""
    return str(find_version(client, version).run_id)


def hold_out_of(client: MlflowClient, version: str) -> pa.Table:
    """Return the feature rows that a version was judged on, outcomes and protected attributes included."""
    return pq.read_table(artefact_of(client, version, HOLD_OUT))


def development_ids_of(client: MlflowClient, version: str) -> pa.ChunkedArray:
    """Return the ``SK_ID_CURR`` that a version learned from."""
    return pq.read_table(artefact_of(client, version, DEVELOPMENT_IDS)).column(0)


def artefact_of(client: MlflowClient, version: str, name: str) -> Path:
    """Return the local file of one of the artefacts of a version's run.

    Raises
    ------
    RegistryError
        ``TRN304`` when it is gone.
    """
    try:
        return Path(mlflow.artifacts.download_artifacts(run_id=run_of(client, version), artifact_path=name))
    except (MlflowException, OSError) as error:
        raise RegistryError(
            "TRN304", f"{name} of version {version} is gone from its run; train again and promote the new version"
        ) from error


def _resolved(source: str) -> str:
    """Return where the artefacts of a logged model are (``models:/m-…`` names the model, not a place)."""
    if source.startswith("models:/m-"):
        return str(mlflow.get_logged_model(source.removeprefix("models:/")).artifact_location)
    return source
