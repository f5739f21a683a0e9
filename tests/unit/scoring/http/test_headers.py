"""What a request says beside its body."""

from __future__ import annotations

import pytest

from scoring.http.headers import preferred_language


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "fr"),
        ("*", "fr"),
        ("de, it;q=0.5", "fr"),
        ("en", "en"),
        ("EN-gb", "en"),
        ("en;q=0.4, fr;q=0.5", "fr"),
        ("en;q=0.5, fr;q=0.4", "en"),
        ("fr, en", "fr"),
        ("en, fr;q=0", "en"),
        ("en;q=0", "fr"),
        ("en;q=nonsense", "fr"),
        ("en;q=", "fr"),
        ("en;q=.", "fr"),
        ("en;q=7, fr;q=1", "fr"),
        ("en;level=1", "en"),
        ("english", "fr"),
        (",,;;,en", "en"),
        ("en;q=0.1, en-us", "en"),
    ],
)
def test_language_follows_the_weights(header: str, expected: str) -> None:
    """French and English are weighed as RFC 9110 says; French where neither is wished for, or both alike."""
    assert expected == preferred_language(header)


def test_language_of_a_long_header_is_found_in_no_time() -> None:
    """Fifty wishes are enough to know a reader."""
    assert preferred_language("de," * 100_000 + "en") == "fr"
