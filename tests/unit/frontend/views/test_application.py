"""The form: filled, sent, refused, corrected, kept in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.unit.frontend.fake_api import an_input
from tests.unit.frontend.page_reader import CLEAR, WORDS, button, field, fill_typical, shown, submit

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from tests.unit.frontend.fake_api import FakeApi


def test_the_form_asks_for_every_input_of_the_contract(page: AppTest, contract: dict[str, Any]) -> None:
    """One widget an input, of the kind the contract says."""
    page.run()

    for item in contract["inputs"]:
        assert field(page, item["name"]).type == ("text_input" if item["kind"] == "number" else "selectbox")


def test_a_sample_fills_the_form_in_french(page: AppTest) -> None:
    """Amounts have their thousands apart, ages are years."""
    fill_typical(page)

    assert field(page, "AMT_CREDIT").value == "300\u202f000"
    assert 18 <= float(field(page, "DAYS_BIRTH").value.replace(",", ".")) <= 100


def test_a_new_filling_leaves_nothing_of_the_one_before(page: AppTest) -> None:
    """Values go with their form: nothing of another applicant stays in the session."""
    fill_typical(page)
    first = field(page, "AMT_CREDIT").key

    button(page, CLEAR).click().run()

    assert first != field(page, "AMT_CREDIT").key
    assert first not in page.session_state


def test_problems_are_shown_at_their_field_and_nothing_is_lost(page: AppTest, fake_api: FakeApi) -> None:
    """A refused form stays open, as it was typed, with each problem in the units of the form."""
    fake_api.will_find({"champ": "DAYS_BIRTH", "code": "SCR103", "detail": "le maximum est -6570."})
    field(fill_typical(page), "DAYS_BIRTH").set_value("17")

    words = shown(submit(page))

    assert "de 18 à 100" in words
    assert "Un champ est à corriger : Âge." in words
    assert field(page, "DAYS_BIRTH").value == "17"


def test_problems_open_their_group(page: AppTest, fake_api: FakeApi) -> None:
    """A problem in a folded group is not left out of sight."""
    names = [f"AMT_{rank}" for rank in range(12)]
    fake_api.contract["inputs"] += [an_input(name) for name in names]
    fake_api.contract["coverage"]["weights"] |= dict.fromkeys(names, 0.0)
    fake_api.will_find({"champ": "AMT_11", "code": "SCR101", "detail": "Valeur absente."})

    submit(fill_typical(page))

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
    fill_typical(page)
    fake_api.will(failure)

    words = shown(submit(page))

    assert not page.exception
    assert sentence in words
    assert field(page, "AMT_CREDIT").value == "300\u202f000"


def test_clearing_empties_every_field(page: AppTest) -> None:
    """A new applicant starts from nothing."""
    fill_typical(page)

    button(page, CLEAR).click().run()

    assert {""} == {one.value for one in page.text_input}


def test_a_saved_application_can_be_opened_again(page: AppTest) -> None:
    """The file that was kept fills the form; a file of another kind is refused in words."""
    page.run()
    uploader = next(one for one in page.file_uploader if one.label == WORDS("form.open"))

    uploader.set_value(("dossier.json", b'{"AMT_CREDIT": 123456.0}', "application/json")).run()
    assert field(page, "AMT_CREDIT").value == "123\u202f456"
    uploader = next(one for one in page.file_uploader if one.label == WORDS("form.open"))
    uploader.set_value(("dossier.json", b"[1]", "application/json")).run()

    assert WORDS("form.not_an_application") in shown(page)
    assert field(page, "AMT_CREDIT").value == "123\u202f456"
