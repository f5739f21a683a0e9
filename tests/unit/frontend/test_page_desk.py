"""The rest of the desk, run by AppTest: levers, language, scenarios, batches, policy, model."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from frontend.wording.words import words_of
from tests.unit.frontend.fake_api import ANSWER, an_assessment
from tests.unit.frontend.page_reader import RETRY, WORDS, button, field, fill_median, go_to, shown, submit

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from tests.unit.frontend.fake_api import FakeApi


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


def test_the_decision_is_told_again_in_the_other_language(page: AppTest, fake_api: FakeApi) -> None:
    """Its sentences come from the API in the language now read; it stays the same answer, asked for once."""
    submit(fill_median(page))
    assert "Score externe 1 : 0,2" in shown(page)
    english = copy.deepcopy(ANSWER)
    english["explications_locales"][0]["texte"] = "External score 1: 0.2, which raises the estimated risk."
    english["meta"]["id_requete"] = "r-43"
    fake_api.will(httpx.Response(200, json=english))

    page.segmented_control[0].set_value("en").run()
    page.run()

    assert not page.exception
    assert "External score 1: 0.2" in shown(page)
    assert "Score externe 1 : 0,2" not in shown(page)
    assert fake_api.applications[0] == fake_api.applications[1]
    assert len(fake_api.applications) == 2
    assert "r-42" in page.table[0].value.to_string()


def test_a_decision_that_cannot_be_told_again_stays(page: AppTest, fake_api: FakeApi) -> None:
    """The old words are better than none."""
    submit(fill_median(page))
    fake_api.will(httpx.ConnectError("gone"))

    page.segmented_control[0].set_value("en").run()

    assert words_of("en")("trouble.unreachable") in shown(page)
    assert "Score externe 1 : 0,2" in shown(page)


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
    assert WORDS("problem.number") in page.table[-1].value.to_numpy().tolist()[0]


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
