"""The aliases and the history they do not keep: who moved what, when, why, and past which gates."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mlflow.exceptions import MlflowException

from commandline.person import person
from training.bundle.export import MODEL_NAME
from training.errors import RegistryError
from training.registry import store

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
    proposed_by
        Who put the version forward, where two people were asked for.
    broken_glass
        Why one person alone moved it; ``None`` where two did, or none were asked for.
    done
        Whether the trace was closed after the alias had moved; one that was not counts if the alias is there.
    """

    alias: str
    version: str
    previous: str | None
    action: str
    reason: str
    by: str
    at: str
    overridden: dict[str, str] = field(default_factory=dict)
    proposed_by: str | None = None
    broken_glass: str | None = None
    done: bool = True


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who moves an alias.

    Attributes
    ----------
    proposer
        ``None`` where nobody had put the version forward and the glass was broken.
    broken_glass
        Why there are not two people.
    """

    proposer: str | None
    approver: str
    broken_glass: str | None = None


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
    signed: Signatures | None = None,
) -> AliasChange:
    """Point an alias at a version and keep a trace of it on the registered model.

    The trace is opened first and closed once the alias has moved: whoever dies in between leaves nothing half-done.
    """
    change = AliasChange(
        alias=alias,
        version=version,
        previous=version_of(client, alias),
        action=action,
        reason=reason,
        by=signed.approver if signed else person(),
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        overridden=dict(overridden or {}),
        proposed_by=signed.proposer if signed else None,
        broken_glass=signed.broken_glass if signed else None,
        done=False,
    )
    with store.told_as_registry_errors():
        _forget_what_was_broken_off(client, alias)
        # Named after the moment and by chance: two moves at once must not overwrite each other's trace.
        key = f"{_HISTORY}{time.time_ns()}-{uuid.uuid4().hex[:8]}"
        client.set_registered_model_tag(MODEL_NAME, key, json.dumps(asdict(change)))
        client.set_registered_model_alias(MODEL_NAME, alias, version)
        client.set_registered_model_tag(MODEL_NAME, key, json.dumps(asdict(replace(change, done=True))))
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


def _traces(client: MlflowClient) -> dict[str, AliasChange]:
    with store.told_as_registry_errors():
        tags = client.get_registered_model(MODEL_NAME).tags
    keys = sorted(key for key in tags if key.startswith(_HISTORY))
    return {key: AliasChange(**json.loads(tags[key])) for key in keys}


def _broken_off(client: MlflowClient, alias: str, traces: Mapping[str, AliasChange]) -> list[str]:
    """Return the traces of an alias that were opened, and the alias never came to where they say."""
    opened = [key for key, change in traces.items() if change.alias == alias and not change.done]
    return [key for key in opened if traces[key].version != version_of(client, alias)] if opened else []


def _forget_what_was_broken_off(client: MlflowClient, alias: str) -> None:
    for key in _broken_off(client, alias, _traces(client)):
        client.delete_registered_model_tag(MODEL_NAME, key)
