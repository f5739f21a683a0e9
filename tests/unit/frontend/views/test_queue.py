"""What waits, what was decided, and two clients side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from frontend.desk.cases import Verdict
from tests.builders.cases import a_decision, a_new_case
from tests.unit.frontend.page_reader import RETRY, WORDS, button, go_to, shown
from tests.unit.frontend.views.desk_driver import CLIENT, OTHER, move_database, the_store

if TYPE_CHECKING:
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from tests.unit.frontend.fake_api import FakeApi


def rows(page: AppTest, place: int) -> list[str]:
    """Return the cells of each line of a table of the tab, on one line."""
    return [" | ".join(map(str, line)) for line in page.table[place].value.to_numpy().tolist()]


def test_what_waits_and_what_was_decided_are_apart(page: AppTest) -> None:
    """A decision that departs from the model's is named as such, and how often that happens stands beside."""
    store = the_store()
    store.open(a_new_case(number="8"))
    granted = store.decide(
        store.open(a_new_case(number="7")), a_decision(Verdict.GRANT, key="a", reason="D05", comment="Caution.")
    )
    store.decide(granted, a_decision(Verdict.GRANT, officer="Bo", key="b", reason="D05", comment="Vu."))

    go_to(page.run(), "queue")

    (waits,), (decided,) = rows(page, 0), rows(page, 1)
    assert waits.startswith("8-")
    assert "| refus | 12,3\u202f% | à décider |" in waits
    assert decided.startswith("7-")
    assert "Accord" in decided
    assert decided.endswith("Bo")
    assert {one.label: one.value for one in page.metric} == {
        WORDS("queue.n_decided"): "1",
        WORDS("queue.override_rate"): "100,0\u202f%",
        WORDS("queue.countersigned"): "1",
    }


def test_a_case_is_taken_up_again(page: AppTest) -> None:
    """Opening one shows the proposal as it was made and asks for the decision."""
    case = the_store().open(a_new_case())
    go_to(page.run(), "queue")
    page.selectbox(key="file_attente_choix").select(case.id).run()

    words = shown(button(page, WORDS("queue.open")).click().run())

    assert "Proposition : refus" in words
    assert f"Dossier **7-{case.id[:8]}**" in words


def test_a_database_that_is_gone_leaves_the_rest_of_the_tab(page: AppTest, tmp_path: Path) -> None:
    """The trouble is told at once with a way to try again; clients can still be compared."""
    page.run()
    move_database(f"sqlite:///{tmp_path / 'later' / 'decisions.db'}")

    words = shown(go_to(page, "queue"))
    assert WORDS("desk.gone") in words
    assert WORDS("queue.compare") in words

    (tmp_path / "later").mkdir()
    assert WORDS("desk.gone") not in shown(button(page, RETRY).click().run())


def compare(page: AppTest) -> AppTest:
    """Choose two clients."""
    go_to(page.run(), "queue")
    page.selectbox(key="comparer_a").select(CLIENT)
    return page.selectbox(key="comparer_b").select(OTHER).run()


def test_two_clients_are_compared_by_what_differs(page: AppTest, fake_api: FakeApi) -> None:
    """Each has the answer to its own file, and only inputs that differ are lines."""
    fake_api.will()

    compare(page)

    lines = rows(page, 0)
    first, second = fake_api.applications[-2:]
    assert first["AMT_CREDIT"] != second["AMT_CREDIT"]
    assert lines[0].startswith(WORDS("queue.proposal"))
    assert any(line.startswith("Montant du crédit") for line in lines)
    assert not any(line.startswith("Métier") for line in lines)


def test_a_comparison_without_the_api_says_so(page: AppTest, fake_api: FakeApi) -> None:
    """Half a comparison is none: the trouble is told, and tried again by a click."""
    fake_api.will(httpx.ConnectError("gone"))

    compare(page)

    assert not page.exception
    assert any("injoignable" in one.value for one in page.error)
    assert len(page.table) == 0
