"""The Lambda entry point: the bundle is read once, in the cold start (the only importer of Mangum)."""

# ruff: noqa: E402  the collector is off before anything is imported
from __future__ import annotations

import gc

# What a cold start makes it keeps: looking for garbage in it a hundred times takes a tenth of its time.
gc.disable()

from mangum import Mangum

from scoring.http.app import open_app
from scoring.http.events import EventDoor
from scoring.http.problems import PROBLEM_MEDIA_TYPE
from scoring.records import configure_audit
from scoring.request_log import configure_log
from scoring.settings import read_settings

settings = read_settings()
configure_log(settings.log_level)
configure_audit()
app = open_app(settings)
adapter = Mangum(
    app,
    lifespan="off",  # startup and shutdown would run on every invocation
    api_gateway_base_path=settings.stage_prefix or "/",
    # What is not listed is sent in base64, which a REST API passes on undecoded.
    text_mime_types=["text/", "application/json", PROBLEM_MEDIA_TYPE],
)
handler = EventDoor(adapter, app.state.request_log)
# Nor is it looked through again while requests are answered.
gc.freeze()
gc.enable()
