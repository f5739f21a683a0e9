"""The state of a session when its reader switches language."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import httpx

from frontend.wording.words import words_of
from tests.unit.frontend.fake_api import ANSWER
from tests.unit.frontend.page_reader import button, field, fill_typical, shown, submit

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from tests.unit.frontend.fake_api import FakeApi


def test_switching_language_keeps_what_was_entered(page: AppTest, fake_api: FakeApi) -> None:
    """Labels, numbers and the API's sentences change; the application does not."""
    fill_typical(page)
    field(page, "EXT_SOURCE_1").set_value("0,53").run()

    page.segmented_control[0].set_value("en").run()

    assert not page.exception
    assert field(page, "AMT_CREDIT").value == "300,000"
    assert field(page, "EXT_SOURCE_1").value == "0.53"
    button(page, words_of("en")("form.submit")).click().run()
    assert fake_api.applications[0]["EXT_SOURCE_1"] == 0.53
    assert fake_api.requests[-1].headers["accept-language"] == "en"
    assert words_of("en")("decision.proposal_refuse") in shown(page)


def test_the_decision_is_told_again_in_the_other_language(page: AppTest, fake_api: FakeApi) -> None:
    """Its sentences come from the API in the language now read; it stays the same answer, asked for once."""
    submit(fill_typical(page))
    assert "(Score externe 1 : 0,2)" in shown(page)
    english = copy.deepcopy(ANSWER)
    english["explications_locales"][0]["texte"] = (
        "The external score speaks against the application (External score 1: 0.2)."
    )
    english["meta"]["id_requete"] = "r-43"
    fake_api.will(httpx.Response(200, json=english))

    page.segmented_control[0].set_value("en").run()
    page.run()

    assert not page.exception
    assert "External score 1: 0.2" in shown(page)
    assert "(Score externe 1 : 0,2)" not in shown(page)
    assert fake_api.applications[0] == fake_api.applications[1]
    assert len(fake_api.applications) == 2
    assert "r-42" in page.table[0].value.to_string()


def test_a_decision_that_cannot_be_told_again_stays(page: AppTest, fake_api: FakeApi) -> None:
    """The old words are better than none."""
    submit(fill_typical(page))
    fake_api.will(httpx.ConnectError("gone"))

    page.segmented_control[0].set_value("en").run()

    assert words_of("en")("error.unreachable") in shown(page)
    assert "(Score externe 1 : 0,2)" in shown(page)
