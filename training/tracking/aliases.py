"""The aliases and the history they do not keep: who moved what, when, why, and past which gates."""

from __future__ import annotations

import getpass
import json
import time
import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mlflow.exceptions import MlflowException

from training.errors import RegistryError
from training.export import MODEL_NAME
from training.tracking import store

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    overridden
        By gate that was overruled, what it had found.
    """

    alias: str
    version: str
    previous: str | None
    action: str
    reason: str
    by: str
    at: str
    overridden: dict[str, str]


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


def move_alias(
    client: MlflowClient,
    alias: str,
    version: str,
    *,
    action: str,
    reason: str,
    overridden: Mapping[str, str] | None = None,
) -> AliasChange:
    """Point an alias at a version and keep a trace of it on the registered model.

    The trace is written first and counts once the alias has moved: whoever dies in between leaves nothing half-done.
    """
    change = AliasChange(
        alias=alias,
        version=version,
        previous=version_of(client, alias),
        action=action,
        reason=reason,
        by=getpass.getuser(),
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        overridden=dict(overridden or {}),
    )
    with store.told_as_registry_errors():
        _forget_what_was_broken_off(client, alias)
        # Named after the moment and by chance: two moves at once must not overwrite each other's trace.
        key = f"{_HISTORY}{time.time_ns()}-{uuid.uuid4().hex[:8]}"
        client.set_registered_model_tag(MODEL_NAME, key, json.dumps(asdict(change)))
        client.set_registered_model_alias(MODEL_NAME, alias, version)
    return change


def alias_history(client: MlflowClient) -> list[AliasChange]:
    """Return every move of an alias that was carried out, oldest first."""
    traces = _traces(client)
    broken_off = {key for alias in (STAGING, PRODUCTION) for key in _broken_off(client, alias, traces)}
    return [change for key, change in traces.items() if key not in broken_off]


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
            path = path[:-1] if change.action == "rollback" else [*path, change.version]
    if len(path) < 2 or path[-1] != current:  # noqa: PLR2004  the current one and one before it
        raise RegistryError("TRN303", f"{alias} has no earlier version to go back to; promote another version instead")
    return path[-2]


def _traces(client: MlflowClient) -> dict[str, AliasChange]:
    with store.told_as_registry_errors():
        tags = client.get_registered_model(MODEL_NAME).tags
    keys = sorted(key for key in tags if key.startswith(_HISTORY))
    # A trace of an earlier release knows no gates.
    return {key: AliasChange(**({"overridden": {}} | json.loads(tags[key]))) for key in keys}


def _broken_off(client: MlflowClient, alias: str, traces: Mapping[str, AliasChange]) -> list[str]:
    """Return the last trace of an alias when the alias never came to where the trace says."""
    of_alias = [key for key, change in traces.items() if change.alias == alias]
    if not of_alias or traces[of_alias[-1]].version == version_of(client, alias):
        return []
    return of_alias[-1:]


def _forget_what_was_broken_off(client: MlflowClient, alias: str) -> None:
    for key in _broken_off(client, alias, _traces(client)):
        client.delete_registered_model_tag(MODEL_NAME, key)
