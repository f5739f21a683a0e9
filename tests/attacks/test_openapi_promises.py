"""What the OpenAPI description promises holds for requests that are made from it (schemathesis)."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from scoring.app import create_app
from scoring.service import ScoringService
from scoring.settings import DEFAULT_BUNDLE, read_settings

APP = create_app(ScoringService.load(DEFAULT_BUNDLE), read_settings({}))
SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", APP)


@SCHEMA.parametrize()
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_operation_keeps_its_description(case: schemathesis.Case) -> None:
    """Requests that fit the description and requests that do not get the statuses, types and shapes it names."""
    case.call_and_validate()
