"""Tests that must not run at the same time, though workers share the machine.

A container adds a network interface and takes it away again, and Chromium gives up what it is loading, from loopback
too, each time that interfaces change (ERR_NETWORK_CHANGED): half a page stays half a page.
"""

from __future__ import annotations

import fcntl
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCK = Path(tempfile.gettempdir()) / "pret-a-depenser-network-interfaces.lock"


@contextmanager
def _held(kind: int) -> Iterator[None]:
    with _LOCK.open("w") as lock:
        fcntl.flock(lock, kind)
        yield


@contextmanager
def network_interfaces_at_rest() -> Iterator[None]:
    """Let no container start or stop, in whichever process; browsers may run beside each other."""
    with _held(fcntl.LOCK_SH):
        yield


@contextmanager
def network_interfaces_changing() -> Iterator[None]:
    """Let no browser load anything, in whichever process."""
    with _held(fcntl.LOCK_EX):
        yield
