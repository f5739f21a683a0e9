"""The decision note and the model card say what the committed bundle and the record of its version say."""

from __future__ import annotations

import pytest

from delivery.paths import BUNDLE, ROOT
from documents.model_pages.pages import PAGES, pages_of


@pytest.mark.parametrize("name", PAGES)
def test_page_is_the_one_the_bundle_gives(name: str) -> None:
    """A number that no longer matches the bundle fails here; `make bundle` writes bundle, record and pages together."""
    assert pages_of(BUNDLE, ROOT / "docs")[name] == (ROOT / "docs" / name).read_text(encoding="utf-8")
