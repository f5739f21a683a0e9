"""Tests that must not run at the same time, though workers share the machine."""

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
def network_interfaces_at_rest() -> Iterator[None]:
    """Keep containers and browsers apart, in whichever processes they are tested.

    A container adds a network interface and takes it away again, and Chromium gives up what it is loading, from
    loopback too, each time that interfaces change (ERR_NETWORK_CHANGED): half a page stays half a page.
    """
    with _LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
