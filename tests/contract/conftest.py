"""The committed bundle, as it is deployed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from scoring.bundle import load_contract
from scoring.contract import PARITY_FILE, Contract
from scoring.settings import DEFAULT_BUNDLE

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def committed_bundle() -> Path:
    """Return the folder of the bundle that is deployed."""
    return DEFAULT_BUNDLE


@pytest.fixture(scope="session")
def contract(committed_bundle: Path) -> Contract:
    """Return the committed contract, its seals checked."""
    return load_contract(committed_bundle)


@pytest.fixture(scope="session")
def golden_applications(committed_bundle: Path) -> list[dict[str, object]]:
    """Return the committed golden applications with the trainer's answers."""
    applications: list[dict[str, object]] = json.loads((committed_bundle / PARITY_FILE).read_text("utf-8"))[
        "applications"
    ]
    return applications
