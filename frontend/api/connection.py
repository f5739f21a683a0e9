"""Which API the page asks: the one at an address, or the same application in this process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from frontend.api.client import ScoringClient, http_client

if TYPE_CHECKING:
    from frontend.settings import Settings


@dataclass(frozen=True, slots=True)
class Connection:
    """A client, and what to tell the reader of where it leads.

    Attributes
    ----------
    address
        Address of a remote API; empty for one in this process.
    """

    client: ScoringClient
    address: str


def connect(settings: Settings) -> Connection:
    """Return the connection that the settings ask for.

    Raises
    ------
    BundleUnusableError
        When the API is to run in this process and cannot.
    """
    if settings.api_url:
        return Connection(ScoringClient(http_client(settings)), settings.api_url)
    # Loads onnxruntime and FastAPI, which a page in front of a remote API does not need.
    from frontend.api.in_process import in_process_transport  # noqa: PLC0415

    return Connection(ScoringClient(http_client(settings, in_process_transport(settings.bundle_dir))), "")
