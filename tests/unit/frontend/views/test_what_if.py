"""Scenarios of a scored application."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.frontend.page_reader import WORDS, button, field, fill_typical, go_to, shown, submit

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from tests.unit.frontend.fake_api import FakeApi


def what_if(page: AppTest, fake_api: FakeApi) -> AppTest:
    """Assess the first sample and open its scenarios, with an API that thinks for itself."""
    fake_api.will()
    fill_typical(page)
    field(page, "EXT_SOURCE_1").set_value("0,3")
    submit(page)
    return go_to(page, "what_if")


def test_a_change_moves_the_decision(page: AppTest, fake_api: FakeApi) -> None:
    """The slider counts as the form does; the answer is that of the changed application."""
    what_if(page, fake_api)
    assert "Proposition : refus" in shown(page)
    slider = next(one for one in page.select_slider if str(one.key).endswith("EXT_SOURCE_1"))

    slider.set_value(0.85).run()

    assert not page.exception
    assert "Proposition : accord" in shown(page)
    assert fake_api.applications[-1]["EXT_SOURCE_1"] == pytest.approx(0.85)
    assert [row for row in page.table[-1].value.to_numpy().tolist() if "0,3" in row]


def test_the_same_question_is_asked_once(page: AppTest, fake_api: FakeApi) -> None:
    """Drawing the scenario again asks the API nothing new."""
    what_if(page, fake_api)
    asked = len(fake_api.requests)

    page.run()

    assert asked == len(fake_api.requests)


def test_a_scenario_can_be_kept_and_carried_over(page: AppTest, fake_api: FakeApi) -> None:
    """Kept as A it is compared; carried over, the form has it."""
    what_if(page, fake_api)
    next(one for one in page.select_slider if str(one.key).endswith("EXT_SOURCE_1")).set_value(0.85).run()

    button(page, WORDS("what_if.pin")).click().run()
    assert WORDS("what_if.identical") in shown(page)
    button(page, WORDS("what_if.apply")).click().run()

    assert field(page, "EXT_SOURCE_1").value == "0,85"


def test_a_value_can_be_made_unknown(page: AppTest, fake_api: FakeApi) -> None:
    """The scenario goes on without it."""
    what_if(page, fake_api)
    unknown = next(one for one in page.multiselect if one.label == WORDS("what_if.unknown"))

    unknown.set_value(["EXT_SOURCE_1"]).run()

    assert not page.exception
    assert fake_api.applications[-1]["EXT_SOURCE_1"] is None
