"""The OpenAPI description of the committed bundle: a change of what clients send or read is seen in review."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from scoring.contract import SCHEMA_VERSION, Contract
from scoring.dossier.app import open_dossier_app
from scoring.settings import DEFAULT_BUNDLE, Settings

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="module")
def openapi() -> dict[str, object]:
    """Return the description as the API serves it."""
    return json.loads(json.dumps(open_dossier_app(Settings(bundle_dir=DEFAULT_BUNDLE)).openapi()))


def test_openapi_is_the_golden_file(openapi: dict[str, object], golden_json: Callable[[str, object], object]) -> None:
    """Routes, fields, bounds and categories are as they were; ``make golden`` accepts a change."""
    assert golden_json("openapi.json", openapi) == openapi


def test_contract_schema_is_the_golden_file(golden_json: Callable[[str, object], object]) -> None:
    """Monitoring and clients read the contract: its shape changes with its version, never silently."""
    schema = {"schema_version": SCHEMA_VERSION} | json.loads(json.dumps(Contract.model_json_schema()))

    assert golden_json("contract_schema.json", schema) == schema
