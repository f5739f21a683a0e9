"""Which version is staged, which is served, and who changed it: aliases, with the history they do not keep."""

from __future__ import annotations

import getpass
import json
import time
import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import mlflow
from mlflow.exceptions import MlflowException

from scoring.errors import ScoringError
from training.errors import RegistryError
from training.export import MODEL_NAME
from training.golden import wrong_golden_answers
from training.tracking import store

if TYPE_CHECKING:
    from mlflow.tracking import MlflowClient

STAGING = "staging"
PRODUCTION = "production"
_HISTORY = "history."
# What mlflow says of a model it does not know, and of an alias that points to nothing.
_NOT_THERE = {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}


@dataclass(frozen=True, slots=True)
class AliasChange:
    """One move of an alias.

    Attributes
    ----------
    previous
        Version the alias pointed to before; ``None`` the first time.
    """

    alias: str
    version: str
    previous: str | None
    action: str
    reason: str
    by: str
    at: str


def version_of(client: MlflowClient, alias: str) -> str | None:
    """Return the version an alias points to, or ``None`` when it points to nothing."""
    with store.told_as_registry_errors():
        try:
            return str(client.get_model_version_by_alias(MODEL_NAME, alias).version)
        except MlflowException as error:
            if error.error_code in _NOT_THERE:
                return None
            raise


def require_version(client: MlflowClient, alias: str) -> str:
    """Return the version an alias points to.

    Raises
    ------
    RegistryError
        ``TRN302`` when the alias points to nothing.
    """
    version = version_of(client, alias)
    if version is None:
        todo = "run `python -m training train` first" if alias == STAGING else "run `python -m training promote` first"
        raise RegistryError("TRN302", f"no version of {MODEL_NAME} is in {alias}; {todo}")
    return version


def move_alias(client: MlflowClient, alias: str, version: str, *, action: str, reason: str) -> AliasChange:
    """Point an alias at a version and keep a trace of it on the registered model."""
    change = AliasChange(
        alias=alias,
        version=version,
        previous=version_of(client, alias),
        action=action,
        reason=reason,
        by=getpass.getuser(),
        at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    with store.told_as_registry_errors():
        client.set_registered_model_alias(MODEL_NAME, alias, version)
        # Named after the moment and by chance: two moves at once must not overwrite each other's trace.
        key = f"{_HISTORY}{time.time_ns()}-{uuid.uuid4().hex[:8]}"
        client.set_registered_model_tag(MODEL_NAME, key, json.dumps(asdict(change)))
    return change


def alias_history(client: MlflowClient) -> list[AliasChange]:
    """Return every move of an alias, oldest first."""
    tags = client.get_registered_model(MODEL_NAME).tags
    return [AliasChange(**json.loads(tags[key])) for key in sorted(tags) if key.startswith(_HISTORY)]


def version_before(client: MlflowClient, alias: str) -> str:
    """Return the version that a rollback of `alias` goes back to.

    Raises
    ------
    RegistryError
        ``TRN303`` when there is nothing to go back to.
    """
    current = require_version(client, alias)
    path: list[str] = []
    for change in alias_history(client):
        if change.alias == alias:
            path = _after(change, path)
    if len(path) < 2 or path[-1] != current:  # noqa: PLR2004  the current one and one before it
        raise RegistryError("TRN303", f"{alias} has no earlier version to go back to; promote another version instead")
    return path[-2]


def _after(change: AliasChange, path: list[str]) -> list[str]:
    """Return the versions that led to where an alias is, after one more move."""
    if change.action == "rollback":
        return path[:-1]
    # The alias may have been moved elsewhere, in the MLflow UI for one: where it really was is what to go back to.
    if change.previous is not None and path[-1:] != [change.previous]:
        path = [*path, change.previous]
    # Promoted once more, a version leads nowhere new.
    return path if path[-1:] == [change.version] else [*path, change.version]


def bundle_of(client: MlflowClient, version: str) -> Path:
    """Return the local folder of a version's bundle.

    Raises
    ------
    RegistryError
        ``TRN306`` when there is no such version, ``TRN304`` when its artefacts are gone.
    """
    try:
        source = client.get_model_version(MODEL_NAME, version).source
    except MlflowException as error:
        raise RegistryError(
            "TRN306", f"{MODEL_NAME} has no version {version}; `make mlflow` shows the versions there are"
        ) from error
    try:
        folder = Path(mlflow.artifacts.download_artifacts(f"{_resolved(str(source))}/artifacts"))
    except (MlflowException, OSError) as error:
        raise RegistryError(
            "TRN304", f"the artefacts of version {version} are gone; train again and promote the new version"
        ) from error
    bundles = [path.parent for path in folder.rglob("contract.json")]
    if not bundles:
        raise RegistryError("TRN304", f"version {version} holds no bundle; train again and promote the new version")
    return bundles[0]


def sound_bundle_of(client: MlflowClient, version: str) -> Path:
    """Return the folder of a version's bundle once it answers its golden applications as its trainer did.

    Raises
    ------
    RegistryError
        ``TRN306`` no such version, ``TRN304`` its artefacts are gone, ``TRN305`` when they do not hold together.
    """
    bundle = bundle_of(client, version)
    try:
        wrong = wrong_golden_answers(bundle)
    except ScoringError as error:
        raise RegistryError("TRN305", f"version {version} is not sound ({error}); promote another version") from error
    if wrong:
        raise RegistryError(
            "TRN305", f"version {version} gives {wrong} golden applications another answer; promote another version"
        )
    return bundle


def _resolved(source: str) -> str:
    """Return where the artefacts of a logged model are (``models:/m-…`` names the model, not a place)."""
    if source.startswith("models:/m-"):
        return str(mlflow.get_logged_model(source.removeprefix("models:/")).artifact_location)
    return source
