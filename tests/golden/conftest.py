"""Golden files: what outsiders rely on, rewritten only by ``make golden``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def golden_json(request: pytest.FixtureRequest) -> Callable[[str, object], object]:
    """Return what a golden file says; with ``--rewrite-golden``, write it first."""

    def read(name: str, found: object) -> object:
        path = Path(__file__).parent / name
        if request.config.getoption("--rewrite-golden"):
            path.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        if not path.is_file():
            pytest.fail(f"{path.name} is absent: make golden writes it")
        return json.loads(path.read_text("utf-8"))

    return read
