"""What the end-to-end tests share: the built package, running under the Lambda emulator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from delivery.emulator import Emulator
from delivery.paths import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def package() -> Path:
    """Return the folder that `sam build` made."""
    if not PACKAGE.is_dir():
        pytest.fail(f"{PACKAGE} is absent; run `make package`")
    return PACKAGE


@pytest.fixture(scope="session")
def emulator(package: Path) -> Iterator[Emulator]:
    """Return the built package, running; it is stopped after the last test."""
    with Emulator(package) as running:
        yield running
