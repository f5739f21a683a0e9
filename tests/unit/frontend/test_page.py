"""The page itself, run by Streamlit's own AppTest in front of a fake API."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from frontend.words import words_of
from tests.unit.frontend.conftest import an_assessment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from frontend.connection import Connection
    from frontend.settings import Settings
    from tests.unit.frontend.conftest import FakeApi

WORDS = words_of("fr")
SUBMIT, FILL, CLEAR, RETRY = (WORDS(key) for key in ("form.submit", "form.fill", "form.clear", "page.retry"))
APP = Path(__file__).resolve().parents[3] / "frontend" / "app.py"


@pytest.fixture
def page(fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """Return the page, not yet run, in front of the fake API."""

    def connect(_: Settings) -> Connection:
        return fake_api.connection()

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


def go_to(page: AppTest, tab: str) -> AppTest:
    """Open a tab."""
    page.session_state["onglet_fr"] = WORDS(f"tab.{tab}")
    return page.run()


def fill_median(page: AppTest) -> AppTest:
    """Put the first sample in the form."""
    page.run()
    return button(page, FILL).click().run()


def submit(page: AppTest) -> AppTest:
    """Send the form."""
    return button(page, SUBMIT).click().run()


def shown(page: AppTest) -> str:
    """Return all text that the page shows."""
    parts = [*page.title, *page.subheader, *page.markdown, *page.caption, *page.info, *page.warning, *page.error]
    return "\n".join(str(part.value) for part in parts)


def test_the_page_says_which_api_answers(page: AppTest) -> None:
    """A reader knows whether answers are real or a demonstration."""
    page.run()

    assert not page.exception
    assert "API distante `https://api.example`" in shown(page)


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
    assert "1. Âge : 41,1 ans, ce qui diminue le risque estimé." in words
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


def test_a_refusal_offers_levers_and_one_can_be_tried(page: AppTest, fake_api: FakeApi) -> None:
    """What the applicant could change is told, and opens as a scenario."""
    words = shown(submit(fill_median(page)))
    assert "Emprunter 200 000 €" in words
    fake_api.will()

    button(page, WORDS("decision.try_lever")).click().run()

    assert not page.exception
    assert fake_api.applications[-1]["AMT_CREDIT"] == 200_000.0 or fake_api.applications[-2]["AMT_CREDIT"] == 200_000.0
    assert WORDS("what_if.compare") in shown(page)


def test_levers_that_fail_leave_the_decision(page: AppTest, fake_api: FakeApi) -> None:
    """Reasons stay, and the search may be tried again."""
    fill_median(page)
    fake_api.failures.append(httpx.Response(500, json={"id_requete": "r-7"}))

    words = shown(submit(page))

    assert "r-7" in words
    assert WORDS("decision.why") in words
    assert "Emprunter 200 000 €" in shown(button(page, RETRY).click().run())


def test_switching_language_keeps_what_was_entered(page: AppTest, fake_api: FakeApi) -> None:
    """Labels, numbers and the API's sentences change; the application does not."""
    fill_median(page)
    field(page, "EXT_SOURCE_1").set_value("0,53").run()

    page.segmented_control[0].set_value("en").run()

    assert not page.exception
    assert field(page, "AMT_CREDIT").value == "300,000"
    assert field(page, "EXT_SOURCE_1").value == "0.53"
    button(page, words_of("en")("form.submit")).click().run()
    assert fake_api.applications[0]["EXT_SOURCE_1"] == 0.53
    assert fake_api.requests[-1].headers["accept-language"] == "en"
    assert words_of("en")("decision.refused") in shown(page)


def what_if(page: AppTest, fake_api: FakeApi) -> AppTest:
    """Assess the first sample and open its scenarios, with an API that thinks for itself."""
    fake_api.will()
    fill_median(page)
    field(page, "EXT_SOURCE_1").set_value("0,3")
    submit(page)
    return go_to(page, "what_if")


def test_a_change_moves_the_decision(page: AppTest, fake_api: FakeApi) -> None:
    """The slider counts as the form does; the answer is that of the changed application."""
    what_if(page, fake_api)
    assert "Crédit refusé" in shown(page)
    slider = next(one for one in page.slider if str(one.key).endswith("EXT_SOURCE_1"))

    slider.set_value(0.85).run()

    assert not page.exception
    assert "Crédit accepté" in shown(page)
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
    next(one for one in page.slider if str(one.key).endswith("EXT_SOURCE_1")).set_value(0.85).run()

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


def a_batch(*amounts: object) -> bytes:
    """Return a file with an application for each amount."""
    lines = [f"{amount},Working,-15000,0.5" for amount in amounts]
    return "\n".join(["AMT_CREDIT,NAME_JOB,DAYS_BIRTH,EXT_SOURCE_1", *lines]).encode()


def upload(page: AppTest, content: bytes) -> AppTest:
    """Give a file to the batch."""
    go_to(page, "batch")
    uploader = next(one for one in page.file_uploader if one.label == WORDS("batch.upload"))
    return uploader.set_value(("lot.csv", content, "text/csv")).run()


def test_a_batch_is_scored_and_its_errors_are_told(page: AppTest) -> None:
    """Rates, rows and problems; one wrong row spoils no other."""
    upload(page, a_batch(100_000, 10_000_000, "beaucoup"))

    button(page, WORDS("batch.run")).click().run()

    assert not page.exception
    figures = {one.label: str(one.value).replace("\u202f", " ") for one in page.metric}
    assert figures[WORDS("batch.scored")] == "2"
    assert figures[WORDS("batch.failed")] == "1"
    assert figures[WORDS("batch.refusal_rate")] == "100,0 %"
    assert "Type incorrect." in page.table[-1].value.to_numpy().tolist()[0]


def test_a_batch_that_stops_half_way_is_resumed(page: AppTest, fake_api: FakeApi) -> None:
    """Rows that were answered are kept, and only the others are asked for again."""
    fake_api.model["limites"]["demandes_par_lot"] = 2
    upload(page, a_batch(1, 2, 3, 4, 5))
    asked = len(fake_api.batches)
    fake_api.failures = [httpx.Response(200, json=batch_reply(1, 2)), httpx.Response(429)]

    words = shown(button(page, WORDS("batch.run")).click().run())
    assert "quota" in words
    assert WORDS("batch.partial", done=2) in words
    button(page, WORDS("batch.resume")).click().run()

    assert [len(one) for one in fake_api.batches[asked:]] == [2, 2, 2, 1]
    assert next(one for one in page.metric if one.label == WORDS("batch.scored")).value == "5"


def batch_reply(*amounts: float) -> dict[str, Any]:
    """Return the fake API's answers to applications with these amounts."""
    rows = [an_assessment({"AMT_CREDIT": amount, "EXT_SOURCE_1": 0.5}) for amount in amounts]
    return {"resultats": [{"index": 0, "statut": "evaluee", **row} for row in rows], "seuil": 0.09}


def test_a_file_without_required_columns_is_not_sent(page: AppTest, fake_api: FakeApi) -> None:
    """The reader learns at once what no row could do without."""
    page.run()
    asked = len(fake_api.batches)

    words = shown(upload(page, b"AMT_CREDIT\n1\n"))

    assert "NAME_JOB" in words
    assert asked == len(fake_api.batches)


def test_a_file_that_is_none_says_why(page: AppTest) -> None:
    """And nothing else happens."""
    words = shown(upload(page, b"a,b\n1,2\n"))

    assert WORDS("batch.no_header") in words


def test_the_policy_can_be_simulated(page: AppTest, fake_api: FakeApi, evidence: dict[str, Any]) -> None:
    """Dearer defaults ask for a lower threshold; the figures follow the slider."""
    fake_api.evidence = evidence
    go_to(page, "policy")
    assert not page.exception
    before = [str(one.value) for one in page.metric]

    page.select_slider[0].set_value(0.2).run()

    assert not page.exception
    assert before != [str(one.value) for one in page.metric]
    page.slider[0].set_value(30).run()
    assert WORDS("policy.curve_interval") not in shown(page)


def test_without_evidence_the_rule_is_still_told(page: AppTest) -> None:
    """An API that has no figures behind its policy is no failure."""
    words = shown(go_to(page, "policy"))

    assert not page.exception
    assert "Un défaut accordé coûte 10" in words
    assert WORDS("page.unavailable") in words


def test_evidence_of_another_shape_is_no_crash(page: AppTest, fake_api: FakeApi) -> None:
    """What cannot be read is said to be so."""
    fake_api.evidence = {"n_applications": 1}

    words = shown(go_to(page, "policy"))

    assert not page.exception
    assert WORDS("trouble.unexpected") in words


def test_the_model_tab_shows_calibration_and_fairness(
    page: AppTest, fake_api: FakeApi, evidence: dict[str, Any]
) -> None:
    """Where the API has the figures behind them."""
    fake_api.evidence = evidence

    words = shown(go_to(page, "model"))

    assert not page.exception
    assert WORDS("model.calibration_caption") in words
    assert "**Sexe**" in words
    assert WORDS("page.unavailable") not in words


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
    monkeypatch.setattr("frontend.desk.LIFETIME_SECONDS", -1)
    monkeypatch.setattr(fake_api, "contract", {"schema_version": "none"})

    page.run()

    assert not page.exception
    assert field(page, "AMT_CREDIT").value == "300\u202f000"
