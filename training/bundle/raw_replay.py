"""Replay from the raw dossier: its hash leads to the record, and the feature SQL to the inputs that were scored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from scoring.dossier.reading import DossierReader
from scoring.errors import FeatureComputationError, InvalidApplicationError
from scoring.http.requests import ApplicationReader
from scoring.settings import Settings
from training.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from scoring.bundle import Bundle
    from scoring.dossier.reading import ReadDossier
    from scoring.records import AuditRecord

# What the API let through at its widest was let through.
_WIDEST = Settings(unknown_fields="ignore", max_records=20_000)


def inputs_of_raw(bundle: Bundle, records: Sequence[AuditRecord], paths: Sequence[Path]) -> dict[str, tuple[str, ...]]:
    """Compute the inputs of raw dossiers again, and compare them with those that records hold.

    Returns
    -------
    By the hash of each dossier, a sentence for each input that does not come out as it was recorded, bit for bit.

    Raises
    ------
    DataError
        ``TRN189`` when a file is no dossier, or no record was taken on it: another dossier, or one that was changed.
    """
    recorded = {one.dossier: one for one in records if one.dossier}
    reader = DossierReader(bundle.contract, ApplicationReader(bundle.contract, unknown_fields="ignore"), _WIDEST)
    found: dict[str, tuple[str, ...]] = {}
    for path in paths:
        read = _read(reader, path)
        sha256 = read.sha256()
        if sha256 not in recorded:
            raise DataError(
                "TRN189", f"no record was taken on {path} (hash {sha256[:16]}…): it is another dossier, or was changed"
            )
        found[sha256] = _differences(recorded[sha256].demande, read.application.values, bundle)
    return found


def _read(reader: DossierReader, path: Path) -> ReadDossier:
    try:
        return reader.read(path.read_bytes())
    except OSError as error:
        raise DataError("TRN189", f"{path} cannot be read ({error.strerror}); give the dossier as JSON") from error
    except InvalidApplicationError as error:
        places = ", ".join(sorted({f"{one.champ} {one.code}".strip() for one in error.problems})[:5])
        raise DataError("TRN189", f"{path} is no dossier that this bundle takes: {places}") from error
    except FeatureComputationError as error:
        raise DataError("TRN189", f"the inputs of {path} cannot be computed: {error}") from error


def _differences(recorded: Mapping[str, object], computed: Mapping[str, object], bundle: Bundle) -> tuple[str, ...]:
    """Compare as written; an input that was not known has no name, which is not the same as none."""
    untold = "untold"
    pairs = [
        (item.name, *(json.dumps(side[item.name]) if item.name in side else untold for side in (recorded, computed)))
        for item in bundle.contract.inputs
    ]
    return tuple(
        f"{name}: recorded {was}, computed from the raw dossier {now}" for name, was, now in pairs if was != now
    )
