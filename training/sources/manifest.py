"""What was handed in, file by file, and one fingerprint over the contents that are used."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True)
class FileEntry:
    """One source file.

    `coverage` is the share of the training applications with at least one row in the table (None for the applications),
    `kept` whether features are made of it.
    """

    table: str
    file: str
    size: int
    rows: int
    sha256: str
    columns: tuple[str, ...]
    coverage: float | None
    kept: bool


@dataclass(frozen=True)
class Manifest:
    """The files of a data folder and the fingerprint of those that are used."""

    files: tuple[FileEntry, ...]
    fingerprint: str

    def as_json(self) -> dict[str, Any]:
        """Return the manifest as plain values for JSON."""
        return asdict(self)


def manifest_of(files: Iterable[FileEntry]) -> Manifest:
    """Seal the entries with a fingerprint over the kept tables and their contents."""
    entries = tuple(files)
    digest = hashlib.sha256()
    for entry in entries:
        if entry.kept:
            digest.update(f"{entry.table} {entry.sha256}\n".encode())
    return Manifest(entries, digest.hexdigest())


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
