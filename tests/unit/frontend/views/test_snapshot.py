"""What is known of the API, while it is away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.frontend.page_reader import field, fill_typical

if TYPE_CHECKING:
    import pytest
    from streamlit.testing.v1 import AppTest

    from tests.unit.frontend.fake_api import FakeApi


def test_the_form_stays_while_the_api_is_away(
    page: AppTest, fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An old contract is better than a page that forgets what was typed."""
    fill_typical(page)
    monkeypatch.setattr("frontend.applications.snapshot.LIFETIME_SECONDS", -1)
    monkeypatch.setattr(fake_api, "contract", {"schema_version": "none"})

    page.run()

    assert not page.exception
    assert field(page, "AMT_CREDIT").value == "300\u202f000"
