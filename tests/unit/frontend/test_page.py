"""The page itself, run by Streamlit's own AppTest in front of a fake API: form, decision, states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.unit.frontend.page_reader import CLEAR, RETRY, WORDS, button, field, fill_median, go_to, shown, submit

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from tests.unit.frontend.fake_api import FakeApi


def test_the_page_says_which_api_answers(page: AppTest) -> None:
    """A reader knows whether answers are real or a demonstration."""
    page.run()

    assert not page.exception
    assert "API `https://api.example`" in shown(page)


def test_the_form_asks_for_every_input_of_the_contract(page: AppTest, contract: dict[str, Any]) -> None:
    """One widget an input, of the kind the contract says."""
    page.run()

    for item in contract["inputs"]:
        assert field(page, item["name"]).type == ("text_input" if item["kind"] == "number" else "selectbox")


def test_a_sample_fills_the_form_in_french(page: AppTest) -> None:
    """Amounts have their thousands apart, ages are years."""
    fill_median(page)

    assert field(page, "AMT_CREDIT").value == "300\u202f000"
    assert 18 <= float(field(page, "DAYS_BIRTH").value.replace(",", ".")) <= 100


def test_a_new_filling_leaves_nothing_of_the_one_before(page: AppTest) -> None:
    """Values go with their form: nothing of another applicant stays in the session."""
    fill_median(page)
    first = field(page, "AMT_CREDIT").key

    button(page, CLEAR).click().run()

    assert first != field(page, "AMT_CREDIT").key
    assert first not in page.session_state


def test_a_sent_form_opens_the_decision(page: AppTest, fake_api: FakeApi) -> None:
    """Probability, threshold, reasons and identifier of the answer are shown at once."""
    field(fill_median(page), "DAYS_BIRTH").set_value("41,1")
    submit(page)

    words = shown(page)
    assert not page.exception
    assert "Crédit refusé" in words
    assert "12,3" in words
    assert "1. Âge : 41,1\u202fans, ce qui diminue le risque estimé." in words
    assert fake_api.applications[0]["DAYS_BIRTH"] == -15012


def test_an_acceptance_close_to_the_threshold_asks_for_a_person(
    page: AppTest, fake_api: FakeApi, answer_body: dict[str, Any]
) -> None:
    """Within the review band the decision is not the machine's alone."""
    review = {"requise": True, "motifs": [{"code": "proche_du_seuil", "texte": "Trop proche du seuil."}]}
    answer_body |= {"probabilite_de_defaut": 0.0895, "classe": "accepte", "revue_humaine": review}
    fake_api.will(httpx.Response(200, json=answer_body))

    words = shown(submit(fill_median(page)))

    assert "Crédit accepté" in words
    assert WORDS("decision.review") in words
    assert "- Trop proche du seuil." in words


def test_problems_are_shown_at_their_field_and_nothing_is_lost(page: AppTest, fake_api: FakeApi) -> None:
    """A refused form stays open, as it was typed, with each problem in the units of the form."""
    fake_api.will_refuse({"champ": "DAYS_BIRTH", "code": "SCR103", "detail": "le maximum est -6570."})
    field(fill_median(page), "DAYS_BIRTH").set_value("17")

    words = shown(submit(page))

    assert "de 18 à 100" in words
    assert "Un champ est à corriger : Âge." in words
    assert field(page, "DAYS_BIRTH").value == "17"


def test_problems_open_their_group(page: AppTest, fake_api: FakeApi) -> None:
    """A problem in a folded group is not left out of sight."""
    names = [f"AMT_{rank}" for rank in range(12)]
    fake_api.contract["inputs"] += [{**fake_api.contract["inputs"][1], "name": name} for name in names]
    fake_api.contract["coverage"]["weights"] |= dict.fromkeys(names, 0.0)
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

    words = shown(submit(page))

    assert not page.exception
    assert sentence in words
    assert field(page, "AMT_CREDIT").value == "300\u202f000"


def test_a_retry_after_a_failure_works(page: AppTest, fake_api: FakeApi, answer_body: dict[str, Any]) -> None:
    """The same click, once the API is back, gives the decision and clears the message."""
    fill_median(page)
    fake_api.will(httpx.ConnectError("refused"), httpx.Response(200, json=answer_body))
    submit(page)

    words = shown(submit(page))

    assert "Crédit refusé" in words
    assert "injoignable" not in words


def test_another_form_makes_the_decision_stale(page: AppTest) -> None:
    """A decision is never shown as that of another application."""
    submit(fill_median(page))

    button(page, CLEAR).click().run()

    assert WORDS("decision.stale") in shown(page)


def test_a_replaced_model_is_noticed(page: AppTest, fake_api: FakeApi, answer_body: dict[str, Any]) -> None:
    """An answer of another bundle makes the page read the contract again."""
    fill_median(page)
    fake_api.model["empreinte"] = "another"
    answer_body["meta"]["empreinte"] = "another"
    fake_api.will(httpx.Response(200, json=answer_body))

    assert WORDS("decision.replaced") in shown(submit(page))
    assert WORDS("decision.replaced") not in shown(page.run())


def test_without_a_decision_the_tab_says_how_to_get_one(page: AppTest) -> None:
    """An empty tab is no dead end."""
    go_to(page, "decision")

    assert WORDS("decision.none") in shown(page.run())


def test_clearing_empties_every_field(page: AppTest) -> None:
    """A new applicant starts from nothing."""
    fill_median(page)

    button(page, CLEAR).click().run()

    assert {""} == {one.value for one in page.text_input}


def test_the_model_tab_shows_the_contract(page: AppTest) -> None:
    """Figures, costs and origin come from the contract, worded in French."""
    go_to(page, "model")

    words = shown(page.run())

    assert not page.exception
    assert "12\u202f675 dossiers mis de côté" in words
    assert words.count(WORDS("page.unavailable")) == 2


@pytest.mark.parametrize(
    ("version", "told"), [("2.0", "trouble.too_new"), ("1.0", "trouble.too_old"), ("", "trouble.unexpected")]
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
    fake_api.contract["schema_version"] = "1.9"

    words = shown(page.run())

    assert "1.9" in words
    assert WORDS("form.principal") in words


def test_an_unusable_contract_is_told_and_may_be_retried(page: AppTest, fake_api: FakeApi) -> None:
    """A missing part is a message with a button; when the API is mended, the button brings the page."""
    features = fake_api.contract.pop("features")
    page.run()
    fake_api.contract["features"] = features

    button(page, RETRY).click().run()

    assert WORDS("form.principal") in shown(page)


def test_a_saved_application_can_be_opened_again(page: AppTest) -> None:
    """The file that was kept fills the form; a file of another kind is refused in words."""
    page.run()
    uploader = next(one for one in page.file_uploader if one.label == WORDS("form.open"))

    uploader.set_value(("dossier.json", b'{"AMT_CREDIT": 123456.0}', "application/json")).run()
    assert field(page, "AMT_CREDIT").value == "123\u202f456"
    uploader = next(one for one in page.file_uploader if one.label == WORDS("form.open"))
    uploader.set_value(("dossier.json", b"[1]", "application/json")).run()

    assert WORDS("form.not_a_dossier") in shown(page)
    assert field(page, "AMT_CREDIT").value == "123\u202f456"


def test_the_form_stays_while_the_api_is_away(
    page: AppTest, fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An old contract is better than a page that forgets what was typed."""
    fill_median(page)
    monkeypatch.setattr("frontend.applications.snapshot.LIFETIME_SECONDS", -1)
    monkeypatch.setattr(fake_api, "contract", {"schema_version": "none"})

    page.run()

    assert not page.exception
    assert field(page, "AMT_CREDIT").value == "300\u202f000"
