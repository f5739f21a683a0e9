"""The officer's decision on the page: two people at one file, a database or an API that is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
import streamlit as st

from frontend.desk.cases import Verdict
from tests.builders.cases import a_decision
from tests.unit.frontend.page_reader import RETRY, WORDS, button, go_to, shown
from tests.unit.frontend.views.desk_driver import (
    KEEP,
    SCORE,
    SIGN,
    enter,
    move_database,
    score_client,
    the_comment,
    the_store,
)

if TYPE_CHECKING:
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from tests.unit.frontend.fake_api import FakeApi

GONE = httpx.ConnectError("gone")
TYPED = "Caution solidaire du frère."


@pytest.fixture
def at_desk(page: AppTest) -> AppTest:
    """Return the page where an officer has entered a refusal, as proposed, and not signed yet."""
    page.run()
    score_client(page)
    return enter(page, officer="Ada", verdict="refus", reason="D01", comment=TYPED)


def test_a_decision_is_signed_and_its_letter_offered(at_desk: AppTest) -> None:
    """What follows the proposal needs one signature; the database has it, and the letter can be handed out."""
    button(at_desk, SIGN).click().run()

    (case,) = the_store().decided()
    assert (case.final.officer, case.final.verdict, case.final.comment) == ("Ada", Verdict.REFUSE, TYPED)
    assert "Refus par Ada" in shown(at_desk)
    assert WORDS("letter.download") in [one.label for one in at_desk.get("download_button")]


def test_a_colleague_who_was_faster_is_shown_and_nothing_is_lost(at_desk: AppTest) -> None:
    """The page says so, shows the colleague's decision, and what was entered stands there to be read."""
    (case,) = the_store().waiting()
    the_store().decide(case, a_decision(Verdict.REFUSE, officer="Bo"))

    words = shown(button(at_desk, SIGN).click().run())

    assert not at_desk.exception
    assert WORDS("desk.conflict") in words
    assert "Refus par Bo" in words
    assert TYPED in words
    assert [one.officer for one in the_store().decided()[0].decisions] == ["Bo"]


def test_after_a_colleague_s_first_signature_one_s_own_is_asked_for_anew(at_desk: AppTest) -> None:
    """Nobody countersigns with a form that was filled before the colleague's decision could be read."""
    (case,) = the_store().waiting()
    the_store().decide(case, a_decision(Verdict.GRANT, officer="Bo", reason="D05", comment="Vu au guichet."))

    words = shown(button(at_desk, SIGN).click().run())

    assert WORDS("desk.conflict") in words
    assert TYPED in words
    assert WORDS("desk.countersign", officer="Bo") in words
    assert button(at_desk, SIGN).disabled


def test_a_database_that_became_read_only_is_told_and_the_entry_stays(at_desk: AppTest, tmp_path: Path) -> None:
    """At once, with nothing kept; when it takes writing again, the same click signs once."""
    address = f"sqlite:///{tmp_path / 'decisions.db'}"
    move_database(f"sqlite:///file:{tmp_path / 'decisions.db'}?mode=ro&uri=true")

    words = shown(button(at_desk, SIGN).click().run())
    assert WORDS("desk.read_only") in words
    assert the_comment(at_desk).value == TYPED

    move_database(address)
    button(at_desk, SIGN).click().run()
    assert [len(one.decisions) for one in the_store().decided()] == [1]


def test_a_database_that_vanished_is_told_and_the_entry_stays(at_desk: AppTest, tmp_path: Path) -> None:
    """A database that no longer answers loses nothing that is on the page."""
    move_database(f"sqlite:///{tmp_path / 'absent' / 'decisions.db'}")

    words = shown(button(at_desk, SIGN).click().run())

    assert not at_desk.exception
    assert WORDS("desk.gone") in words
    assert the_comment(at_desk).value == TYPED


def test_a_proposal_that_could_not_be_kept_is_kept_by_a_click(page: AppTest, tmp_path: Path) -> None:
    """The decision is shown without its case; the button puts it before the officers once the database is back."""
    page.run()
    move_database(f"sqlite:///{tmp_path / 'later' / 'decisions.db'}")
    words = shown(score_client(page))
    assert "Proposition : refus" in words
    assert WORDS("desk.gone") in words

    (tmp_path / "later").mkdir()
    button(page, KEEP).click().run()

    assert [one.client_number for one in the_store().waiting()] == ["100010"]


def test_what_is_typed_survives_a_look_at_the_queue(at_desk: AppTest) -> None:
    """Another tab draws nothing of the decision; coming back finds it as it was left."""
    go_to(at_desk, "queue")

    go_to(at_desk, "decision")

    assert the_comment(at_desk).value == TYPED
    assert not button(at_desk, SIGN).disabled


def test_an_api_that_is_lost_in_mid_decision_keeps_the_signature_possible(at_desk: AppTest, fake_api: FakeApi) -> None:
    """Signing asks the database alone: what the API would add is told as missing, and nothing more."""
    fake_api.will(GONE)
    fake_api.failures = [GONE] * 20

    button(at_desk, SIGN).click().run()

    assert not at_desk.exception
    assert [one.final.officer for one in the_store().decided()] == ["Ada"]


def test_an_api_that_is_lost_while_a_client_is_scored_keeps_what_is_new(page: AppTest, fake_api: FakeApi) -> None:
    """The officer is told at once, and the same click works when the API is back."""
    go_to(page.run(), "client")
    page.selectbox(key="client_choisi").select("100010").run()
    amount = next(one for one in page.text_input if str(one.key).startswith("client_1_AMT_CREDIT"))
    amount.set_value("150 000")
    scores = fake_api.scores
    fake_api.will(GONE)

    button(page, SCORE).click().run()
    told = [one.value for one in page.error]
    kept = next(one for one in page.text_input if str(one.key).startswith("client_1_AMT_CREDIT")).value
    fake_api.scores = scores
    button(page, SCORE).click().run()

    assert any("injoignable" in one for one in told)
    assert kept == "150 000"
    assert fake_api.applications[-1]["AMT_CREDIT"] == 150_000
    assert "Proposition : refus" in shown(page)


def test_a_page_that_could_not_be_drawn_comes_back_with_what_was_typed(at_desk: AppTest, fake_api: FakeApi) -> None:
    """An API that no longer tells its contract hides the whole page for a while, and takes nothing from it."""
    st.cache_resource.clear()
    contract = dict(fake_api.contract)
    fake_api.contract.clear()
    assert WORDS("error.unexpected") in shown(at_desk.run())

    fake_api.contract.update(contract)
    button(at_desk, RETRY).click().run()

    assert the_comment(at_desk).value == TYPED
