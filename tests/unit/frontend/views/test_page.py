"""The page as a whole, run by Streamlit's own AppTest in front of a fake API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.frontend.page_reader import RETRY, WORDS, button, shown

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from tests.unit.frontend.fake_api import FakeApi


def test_the_page_says_which_api_answers(page: AppTest) -> None:
    """A reader knows whether answers are real or a demonstration."""
    page.run()

    assert not page.exception
    assert "API `https://api.example`" in shown(page)


@pytest.mark.parametrize(
    ("version", "told"), [("3.0", "error.too_new"), ("1.1", "error.too_old"), ("", "error.unexpected")]
)
def test_a_contract_of_another_schema_is_not_guessed_at(
    page: AppTest, fake_api: FakeApi, version: str, told: str
) -> None:
    """A page too old or too new for the API says so instead of showing something wrong."""
    fake_api.contract["schema_version"] = version

    words = shown(page.run())

    assert not page.exception
    assert WORDS(told) in words


def test_a_later_minor_contract_works_and_says_so(page: AppTest, fake_api: FakeApi) -> None:
    """What was added since is not shown; the rest is."""
    fake_api.contract["schema_version"] = "2.9"

    words = shown(page.run())

    assert "2.9" in words
    assert WORDS("form.principal") in words


def test_an_unusable_contract_is_told_and_may_be_retried(page: AppTest, fake_api: FakeApi) -> None:
    """A missing part is a message with a button; when the API is mended, the button brings the page."""
    features = fake_api.contract.pop("features")
    page.run()
    fake_api.contract["features"] = features

    button(page, RETRY).click().run()

    assert WORDS("form.principal") in shown(page)
