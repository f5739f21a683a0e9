"""The committed bundle, as it is deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scoring.bundle import Bundle
from scoring.settings import DEFAULT_BUNDLE

if TYPE_CHECKING:
    from pathlib import Path

    from scoring.contract import Contract


@pytest.fixture(scope="session")
def committed_bundle() -> Path:
    """Return the folder of the bundle that is deployed."""
    return DEFAULT_BUNDLE


@pytest.fixture(scope="session")
def bundle(committed_bundle: Path) -> Bundle:
    """Return that bundle, opened."""
    return Bundle.open(committed_bundle)


@pytest.fixture(scope="session")
def contract(bundle: Bundle) -> Contract:
    """Return the committed contract, its seals checked."""
    return bundle.contract


@pytest.fixture(scope="session")
def golden_applications(bundle: Bundle) -> list[dict[str, object]]:
    """Return the committed golden applications with the trainer's answers."""
    return bundle.golden
