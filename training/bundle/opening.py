"""Opening a bundle that was named on the command line: what is wrong with it becomes one line for whoever named it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from scoring.bundle import Bundle
from scoring.errors import ContractError
from scoring.model import Model
from scoring.service import ScoringService
from training.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def open_bundle(folder: Path) -> Bundle:
    """Read and check a sealed bundle.

    Raises
    ------
    DataError
        ``TRN171`` when the bundle cannot be used.
    """
    with _usable():
        return Bundle.open(folder)


def open_model(bundle: Bundle) -> Model:
    """Return the model of a bundle.

    Raises
    ------
    DataError
        ``TRN171`` when it cannot be run.
    """
    with _usable():
        return Model.of(bundle)


def open_service(bundle: Bundle) -> ScoringService:
    """Return the service of a bundle.

    Raises
    ------
    DataError
        ``TRN171`` when it cannot be served.
    """
    with _usable():
        return ScoringService.of(bundle)


@contextmanager
def _usable() -> Iterator[None]:
    try:
        yield
    except ContractError as error:
        raise DataError("TRN171", f"the bundle cannot be used: {error}") from error
