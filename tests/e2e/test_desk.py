"""The desk in a real browser: from a client's number to what the officer decides."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from delivery.paths import CLIENTS
from tests.builders.demo_clients import number_of
from tests.e2e.page_driver import (
    DECIDED,
    STEP_MILLISECONDS,
    choose,
    fits_the_window,
    open_client,
    open_page,
    running_page,
    settled,
    take_picture,
)

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.e2e
# Small enough for one signature where the proposal is followed.
REFUSED = number_of("refused_for_lateness")
# Credits elsewhere, loans with us and payments: most of what a dossier may hold.
CLIENT = number_of("refused_for_debt")


def test_a_client_is_found_read_and_scored(page: Page) -> None:
    """A number opens the file; the histories are told in words; the raw file gets its decision."""
    open_client(page, CLIENT)
    page.get_by_role("heading", name="Ses crédits ailleurs").wait_for()
    page.get_by_role("cell", name="crédit à la consommation").first.wait_for()
    page.locator("[aria-label^='Paiements sur']").first.wait_for(state="attached")
    take_picture(page, "client")
    assert fits_the_window(page)

    page.get_by_role("button", name="Évaluer ce client").click()

    page.get_by_role("heading", name=DECIDED).wait_for()
    expect(page.get_by_text("Le dossier a été modifié depuis cette décision")).to_have_count(0)
    page.get_by_role("tab", name="Dossier").click()
    expect(page.get_by_role("textbox", name="Score externe 2")).not_to_have_value("", timeout=STEP_MILLISECONDS)


def test_a_dropped_file_is_scored_and_its_faults_are_told_by_place(desktop: Page, tmp_path: Path) -> None:
    """A dossier as JSON opens like a client; a value that is none is named by table, record and column."""
    dossier = json.loads((CLIENTS / f"{CLIENT}.json").read_text(encoding="utf-8"))["dossier"]
    dossier["bureau"][1]["DAYS_CREDIT"] = "hier"
    dropped = tmp_path / "dossier.json"
    dropped.write_text(json.dumps(dossier), encoding="utf-8")
    desktop.get_by_role("tab", name="Client").click()
    desktop.get_by_text("Déposer un dossier", exact=True).click()
    desktop.get_by_role("tabpanel", name="Client").locator("input[type=file]").set_input_files(dropped)
    desktop.get_by_role("heading", name=re.compile(CLIENT)).wait_for()
    settled(desktop)

    desktop.get_by_role("button", name="Évaluer ce client").click()

    desktop.get_by_text("Crédits dans d’autres établissements, ligne 2, DAYS_CREDIT").wait_for()


def sign(page: Page, officer: str, verdict: str, reason: str, comment: str = "") -> None:
    """Fill the officer's form and sign."""
    page.get_by_role("textbox", name="Votre nom ou matricule").fill(officer)
    page.keyboard.press("Tab")
    settled(page)
    chosen = page.get_by_role("radio", name=verdict)
    if not chosen.is_checked():  # a second click would take it back
        chosen.click()
    settled(page)
    choose(page.get_by_role("combobox", name="Motif"), page.get_by_role("option", name=re.compile(reason)))
    settled(page)
    page.get_by_role("textbox", name="Commentaire").fill(comment)
    page.keyboard.press("Tab")
    settled(page)
    page.get_by_role("button", name="Signer la décision").click()
    settled(page)


def test_a_decision_is_signed_kept_and_handed_out(page: Page, tmp_path: Path) -> None:
    """Proposal, decision, reload, history, letter: the work of one client, whatever happens to the browser."""
    open_client(page, REFUSED)
    page.get_by_role("button", name="Évaluer ce client").click()
    page.get_by_role("heading", name="Votre décision").wait_for()
    sign(page, "Ada", "Refus", "D01")
    page.get_by_text(re.compile("Refus par Ada")).wait_for()
    take_picture(page, "signee")
    assert fits_the_window(page)

    page.reload()
    page.get_by_role("tab", name="À examiner").click()
    page.get_by_role("heading", name="Décisions prises").wait_for()
    settled(page)
    take_picture(page, "file")
    assert fits_the_window(page)
    choose(
        page.get_by_role("combobox", name="Choisir un dossier").last,
        page.get_by_role("option", name=re.compile(REFUSED)).first,
    )
    settled(page)
    page.get_by_role("button", name="Ouvrir").last.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Lettre au client (PDF)").click()
    download.value.save_as(tmp_path / "lettre.pdf")

    told = " ".join(page.extract_text() for page in PdfReader(tmp_path / "lettre.pdf").pages)
    assert "Nous ne pouvons pas donner suite" in told
    assert f"Client numéro {REFUSED}" in told


def test_an_override_waits_for_a_second_person(desktop: Page) -> None:
    """Against the proposal one signature is not enough, and the same person cannot give both."""
    open_client(desktop, REFUSED)
    desktop.get_by_role("button", name="Évaluer ce client").click()
    desktop.get_by_role("heading", name="Votre décision").wait_for()
    sign(desktop, "Ada", "Accord", "D05", "Caution solidaire.")
    desktop.get_by_text("une deuxième personne doit signer").wait_for()

    sign(desktop, "ada", "Accord", "D05", "Caution solidaire.")
    desktop.get_by_text("doit être celle d’une autre personne").wait_for()
    sign(desktop, "Bo", "Accord", "D05", "Vu avec Ada.")

    desktop.get_by_text(re.compile("Accord par Bo")).wait_for()


def test_a_database_that_is_gone_loses_nothing(browser: Browser, api: str, tmp_path: Path) -> None:
    """The proposal stays on the page, the reader is told at once, and the button works when the database is back."""
    folder = tmp_path / "absent"
    with (
        running_page(api, DECISIONS_URL=f"sqlite:///{folder}/decisions.db") as address,
        open_page(browser, address) as page,
    ):
        open_client(page, REFUSED)
        page.get_by_role("button", name="Évaluer ce client").click()
        page.get_by_role("heading", name=DECIDED).wait_for()
        page.get_by_text("La base des décisions ne répond pas").wait_for()
        folder.mkdir()
        page.get_by_role("button", name="Mettre à l’examen").click()
        page.get_by_text("à décider").wait_for()


def test_two_clients_are_compared(desktop: Page) -> None:
    """Side by side: what is proposed, why, and what differs."""
    desktop.get_by_role("tab", name="À examiner").click()
    desktop.get_by_role("heading", name="Comparer deux clients").wait_for()
    settled(desktop)
    for label, number in (("Premier client", CLIENT), ("Second client", REFUSED)):
        choose(
            desktop.get_by_role("combobox", name=label), desktop.get_by_role("option", name=re.compile(number)).first
        )
        settled(desktop)

    desktop.get_by_role("columnheader", name=re.compile(CLIENT)).wait_for()
    desktop.get_by_role("cell", name="Thèmes des raisons").wait_for()
    take_picture(desktop, "comparaison")
