"""What is said of where an answer comes from, when it came and how long it took."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frontend.wording.words import Words


def say_connection(address: str, words: Words) -> str:
    """Tell where the answers come from."""
    return words("page.remote", address=address) if address else words("page.local")


def say_provenance(identity: Mapping[str, Any], words: Words) -> str:
    """Tell which model answers, of which family, and whose data taught it."""
    synthetic = identity.get("synthetic")
    told = "provenance.unknown" if synthetic is None else f"provenance.{'synthetic' if synthetic else 'own'}"
    family = str(identity["family"])
    version = identity["registry_version"] or words("model.unpublished")
    return words(told, family=words.known(f"baseline.{family}", family), model=identity["model_name"], version=version)


def say_instant(iso: str, words: Words) -> str:
    """Return a moment of ISO 8601 as a date and a time.

    >>> from frontend.wording.words import words_of
    >>> say_instant("2026-11-21T05:42:12+00:00", words_of("fr"))
    '21/11/2026 à 05:42:12 UTC'
    """
    try:
        moment = datetime.fromisoformat(iso).astimezone(UTC)
    except ValueError:
        return iso
    return words("decision.at", date=moment.strftime(words("decision.date_format")), time=f"{moment:%H:%M:%S}")


def say_milliseconds(duration: float, words: Words) -> str:
    """Return a duration."""
    return words.quantity(duration, 1, "ms")


def say_date(moment: datetime, words: Words) -> str:
    """Return the day of a moment, in UTC as every moment of the page."""
    return moment.astimezone(UTC).strftime(words("decision.date_format"))
