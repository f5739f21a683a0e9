"""The event loop that the Lambda runtime's main thread has: Mangum would make one that nobody closes."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def main_thread_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """Give this thread an event loop, and close it in the end."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        yield loop
    finally:
        loop.close()
        asyncio.set_event_loop(None)
