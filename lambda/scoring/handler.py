"""The Lambda entry point: the bundle is read once, in the cold start (the only importer of Mangum)."""

from __future__ import annotations

from mangum import Mangum

from scoring.app import create_app
from scoring.audit import configure_audit
from scoring.journal import configure_log
from scoring.problems import PROBLEM_MEDIA_TYPE
from scoring.service import ScoringService
from scoring.settings import read_settings

settings = read_settings()
configure_log(settings.log_level)
configure_audit()
app = create_app(
    ScoringService.load(
        settings.bundle_dir,
        expected_seal=settings.bundle_sha256,
        threshold=settings.decision_threshold,
        costs=settings.costs,
    ),
    settings,
)
handler = Mangum(
    app,
    lifespan="off",  # startup and shutdown would run on every invocation
    api_gateway_base_path=settings.stage_prefix or "/",
    # What is not listed is sent in base64, which a REST API passes on undecoded.
    text_mime_types=["text/", "application/json", PROBLEM_MEDIA_TYPE],
)
