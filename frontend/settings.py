"""Facts of the environment: which API to ask (the only reader of ``os.environ`` in this room)."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_BUNDLE = Path(__file__).resolve().parent.parent / "lambda" / "bundle"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the answers come from.

    Attributes
    ----------
    api_url
        ``API_URL``: address of the API; empty to start it in this process.
    api_key
        ``API_KEY``: key sent with each request; empty for an API that asks for none. Never shown.
    bundle_dir
        ``BUNDLE_DIR``: what the API answers from when it is started in this process.
    model_card_url
        ``MODEL_CARD_URL``: where the model card can be read; empty to show the repository's own.
    """

    api_url: str = ""
    api_key: str = field(default="", repr=False)
    bundle_dir: Path = DEFAULT_BUNDLE
    model_card_url: str = ""


def read_settings(secrets: Mapping[str, object], environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings; Streamlit's secrets go before the environment.

    >>> read_settings({"API_URL": "https://api.example/prod/"}, {"API_URL": "http://other"}).api_url
    'https://api.example/prod'
    """
    source = {**(os.environ if environment is None else environment), **secrets}
    return Settings(
        api_url=str(source.get("API_URL", "")).strip().rstrip("/"),
        api_key=str(source.get("API_KEY", "")).strip(),
        bundle_dir=Path(str(source.get("BUNDLE_DIR") or DEFAULT_BUNDLE)),
        model_card_url=str(source.get("MODEL_CARD_URL", "")).strip(),
    )
