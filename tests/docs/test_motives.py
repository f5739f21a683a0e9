"""The catalogue of reasons is the one of the committed bundle."""

from __future__ import annotations

from delivery.paths import BUNDLE, ROOT
from documents.reference.motives import motives_page
from scoring.bundle import Bundle

PAGE = (ROOT / "docs" / "motifs.md").read_text(encoding="utf-8")


def test_page_is_current() -> None:
    """`make pages` would write the same page: a new reason or another wording shows in docs/motifs.md."""
    assert motives_page(Bundle.open(BUNDLE).contract) == PAGE, "run `make pages`"


def test_every_code_and_every_feature_has_its_line() -> None:
    """Each code stands on the page once, and each variable that is served under one of them."""
    contract = Bundle.open(BUNDLE).contract

    assert [code for code in (one.code for one in contract.motives) if PAGE.count(f"| `{code}` |") != 1] == []
    assert [one.name for one in contract.features if PAGE.count(f"`{one.name}`") != 1] == []
