"""A client's file: found, read, and scored from what is in it and what is new."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from tests.unit.frontend.fake_api import PROBLEM
from tests.unit.frontend.page_reader import WORDS, button, go_to, shown
from tests.unit.frontend.views.desk_driver import CLIENT, SCORE, open_client, score_client, the_store

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from tests.unit.frontend.fake_api import FakeApi


def test_a_client_is_found_by_name(page: AppTest) -> None:
    """Part of a name is enough; a name that nobody has is told."""
    go_to(page.run(), "client")

    page.text_input(key="client_recherche").set_value("sofia aubry").run()
    assert [one.split(" ")[0] for one in page.selectbox(key="client_choisi").options] == [CLIENT]

    words = shown(page.text_input(key="client_recherche").set_value("Personne").run())
    assert WORDS("client.none_found", text="Personne") in words


def test_histories_are_read_as_a_person_reads_them(page: AppTest) -> None:
    """No code of a column and no number without its French form stands in the tables."""
    open_client(page.run())

    cells = [str(cell) for table in page.table for line in table.value.to_numpy().tolist() for cell in line]
    assert WORDS("client.elsewhere") in shown(page)
    assert any("€" in one for one in cells)
    assert not any(one in {"nan", "None", "XNA", "Active", "Closed"} for one in cells)


def test_a_scored_client_is_before_the_officers(page: AppTest, fake_api: FakeApi) -> None:
    """The file goes as it is, the decision opens, and the proposal is kept under the client's number."""
    words = shown(score_client(page.run()))

    assert "Proposition : refus" in words
    assert fake_api.applications[0]["DAYS_BIRTH"] == -13_127
    assert [one.client_number for one in the_store().waiting()] == [CLIENT]


def test_what_the_api_finds_is_told_at_its_place(page: AppTest, fake_api: FakeApi) -> None:
    """A field by its label, a record by table, line and column."""
    problems = [
        {"champ": "application.AMT_CREDIT", "code": "SCR102", "detail": "Type incorrect."},
        {"champ": "bureau[1].DAYS_CREDIT", "code": "SCR102", "detail": "Type incorrect."},
    ]
    fake_api.will(httpx.Response(422, json={**PROBLEM, "problemes": problems, "problemes_omis": 0}))

    open_client(page.run())
    button(page, SCORE).click().run()

    (told,) = [one.value for one in page.error]
    assert "Montant du crédit" in told
    assert "ligne 2, DAYS_CREDIT" in told
