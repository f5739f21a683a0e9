"""The page itself, run by Streamlit's own AppTest in front of a fake API."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from frontend import wording
from frontend.connection import Connection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from frontend.settings import Settings
    from tests.unit.frontend.conftest import FakeApi

APP = Path(__file__).resolve().parents[3] / "frontend" / "app.py"


@pytest.fixture
def page(fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """Return the page, not yet run, in front of the fake API."""

    def connect(_: Settings) -> Connection:
        return Connection(fake_api.client(), "https://api.example")

    monkeypatch.setattr("frontend.connection.connect", connect)
    st.cache_resource.clear()
    yield AppTest.from_file(str(APP), default_timeout=20)
    st.cache_resource.clear()


def button(page: AppTest, label: str) -> Any:  # noqa: ANN401  AppTest's elements are untyped
    """Return a button by its text."""
    return next(one for one in page.button if one.label == label)


def field(page: AppTest, name: str) -> Any:  # noqa: ANN401  AppTest's elements are untyped
    """Return the widget of an input; its key ends in the input's name."""
    return next(one for one in [*page.text_input, *page.selectbox] if str(one.key).endswith(f"_{name}"))


def fill_median(page: AppTest) -> AppTest:
    """Put the first sample in the form."""
    page.run()
    return button(page, wording.SAMPLE_FILL).click().run()


def submit(page: AppTest) -> AppTest:
    """Send the form."""
    return button(page, wording.SUBMIT).click().run()


def words_of(page: AppTest) -> str:
    """Return all text that the page shows."""
    parts = [*page.title, *page.subheader, *page.markdown, *page.caption, *page.info, *page.warning, *page.error]
    return "\n".join(str(part.value) for part in parts)


def test_the_page_says_which_api_answers(page: AppTest) -> None:
    """A reader knows whether answers are real or a demonstration."""
    page.run()

    assert not page.exception
    assert "API distante https://api.example" in words_of(page)


def test_the_form_asks_for_every_input_of_the_contract(page: AppTest, contract: dict[str, Any]) -> None:
    """One widget an input, of the kind the contract says."""
    page.run()

    for item in contract["inputs"]:
        assert field(page, item["name"]).type == ("text_input" if item["kind"] == "number" else "selectbox")


def test_a_sample_fills_the_form_in_french(page: AppTest) -> None:
    """Amounts have their thousands apart, ages are years."""
    fill_median(page)

    assert field(page, "AMT_CREDIT").value == "300\u202f000"
    assert field(page, "DAYS_BIRTH").value == "41,1"


def test_a_new_filling_leaves_nothing_of_the_one_before(page: AppTest) -> None:
    """Values go with their form: nothing of another applicant stays in the session."""
    fill_median(page)
    first = field(page, "AMT_CREDIT").key

    button(page, wording.CLEAR).click().run()

    assert first != field(page, "AMT_CREDIT").key
    assert first not in page.session_state


def test_a_sent_form_opens_the_decision(page: AppTest, fake_api: FakeApi) -> None:
    """Probability, threshold, reasons and identifier of the answer are shown at once."""
    submit(fill_median(page))

    words = words_of(page)
    assert not page.exception
    assert "Crédit refusé" in words
    assert "12,3" in words
    assert "1. Âge : 41,1 ans, ce qui diminue le risque estimé." in words
    assert fake_api.applications[0]["DAYS_BIRTH"] == -15012


def test_an_acceptance_close_to_the_threshold_asks_for_a_person(
    page: AppTest, fake_api: FakeApi, answer_body: dict[str, Any]
) -> None:
    """Within the review band the decision is not the machine's alone."""
    answer_body |= {"probabilite_de_defaut": 0.0895, "classe": "accepte"}
    fake_api.will(httpx.Response(200, json=answer_body))

    words = words_of(submit(fill_median(page)))

    assert "Crédit accepté" in words
    assert "revue humaine" in words


def test_problems_are_shown_at_their_field_and_nothing_is_lost(page: AppTest, fake_api: FakeApi) -> None:
    """A refused form stays open, as it was typed, with each problem in the units of the form."""
    fake_api.will_refuse({"champ": "DAYS_BIRTH", "code": "SCR103", "detail": "le maximum est -6570."})
    field(fill_median(page), "DAYS_BIRTH").set_value("17")

    words = words_of(submit(page))

    assert "de 18 à 100" in words
    assert "Un champ est à corriger : Âge." in words
    assert field(page, "DAYS_BIRTH").value == "17"


def test_problems_open_their_group(page: AppTest, fake_api: FakeApi) -> None:
    """A problem in a folded group is not left out of sight."""
    fake_api.contract["inputs"] += [{**fake_api.contract["inputs"][1], "name": f"AMT_{rank}"} for rank in range(12)]
    fake_api.will_refuse({"champ": "AMT_11", "code": "SCR101", "detail": "Valeur absente."})

    submit(fill_median(page))

    assert [one.proto.expanded for one in page.expander if one.label.startswith("La demande")] == [True]


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (httpx.ConnectError("refused"), "injoignable"),
        (httpx.ReadTimeout("slow"), "à temps"),
        (httpx.Response(403), "refuse la clé"),
        (httpx.Response(429), "quota"),
        (httpx.Response(500, json={"id_requete": "r-9"}), "r-9"),
    ],
)
def test_a_failure_is_told_and_the_form_is_kept(
    page: AppTest, fake_api: FakeApi, failure: httpx.Response | Exception, sentence: str
) -> None:
    """Whatever happens to the API, the reader learns what to do and loses nothing."""
    fill_median(page)
    fake_api.will(failure)

    words = words_of(submit(page))

    assert not page.exception
    assert sentence in words
    assert field(page, "AMT_CREDIT").value == "300\u202f000"


def test_a_retry_after_a_failure_works(page: AppTest, fake_api: FakeApi, answer_body: dict[str, Any]) -> None:
    """The same click, once the API is back, gives the decision and clears the message."""
    fill_median(page)
    fake_api.will(httpx.ConnectError("refused"), httpx.Response(200, json=answer_body))
    submit(page)

    words = words_of(submit(page))

    assert "Crédit refusé" in words
    assert "injoignable" not in words


def test_another_form_makes_the_decision_stale(page: AppTest) -> None:
    """A decision is never shown as that of another application."""
    submit(fill_median(page))

    button(page, wording.CLEAR).click().run()

    assert wording.STALE in words_of(page)


def test_a_replaced_model_is_noticed(page: AppTest, fake_api: FakeApi, answer_body: dict[str, Any]) -> None:
    """An answer at another threshold makes the page read the contract again."""
    fill_median(page)
    fake_api.contract["decision"]["threshold"] = 0.08
    fake_api.will(httpx.Response(200, json=answer_body | {"seuil": 0.08}))

    assert wording.MODEL_CHANGED in words_of(submit(page))
    assert wording.MODEL_CHANGED not in words_of(page.run())


def test_without_a_decision_the_tab_says_how_to_get_one(page: AppTest) -> None:
    """An empty tab is no dead end."""
    page.session_state["onglet"] = wording.TAB_DECISION

    assert wording.NO_DECISION in words_of(page.run())


def test_clearing_empties_every_field(page: AppTest) -> None:
    """A new applicant starts from nothing."""
    fill_median(page)

    button(page, wording.CLEAR).click().run()

    assert {""} == {one.value for one in page.text_input}


def test_the_model_tab_shows_the_contract(page: AppTest) -> None:
    """Figures, costs and origin come from the contract, worded in French."""
    page.session_state["onglet"] = wording.TAB_MODEL

    words = words_of(page.run())

    assert not page.exception
    assert "12\u202f675 dossiers mis de côté" in words
    assert "un défaut accordé coûte 10" in words


@pytest.mark.parametrize("version", ["2.0", ""])
def test_a_contract_of_another_schema_is_not_guessed_at(page: AppTest, fake_api: FakeApi, version: str) -> None:
    """A page too old for the API says so instead of showing something wrong."""
    fake_api.contract["schema_version"] = version

    words = words_of(page.run())

    assert not page.exception
    assert "plus récente que cette page" in words


def test_an_unusable_contract_is_told_and_may_be_retried(page: AppTest, fake_api: FakeApi) -> None:
    """A missing part is a message with a button; when the API is mended, the button brings the page."""
    features = fake_api.contract.pop("features")
    page.run()
    fake_api.contract["features"] = features

    button(page, wording.RETRY).click().run()

    assert wording.PRINCIPAL in words_of(page)
