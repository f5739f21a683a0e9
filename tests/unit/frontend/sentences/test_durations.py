"""Importance is told as people count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from frontend.sentences.durations import importance_by_label

if TYPE_CHECKING:
    from frontend.wording.words import Words


def test_importance_is_counted_under_one_label(contract: dict[str, Any], words: Words) -> None:
    """The date of birth and the age share a bar."""
    contract["features"].append(
        {**contract["features"][0], "name": "DAYS_BIRTH", "inputs": ["DAYS_BIRTH"], "importance": 0.05, "unit": "jours"}
    )

    shares = dict(importance_by_label(contract, words))

    assert shares["Âge"] == pytest.approx(0.2)
    assert sum(shares.values()) == pytest.approx(1.05)
