"""What both functions do in their cold start: settings, logs, the application and its door (the importer of Mangum)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from mangum import Mangum

from scoring.http.events import EventDoor
from scoring.http.problems import PROBLEM_MEDIA_TYPE
from scoring.records import configure_audit
from scoring.request_log import configure_log
from scoring.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI

    from scoring.settings import Settings


@dataclass(frozen=True, slots=True)
class Entry:
    """An application, what turns events of API Gateway into its requests, and what Lambda calls."""

    app: FastAPI
    adapter: Mangum
    handler: EventDoor

    @classmethod
    def of(cls, open_app: Callable[[Settings], FastAPI]) -> Self:
        """Open an application by the settings of the environment.

        Raises
        ------
        SettingsError
            When a setting is not allowed (``SCR3xx``).
        ContractError
            When the bundle does not hold together, or is not the one expected (``SCR2xx``).
        """
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
        return cls(app, adapter, EventDoor(adapter, app.state.request_log))
