"""A mocked AWS with a stack in it: two versions of a small package."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from delivery.mocked_aws import deploy, mocked_aws
from delivery.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from delivery.stack import Release

    type Deploy = Callable[[str], Release]

ENVIRONMENT = "staging"


@pytest.fixture
def deploy_code(tmp_path: Path) -> Iterator[Deploy]:
    """Deploy a package with the given code to a mocked AWS, and return the versions of both functions."""

    def run(code: str) -> Release:
        package = tmp_path / "package"
        (package / "scoring").mkdir(parents=True, exist_ok=True)
        (package / "scoring" / "handler.py").write_text(code, encoding="utf-8")
        return deploy(ENVIRONMENT, package).release

    with mocked_aws():
        yield run


@pytest.fixture
def stack(deploy_code: Deploy) -> Stack:
    """Return the stack with its first version, which is live."""
    deploy_code("first")
    return Stack(ENVIRONMENT)
