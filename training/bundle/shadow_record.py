"""What a challenger said in the shadow, from the lines of the function's log."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.decision import Decision
from scoring.log_lines import EVENT, Event
from training.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class ShadowRecord:
    """What is known of a challenger that never answered.

    Attributes
    ----------
    n, failed
        Requests it was asked for, and those it failed on.
    agreement
        Share of the others on which it decides as what answered did.
    swapped_in, swapped_out
        Refused that it would accept, and accepted that it would refuse.
    left_out
        Requests for which there was no time.
    p99_alone_ms, p99_with_ms
        99th percentile of those answers, and of answer and shadow together.
    """

    n: int
    failed: int
    agreement: float
    swapped_in: int
    swapped_out: int
    left_out: int
    p99_alone_ms: float
    p99_with_ms: float


def read_shadow(path: Path, *, version: str) -> ShadowRecord:
    """Return the record of a registry version from a file of log lines, gzipped or not.

    Raises
    ------
    DataError
        ``TRN188`` when the file cannot be read, or holds no line of a shadow of this version.
    """
    try:
        content = path.read_bytes()
        text = (gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content).decode()
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise DataError("TRN188", f"{path} cannot be read as JSON lines; give the log of the function") from error
    lines = [told for line in text.splitlines() if (told := _shadow_line(line, version)) is not None]
    if not lines:
        raise DataError("TRN188", f"{path} holds no line of version {version} in the shadow")
    return _summed(lines)


def _shadow_line(line: str, version: str) -> dict[str, Any] | None:
    try:
        told = json.loads(line)
    except ValueError:
        return None
    if not isinstance(told, dict) or told.get(EVENT) != Event.SHADOW:
        return None
    return told if str(told["version_ombre"]).rpartition(":")[2].partition("+")[0] == version else None


def _summed(lines: list[dict[str, Any]]) -> ShadowRecord:
    answered = [one for one in lines if "erreur" not in one]
    moved = [one["classe"] for one in answered if not one["accord"]]
    alone = np.array([one["reponse_ms"] for one in lines])
    added = np.array([one["ombre_ms"] for one in lines])
    return ShadowRecord(
        n=len(lines),
        failed=len(lines) - len(answered),
        agreement=1 - len(moved) / len(answered) if answered else 0.0,
        swapped_in=moved.count(Decision.REFUSE.value),
        swapped_out=moved.count(Decision.ACCEPT.value),
        left_out=sum(one["laissees"] for one in lines),
        p99_alone_ms=float(np.quantile(alone, 0.99)),
        p99_with_ms=float(np.quantile(alone + added, 0.99)),
    )
