"""Two people put a version into production: one proposes it, another approves it. Breaking the glass is loud."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from training.errors import RegistryError
from training.registry import runs, versions
from training.registry.aliases import Signatures

if TYPE_CHECKING:
    from mlflow.tracking import MlflowClient

_PROPOSAL = "proposal"


def propose(client: MlflowClient, version: str, *, person: str, reason: str) -> None:
    """Keep with a version who puts it forward.

    Raises
    ------
    RegistryError
        ``TRN306`` when there is no such version.
    """
    versions.find_version(client, version)
    told = {"by": person, "reason": reason, "at": datetime.now(UTC).isoformat(timespec="seconds")}
    runs.tag_version(client, version, _PROPOSAL, json.dumps(told, ensure_ascii=False))


def proposer_of(client: MlflowClient, version: str) -> str | None:
    """Return who has put a version forward, if anybody has."""
    told = versions.find_version(client, version).tags.get(_PROPOSAL)
    return None if told is None else str(json.loads(told)["by"])


def sign(client: MlflowClient, version: str, *, person: str, break_glass: str | None = None) -> Signatures:
    """Return the two who answer for a version.

    Parameters
    ----------
    break_glass
        Why one person alone may; it is kept in the history and in the bundle.

    Raises
    ------
    RegistryError
        ``TRN320`` when nobody has proposed it, or the person has proposed it too.
    """
    proposer = proposer_of(client, version)
    if break_glass:
        return Signatures(proposer, person, break_glass)
    if proposer is None:
        raise RegistryError(
            "TRN320",
            f"nobody has proposed version {version}; `python -m training propose`, and another person promotes",
        )
    if proposer.strip().casefold() == person.strip().casefold():
        raise RegistryError(
            "TRN320", f"{person} has proposed version {version} and cannot approve it; another person promotes it"
        )
    return Signatures(proposer, person)
