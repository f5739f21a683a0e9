"""Clients of the demo folder by the recipe they were chosen by: their numbers change with the bundle."""

from __future__ import annotations

from delivery.paths import BUNDLE
from scoring.bundle import Bundle


def number_of(recipe: str) -> str:
    """Return the number of the client that a golden dossier of the committed bundle is of."""
    golden = Bundle.open(BUNDLE).golden_dossiers
    (number,) = (one["dossier"]["application"]["SK_ID_CURR"] for one in golden if one.get("recipe") == recipe)
    return str(number)
