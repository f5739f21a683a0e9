"""Importance as people count: a date and the years since are told as one, the duration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frontend.applications.form import durations_by_input

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frontend.wording.words import Words


def importance_by_label(contract: Mapping[str, Any], words: Words) -> list[tuple[str, float]]:
    """Return labels with their share of the importance, a date under the duration that the contract counts it in."""
    counted = durations_by_input(contract)
    shares: dict[str, float] = {}
    for feature in contract["features"]:
        label = words.of(counted.get(feature["name"], feature)["label"])
        shares[label] = shares.get(label, 0.0) + feature["importance"]
    return list(shares.items())
