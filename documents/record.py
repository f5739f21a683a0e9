"""The record of a version: what the documents say that is not in its bundle."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from scoring.contract import CONTRACT_FILE
from training.errors import DataError
from training.explanations.report import ExplanationSummary  # noqa: TC001  the same

if TYPE_CHECKING:
    from pathlib import Path

    from scoring.bundle import Bundle

RECORD_FILE = "version.json"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Move(_Frozen):
    """One move of an alias, as the registry's history tells it."""

    at: str
    alias: str
    version: str
    previous: str | None
    action: str
    by: str
    reason: str
    overridden: dict[str, str]
    proposed_by: str | None = None
    broken_glass: str | None = None


class Gate(_Frozen):
    """How many things a gate looked at when the version was held against it, and how many were beyond their limit."""

    gate: str
    n_findings: int
    n_breaches: int


class VersionRecord(_Frozen):
    """What the registry and the reports know of the version in a bundle.

    Attributes
    ----------
    contract_sha256
        Of the bundle's contract: a record belongs to one bundle.
    synthetic
        Whether the applicants are those of the sample population.
    """

    contract_sha256: str
    synthetic: bool
    gates: tuple[Gate, ...]
    history: tuple[Move, ...]
    explanations: ExplanationSummary


def read_record(path: Path, bundle: Bundle) -> VersionRecord:
    """Read the record that belongs to a bundle.

    Raises
    ------
    DataError
        ``TRN185`` when it is absent, none, or of another bundle.
    """
    advice = "run `python -m documents document` where the version is registered (`make bundle` does)"
    try:
        record = VersionRecord.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise DataError("TRN185", f"{path} is no record of a version; {advice}") from error
    if record.contract_sha256 != bundle.hashes[CONTRACT_FILE]:
        raise DataError("TRN185", f"{path} is the record of another bundle than {bundle.folder}; {advice}")
    return record


def record_text(record: VersionRecord) -> str:
    """Return the one form of a record's file."""
    return json.dumps(record.model_dump(mode="json"), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
