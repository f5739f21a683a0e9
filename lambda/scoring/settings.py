"""Facts of the environment, read and checked once when the function starts (the only reader of ``os.environ``)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from scoring.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_BUNDLE = Path(__file__).resolve().parent.parent / "bundle"


class Settings(BaseModel):
    """Configuration of one running function.

    Attributes
    ----------
    bundle_dir
        ``BUNDLE_DIR``: folder of the sealed bundle.
    log_level
        ``LOG_LEVEL``: what the structured log keeps.
    stage_prefix
        ``STAGE_PREFIX``: path prefix that API Gateway puts before the routes, such as ``/prod``; usually empty.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    bundle_dir: Path = DEFAULT_BUNDLE
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    stage_prefix: str = ""


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings that the environment gives.

    Raises
    ------
    SettingsError
        ``SCR301`` naming the variable, its value and what is allowed.
    """
    source = os.environ if environment is None else environment
    given = {name: source[name.upper()] for name in Settings.model_fields if name.upper() in source}
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        raise SettingsError(
            "SCR301", f"environment variable {name.upper()}={given[name]!r} is not allowed: {first['msg']}"
        ) from error
