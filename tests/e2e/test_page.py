"""The page in a real browser, in front of a real API: filled, refused, corrected, decided, explained."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.page_driver import (
    DECIDED,
    STEP_MILLISECONDS,
    assess_sample,
    choose,
    fill_sample,
    fits_the_window,
    open_form,
    open_page,
    open_tab,
    running_page,
    settled,
    submit_button,
    take_picture,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.e2e


def test_an_application_gets_its_decision(page: Page, api: str) -> None:
    """A loan officer fills a sample, sends it, and reads decision, probability, reasons, position and origin."""
    assert page.get_by_text(f"Réponses de l’API {api}").is_visible()
    fill_sample(page)
    take_picture(page, "dossier")

    submit_button(page).click()

    page.get_by_role("heading", name=DECIDED).wait_for()
    page.get_by_text(re.compile(r"La probabilité de défaut, [\d,]+\s%")).first.wait_for()
    page.get_by_text(re.compile("joue(nt)? (pour|contre) la demande")).nth(1).wait_for()
    page.get_by_role("heading", name="Place dans la population").wait_for()
    take_picture(page, "decision")
    page.get_by_text("Traçabilité").click()
    page.get_by_text(re.compile(r"^pret-a-depenser-scoring:\S+$")).wait_for()
    assert fits_the_window(page)


def test_a_refusal_is_explained(page: Page) -> None:
    """A refused applicant learns why, and what would change it or that nothing within reach does."""
    assess_sample(page, "Refusé")
    page.get_by_role("heading", name="Proposition : refus").wait_for()
    page.get_by_role("heading", name="Ce qui ferait accepter la demande").wait_for()
    take_picture(page, "refus")
    assert fits_the_window(page)

    # Which of the two depends on how far the served model's sample is from its threshold.
    offer = page.get_by_role("button", name="Essayer dans « Et si ? »")
    assert offer.or_(page.get_by_text("Aucun changement réaliste")).first.is_visible()


def test_an_offer_is_tried_at_once(page: Page) -> None:
    """Who is not far above the threshold is told what would change that, and sees the changed application."""
    fill_sample(page, "Limite")
    page.get_by_role("textbox", name="Score externe 2").fill("0,35")
    submit_button(page).click()
    page.get_by_role("heading", name="Proposition : refus").wait_for()
    page.get_by_role("heading", name="Ce qui ferait accepter la demande").wait_for()

    page.get_by_role("button", name="Essayer dans « Et si ? »").first.click()

    page.get_by_role("heading", name="Proposition : accord").wait_for()
    page.get_by_role("cell", name="Échéance du crédit par mois").or_(
        page.get_by_role("cell", name="Montant du crédit demandé")
    ).first.wait_for()


def test_the_borderline_and_the_incomplete_ask_for_a_person(desktop: Page) -> None:
    """Both samples show why the machine should not decide alone."""
    for kind in ("Limite", "Incomplet"):
        assess_sample(desktop, kind)
        desktop.get_by_text("Une personne doit revoir ce dossier").wait_for()
        open_tab(desktop, "Dossier")


def test_a_hurried_click_sends_the_whole_sample(page: Page) -> None:
    """Sending while the sample is still on its way to the browser scores the sample, not what was there before."""
    page.get_by_role("button", name="Remplir le formulaire").click()
    page.wait_for_timeout(50)
    submit_button(page).click()

    page.get_by_role("heading", name=DECIDED).wait_for()
    page.get_by_role("tab", name="Dossier").click()
    expect(page.get_by_role("textbox", name="Score externe 2")).not_to_have_value("")


def test_charts_have_a_text_alternative(desktop: Page) -> None:
    """Who cannot see a chart hears what it says."""
    assess_sample(desktop)

    desktop.locator("[aria-label^='La probabilité de défaut']").first.wait_for(state="attached")
    desktop.locator("[aria-label^='Du demandeur moyen']").first.wait_for(state="attached")
    desktop.locator("[aria-label^='Place de ce dossier']").first.wait_for(state="attached")


def test_a_wrong_value_is_told_at_its_field_and_can_be_mended(page: Page) -> None:
    """The API's bounds come back in years, what was typed stays, and the mended form goes through."""
    fill_sample(page)
    age = page.get_by_role("textbox", name="Âge (ans)")
    age.fill("17")
    submit_button(page).click()
    page.get_by_text("admis : de 18,1 à 100").wait_for()
    take_picture(page, "correction")
    assert age.input_value() == "17"

    age.fill("35,5")
    submit_button(page).click()

    page.get_by_role("heading", name=DECIDED).wait_for()


def test_typing_survives_a_look_at_another_tab(page: Page) -> None:
    """What is typed and not yet sent is still there after reading about the model."""
    amount = page.get_by_role("textbox", name="Montant du crédit demandé")
    amount.fill("315 000")

    page.get_by_role("tab", name="Modèle").click()
    page.get_by_role("heading", name="Qualité mesurée").wait_for()
    take_picture(page, "modele")
    assert fits_the_window(page)
    page.get_by_role("tab", name="Dossier").click()

    expect(amount).to_have_value("315 000", timeout=STEP_MILLISECONDS)


def test_switching_to_english_keeps_everything(desktop: Page) -> None:
    """Words and numbers change, what was typed does not; the document says its language."""
    fill_sample(desktop)
    desktop.get_by_role("textbox", name="Score externe 2").fill("0,25")

    desktop.get_by_role("radio", name="English").or_(desktop.get_by_role("button", name="English")).first.click()

    expect(desktop.get_by_role("textbox", name="External score 2")).to_have_value("0.25", timeout=STEP_MILLISECONDS)
    expect(desktop.locator("html")).to_have_attribute("lang", "en")
    desktop.get_by_role("button", name="Assess the application").click()
    desktop.get_by_role("heading", name=re.compile("Proposal: (grant|for a person|refuse)")).wait_for()
    desktop.get_by_text(re.compile("(speak|speaks) (for|against) the application")).first.wait_for()


def test_a_sample_fills_the_form_after_a_switch(desktop: Page) -> None:
    """The sample that was chosen in French fills the English form, and the address keeps the language."""
    choose(
        desktop.get_by_role("combobox", name="Partir d’un dossier fictif"),
        desktop.get_by_role("option", name=re.compile("Refusé")),
    )
    settled(desktop)

    desktop.get_by_role("radio", name="English").or_(desktop.get_by_role("button", name="English")).first.click()
    desktop.get_by_role("button", name="Fill in the form").click()

    credit = desktop.get_by_role("textbox", name="Credit amount applied for")
    expect(credit).not_to_have_value("", timeout=STEP_MILLISECONDS)
    desktop.get_by_role("button", name="Assess the application").click()
    desktop.get_by_role("heading", name="Proposal: refuse").wait_for()
    expect(desktop).to_have_url(re.compile(r"\?lang=English$"))


def test_the_keyboard_is_enough(desktop: Page) -> None:
    """From the first field to the decision without a pointer, with a visible focus on the way."""
    fill_sample(desktop)
    desktop.get_by_role("textbox", name="Montant du crédit demandé").focus()
    for _ in range(60):
        desktop.keyboard.press("Tab")
        if desktop.evaluate("document.activeElement.innerText").endswith("Évaluer le dossier"):
            break
    assert desktop.evaluate(
        "() => { const s = getComputedStyle(document.activeElement); return s.boxShadow + s.outlineStyle; }"
    ) not in {"nonenone", ""}

    desktop.keyboard.press("Enter")

    desktop.get_by_role("heading", name=DECIDED).wait_for()


def test_a_fresh_clone_answers_without_an_api(browser: Browser) -> None:
    """Without an address the same application runs inside the page, and the page says so."""
    with running_page("") as address, open_page(browser, address) as page:
        open_form(page)
        assert page.get_by_text("Démonstration : l’API tourne dans cette page").is_visible()

        assess_sample(page)
        settled(page)
