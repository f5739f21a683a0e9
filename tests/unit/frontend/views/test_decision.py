"""The decision, its reasons and the levers of a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from tests.unit.frontend.page_reader import CLEAR, RETRY, WORDS, button, field, fill_typical, go_to, shown, submit

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from tests.unit.frontend.fake_api import FakeApi


def test_a_sent_form_opens_the_decision(page: AppTest, fake_api: FakeApi) -> None:
    """Probability, threshold, reasons and identifier of the answer are shown at once."""
    field(fill_typical(page), "DAYS_BIRTH").set_value("41,1")
    submit(page)

    words = shown(page)
    assert not page.exception
    assert "Proposition : refus" in words
    assert "12,3" in words
    assert (
        "1. Le score externe joue contre la demande (Score externe 1 : 0,2). *Ce qui serait mieux : Un score" in words
    )
    assert WORDS("decision.favourable") in words
    assert "- L’âge joue pour la demande" in words
    assert fake_api.applications[0]["DAYS_BIRTH"] == -15012


def test_an_acceptance_close_to_the_threshold_asks_for_a_person(
    page: AppTest, fake_api: FakeApi, answer_body: dict[str, Any]
) -> None:
    """Within the review band the decision is not the machine's alone."""
    review = {"requise": True, "motifs": [{"code": "proche_du_seuil", "texte": "Trop proche du seuil."}]}
    answer_body |= {"probabilite_de_defaut": 0.0895, "classe": "accepte", "proposition": "examen"}
    answer_body |= {"revue_humaine": review}
    fake_api.will(httpx.Response(200, json=answer_body))

    words = shown(submit(fill_typical(page)))

    assert "Proposition : examen par une personne" in words
    assert WORDS("decision.review") in words
    assert "- Trop proche du seuil." in words


def test_a_retry_after_a_failure_works(page: AppTest, fake_api: FakeApi, answer_body: dict[str, Any]) -> None:
    """The same click, once the API is back, gives the decision and clears the message."""
    fill_typical(page)
    fake_api.will(httpx.ConnectError("refused"), httpx.Response(200, json=answer_body))
    submit(page)

    words = shown(submit(page))

    assert "Proposition : refus" in words
    assert "injoignable" not in words


def test_another_form_makes_the_decision_stale(page: AppTest) -> None:
    """A decision is never shown as that of another application."""
    submit(fill_typical(page))

    button(page, CLEAR).click().run()

    assert WORDS("decision.stale") in shown(page)


def test_a_replaced_model_is_noticed(page: AppTest, fake_api: FakeApi, answer_body: dict[str, Any]) -> None:
    """An answer of another bundle makes the page read the contract again."""
    fill_typical(page)
    fake_api.model["empreinte"] = "another"
    answer_body["meta"]["empreinte"] = "another"
    fake_api.will(httpx.Response(200, json=answer_body))

    assert WORDS("decision.replaced") in shown(submit(page))
    assert WORDS("decision.replaced") not in shown(page.run())


def test_without_a_decision_the_tab_says_how_to_get_one(page: AppTest) -> None:
    """An empty tab is no dead end."""
    go_to(page, "decision")

    assert WORDS("decision.none") in shown(page.run())


def test_a_refusal_offers_levers_and_one_can_be_tried(page: AppTest, fake_api: FakeApi) -> None:
    """What the applicant could change is told, and opens as a scenario."""
    words = shown(submit(fill_typical(page)))
    assert "Emprunter 200 000 €" in words
    fake_api.will()

    button(page, WORDS("decision.try_lever")).click().run()

    assert not page.exception
    assert fake_api.applications[-1]["AMT_CREDIT"] == 200_000.0 or fake_api.applications[-2]["AMT_CREDIT"] == 200_000.0
    assert WORDS("what_if.compare") in shown(page)


def test_levers_that_fail_leave_the_decision(page: AppTest, fake_api: FakeApi) -> None:
    """Reasons stay, and the search may be tried again."""
    fill_typical(page)
    fake_api.failures.append(httpx.Response(500, json={"id_requete": "r-7"}))

    words = shown(submit(page))

    assert "r-7" in words
    assert WORDS("decision.why") in words
    assert "Emprunter 200 000 €" in shown(button(page, RETRY).click().run())


def test_what_is_unknown_is_told_with_its_range(page: AppTest, fake_api: FakeApi, answer_body: dict[str, Any]) -> None:
    """An answer that hinges on a field nothing was said of says which, and how far it could go."""
    answer_body |= {"valeurs_inconnues": ["EXT_SOURCE_1"], "fourchette": {"basse": 0.04, "haute": 0.31}}
    fake_api.will(httpx.Response(200, json=answer_body))

    words = shown(submit(fill_typical(page)))

    assert "Une donnée est inconnue" in words
    assert "la probabilité va de 4" in words
    assert WORDS("decision.who") in words
