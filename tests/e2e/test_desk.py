"""The desk in a real browser: from a client's number to what the officer decides."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from delivery.paths import CLIENTS
from tests.e2e.page_driver import DECIDED, STEP_MILLISECONDS, fits_the_window, open_client, settled, take_picture

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.e2e
# Credits elsewhere, loans with us, a card and payments: most of what a dossier may hold.
CLIENT = "100006"


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
