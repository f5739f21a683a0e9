"""The Lambda entry point: the bundle is read once, in the cold start (the only importer of Mangum)."""

from __future__ import annotations

from mangum import Mangum

from scoring.app import create_app
from scoring.audit import configure_log
from scoring.service import ScoringService
from scoring.settings import read_settings

settings = read_settings()
configure_log(settings.log_level)
app = create_app(ScoringService.load(settings.bundle_dir))
# Mangum would otherwise run startup and shutdown on every invocation.
handler = Mangum(app, lifespan="off", api_gateway_base_path=settings.stage_prefix or "/")
