"""What tests of recorded decisions share."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def audited(monkeypatch: pytest.MonkeyPatch) -> Callable[[], io.StringIO]:
    """Return what gives audit records a key, and from then on a text to be written to."""

    def open_stream() -> io.StringIO:
        stream = io.StringIO()
        monkeypatch.setenv("AUDIT_HASH_KEY", "sixteen characters")
        logger = logging.getLogger("scoring.records")
        monkeypatch.setattr(logger, "handlers", [logging.StreamHandler(stream)])
        monkeypatch.setattr(logger, "propagate", False)
        monkeypatch.setattr(logger, "level", logging.INFO)
        logger.manager._clear_cache()  # type: ignore[attr-defined]  # noqa: SLF001  the level was set past its setter
        return stream

    return open_stream
