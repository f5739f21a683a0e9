"""Errors: a stable code, one line, and no loss between processes."""

from __future__ import annotations

import pickle

import pytest

from monitoring.errors import MonitoringError
from training.errors import DataError, ModelError, ParityError, RegistryError


@pytest.mark.parametrize("kind", [DataError, ModelError, RegistryError, ParityError, MonitoringError])
def test_error_survives_the_way_between_processes(kind: type[Exception]) -> None:
    """A worker's error reaches its parent with code and message."""
    again = pickle.loads(pickle.dumps(kind("TRN101", "there is no data folder")))  # noqa: S301  our own bytes

    assert (type(again), again.code, str(again)) == (kind, "TRN101", "TRN101: there is no data folder")
