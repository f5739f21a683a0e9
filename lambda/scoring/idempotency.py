"""A request that is sent again under its key is answered as it was: decided once, recorded once.

A store holds, by key, which request came and what it was answered. Whoever comes first holds the key until it has an
answer to keep; should it end without one, the key is free again after `LEASE_SECONDS`.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

# Longer than the function may run (TimeoutSeconds of template.yaml): a holder that is silent for so long has ended.
LEASE_SECONDS: Final = 30


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What a request was answered, to the byte, and in which language."""

    body: bytes
    language: str


class Standing(StrEnum):
    """Why a key cannot be held."""

    IN_PROGRESS = "in progress"
    OTHER_REQUEST = "another request"


class AnswerStore(Protocol):
    """Answers by key. `key`, `request` and `holder` are hashes and identifiers, never values of an applicant."""

    def claim(self, key: str, request: str, *, holder: str) -> KeptAnswer | Standing | None:
        """Hold a key for a request.

        Returns
        -------
        KeptAnswer or Standing or None
            The answer that the same request had, or why there is none; None where the key is now the holder's.
        """

    def keep(self, key: str, answer: KeptAnswer, *, holder: str) -> None:
        """Keep the answer under a key that is held; nothing where it is no longer the holder's."""

    def release(self, key: str, *, holder: str) -> None:
        """Forget a key that is held: what failed may be tried again."""


@dataclass(slots=True)
class _Entry:
    request: str
    holder: str
    expires_at: float
    answer: KeptAnswer | None = None


class MemoryStore:
    """Answers of this process alone: for one machine, never for functions of which there are several.

    Parameters
    ----------
    seconds
        How long an answer is kept.
    clock
        Gives the time in seconds.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.time) -> None:
        self._seconds = seconds
        self._clock = clock
        self._entries: dict[str, _Entry] = {}
        self._turn = threading.Lock()

    def claim(self, key: str, request: str, *, holder: str) -> KeptAnswer | Standing | None:
        """Hold a key for a request, or return what stands in its way."""
        now = self._clock()
        with self._turn:
            self._entries = {name: entry for name, entry in self._entries.items() if entry.expires_at > now}
            entry = self._entries.get(key)
            if entry is None:
                self._entries[key] = _Entry(request, holder, now + LEASE_SECONDS)
                return None
        return Standing.OTHER_REQUEST if entry.request != request else entry.answer or Standing.IN_PROGRESS

    def keep(self, key: str, answer: KeptAnswer, *, holder: str) -> None:
        """Keep the answer under a key that is held."""
        with self._turn:
            if (entry := self._held(key, holder)) is not None:
                entry.answer, entry.expires_at = answer, self._clock() + self._seconds

    def release(self, key: str, *, holder: str) -> None:
        """Forget a key that is held."""
        with self._turn:
            if self._held(key, holder) is not None:
                del self._entries[key]

    def _held(self, key: str, holder: str) -> _Entry | None:
        entry = self._entries.get(key)
        return entry if entry is not None and entry.holder == holder and entry.answer is None else None
