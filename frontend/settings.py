"""Facts of the environment: which API to ask (the only reader of ``os.environ`` in this room)."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_BUNDLE = ROOT / "lambda" / "bundle"
DEMO_CLIENTS = ROOT / "frontend" / "demo_clients"
DEFAULT_DECISIONS = f"sqlite:///{ROOT / 'decisions.db'}"
# A lender states its own; letters, page and guide name the one in force.
DEFAULT_FOUR_EYES_AMOUNT = 500_000.0
DEMO_LENDER = "Prêt à dépenser"
# No town of France has this postcode.
DEMO_ADDRESS = ("Service clients", "1 place de l’Exemple", "00100 Ville-Exemple")


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
    client_source
        ``CLIENT_SOURCE``: a folder of clients, or ``package.module:function``, which returns an adapter.
    decisions_url
        ``DECISIONS_URL``: SQLAlchemy address of the database that keeps the officers' decisions. Never shown.
    four_eyes_amount
        ``FOUR_EYES_AMOUNT``: from this credit on, a decision that departs from the model's needs a second person.
    lender
        ``LENDER_NAME``: who signs the letters.
    lender_address
        ``LENDER_ADDRESS``: where an applicant asks for a person or corrects data; its lines parted by ``|``.
    """

    api_url: str = ""
    api_key: str = field(default="", repr=False)
    bundle_dir: Path = DEFAULT_BUNDLE
    model_card_url: str = ""
    client_source: str = str(DEMO_CLIENTS)
    decisions_url: str = field(default=DEFAULT_DECISIONS, repr=False)
    four_eyes_amount: float = DEFAULT_FOUR_EYES_AMOUNT
    lender: str = DEMO_LENDER
    lender_address: tuple[str, ...] = DEMO_ADDRESS


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
        client_source=str(source.get("CLIENT_SOURCE") or DEMO_CLIENTS).strip(),
        decisions_url=str(source.get("DECISIONS_URL") or DEFAULT_DECISIONS).strip(),
        four_eyes_amount=_amount(str(source.get("FOUR_EYES_AMOUNT") or DEFAULT_FOUR_EYES_AMOUNT)),
        lender=str(source.get("LENDER_NAME") or DEMO_LENDER).strip(),
        lender_address=_lines(str(source.get("LENDER_ADDRESS") or "")) or DEMO_ADDRESS,
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.split("|") if line.strip())


def _amount(text: str) -> float:
    """Return an amount; one that is none would leave every override to one person.

    >>> _amount("beaucoup")
    Traceback (most recent call last):
        ...
    ValueError: FOUR_EYES_AMOUNT is no amount: write 500000
    """
    try:
        amount = float(text)
    except ValueError:
        amount = -1.0
    if not 0 <= amount < float("inf"):
        raise ValueError("FOUR_EYES_AMOUNT is no amount: write 500000")
    return amount
