"""One promotion at a time, whatever the store: a claim on the registered model that everybody can see."""

from __future__ import annotations

import json
import time
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from commandline.person import person
from training.bundle.export import MODEL_NAME
from training.errors import RegistryError
from training.registry import store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlflow.tracking import MlflowClient

_CLAIM = "lock."
# A promotion takes seconds; whoever died holding the lock keeps others out no longer than this.
EXPIRES_AFTER = timedelta(minutes=10)


@contextmanager
def registry_lock(client: MlflowClient, purpose: str) -> Iterator[None]:
    """Hold the registered model while its aliases are moved.

    Write a claim, then look for others: of two that overlap, at least one sees the other and steps back, on any store
    whose writes are seen by later reads. (Both may step back; neither has changed anything then.)

    Raises
    ------
    RegistryError
        ``TRN307`` when somebody else holds it.
    """
    key = f"{_CLAIM}{uuid.uuid4().hex}"
    claim = {"by": person(), "purpose": purpose, "at": time.time()}
    with store.told_as_registry_errors():
        client.set_registered_model_tag(MODEL_NAME, key, json.dumps(claim))
    try:
        _step_back_from_others(client, key)
        yield
    finally:
        with store.told_as_registry_errors():
            client.delete_registered_model_tag(MODEL_NAME, key)


def _step_back_from_others(client: MlflowClient, own: str) -> None:
    with store.told_as_registry_errors():
        tags = client.get_registered_model(MODEL_NAME).tags
    for key, value in tags.items():
        if not key.startswith(_CLAIM) or key == own:
            continue
        claim = json.loads(value)
        until = datetime.fromtimestamp(claim["at"], UTC) + EXPIRES_AFTER
        if until > datetime.now(UTC):
            raise RegistryError(
                "TRN307",
                f"{claim['by']} is at work on the registry ({claim['purpose']}); nothing was changed: try again when "
                f"that is done, or after {until:%H:%M:%S} UTC if it was broken off",
            )
        with store.told_as_registry_errors():
            client.delete_registered_model_tag(MODEL_NAME, key)
