"""The other tabs in a real browser: scenarios, batches, policy; states of the API, access, speed."""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from scoring.settings import DEFAULT_POLICY
from tests.e2e.page_driver import (
    DECIDED,
    STEP_MILLISECONDS,
    assess_sample,
    fill_sample,
    fits_the_window,
    free_port,
    open_form,
    open_page,
    open_tab,
    running_api,
    running_page,
    settled,
    submit_button,
    take_picture,
)

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.e2e
# Headings that skip a level are no violation of WCAG, and confuse all the same.
HEADINGS = ("heading-order", "page-has-heading-one", "empty-heading")
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    "rules": {name: {"enabled": True} for name in HEADINGS},
    "resultTypes": ["violations"],
}
TABS = ("Client", "Dossier", "Décision", "À examiner", "Et si ?", "Lot", "Politique", "Modèle")
COPIES = 60


def upload_batch(page: Page, folder: Path) -> None:
    """Give the batch the template's applications many times over, and one that is wrong."""
    open_tab(page, "Lot")
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger le modèle de fichier").click()
    template = folder / "demandes.csv"
    download.value.save_as(template)
    header, *rows = csv.reader(template.read_text(encoding="utf-8-sig").splitlines(), delimiter=";")
    wrong = ["faux", *rows[0][1:]]
    wrong[header.index("NAME_INCOME_TYPE")] = "Astronaut"
    batch = folder / "lot.csv"
    with batch.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows([header, *rows * COPIES, wrong])
    page.get_by_role("tabpanel", name="Lot").locator("input[type=file]").set_input_files(batch)
    page.get_by_role("button", name="Évaluer le lot").wait_for()


def test_a_what_if_moves_the_decision(page: Page) -> None:
    """A refused application is followed along its strongest variable until it is accepted."""
    assess_sample(page, "Refusé")
    open_tab(page, "Et si ?")
    page.get_by_role("heading", name="Le long d’une variable").wait_for()
    page.get_by_role("heading", name=re.compile("Proposition : (refus|examen)")).wait_for()

    for rank in (1, 2, 3):
        page.get_by_role("slider", name=f"Score externe {rank}").focus()
        page.keyboard.press("End")
        settled(page)

    page.get_by_role("heading", name=re.compile("Proposition : (accord|examen)")).wait_for()
    page.get_by_role("columnheader", name="B (ce scénario)").wait_for()
    page.locator("[aria-label^='Probabilité de défaut selon']").first.wait_for(state="attached")
    take_picture(page, "et-si")
    assert fits_the_window(page)


def test_a_batch_is_scored(page: Page, tmp_path: Path) -> None:
    """Template, upload, progress, errors by row, and results that hold every row."""
    upload_batch(page, tmp_path)
    page.get_by_role("button", name="Évaluer le lot").click()
    page.get_by_text("Répartition des probabilités").wait_for()
    page.get_by_text("Situation professionnelle (NAME_INCOME_TYPE)").wait_for()
    take_picture(page, "lot")
    assert fits_the_window(page)

    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger les résultats").click()
    download.value.save_as(tmp_path / "resultats.csv")

    text = (tmp_path / "resultats.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines(), delimiter=";"))
    assert [row["statut"] for row in rows] == ["evaluee"] * (len(rows) - 1) + ["non_evaluee"]
    assert {"accepte", "refuse"} <= {row["classe"] for row in rows}
    assert len(rows) == 4 * COPIES + 1


def test_the_policy_is_told_and_simulated_where_there_are_figures(page: Page, api: str) -> None:
    """The rule always; the simulator when the API has the evidence, and a plain word when it has not."""
    open_tab(page, "Politique")
    page.get_by_text(re.compile("Un crédit est refusé quand la probabilité de défaut atteint")).wait_for()

    if httpx.get(f"{api}/v1/evidence").is_success:
        page.get_by_role("heading", name="Sensibilité au rapport de coûts").wait_for()
        page.locator("[aria-label^='Coût par dossier selon le seuil']").first.wait_for(state="attached")
    else:
        page.get_by_text("Cette API ne fournit pas ces données.").wait_for()
    take_picture(page, "politique")
    assert fits_the_window(page)


def test_rules_are_tried_and_the_price_is_told(page: Page, tmp_path: Path) -> None:
    """A draft that refuses everybody is told so before it is published; the price follows the loss."""
    assess_sample(page, "Refusé")
    open_tab(page, "Politique")
    tab = page.get_by_role("tabpanel", name="Politique")
    loss = (
        tab.locator("[data-testid=stMetric]").filter(has_text="Perte attendue").locator("[data-testid=stMetricValue]")
    )
    before = loss.inner_text()
    page.get_by_role("slider", name=re.compile("Perte en cas de défaut")).focus()
    page.keyboard.press("End")
    settled(page)
    expect(loss).not_to_have_text(before)

    draft = json.loads(DEFAULT_POLICY.read_text(encoding="utf-8"))
    everybody = {
        "code": "P901",
        "kind": "exclusion",
        "holds_when": "AMT_CREDIT > 0",
        "sentence": draft["rules"][0]["sentence"],
    }
    offer_rules(page, tmp_path, draft | {"rules": [everybody]})
    page.get_by_text(re.compile("Sur \\d+ demandes évaluées, [1-9]\\d* changeraient de proposition")).wait_for()
    row = tab.get_by_role("row").filter(has_text="Accord")
    assert [cell.strip() for cell in row.get_by_role("cell").all_inner_texts()][-1] == "0"
    expect(tab.get_by_role("row").filter(has_text="P901")).to_be_visible()
    take_picture(page, "regles-a-l-essai")
    assert fits_the_window(page)


def offer_rules(page: Page, folder: Path, draft: dict[str, object]) -> None:
    """Give the tab of the policy a file of rules."""
    path = folder / "projet.json"
    path.write_text(json.dumps(draft), encoding="utf-8")
    page.get_by_role("tabpanel", name="Politique").locator("input[type=file]").set_input_files(path)
    settled(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_tab_meets_wcag_aa(browser: Browser, page_address: str, theme: str, tmp_path: Path) -> None:
    """Axe finds no violation of WCAG 2.1 A and AA on any tab, in either theme, groups unfolded."""
    found: list[str] = []
    with open_page(browser, page_address, color_scheme=theme, viewport={"width": 1280, "height": 1000}) as page:
        assess_sample(page, "Refusé")
        upload_batch(page, tmp_path)
        page.get_by_role("button", name="Évaluer le lot").click()
        page.get_by_text("Répartition des probabilités").wait_for()
        for tab in TABS:
            open_tab(page, tab)
            folded = page.locator("details:not([open]) > summary:visible")
            while folded.count():
                folded.first.click()
                page.wait_for_timeout(100)
            page.wait_for_timeout(800)
            response = Axe().run(page, options=RULES).response
            found += [f"{tab}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in response["violations"]]

    assert found == []


def test_a_stopped_api_is_told_and_comes_back(browser: Browser) -> None:
    """The API stops: the reader is told and keeps the form; it starts again: the same click works."""
    port = free_port()
    with running_page(f"http://127.0.0.1:{port}") as address, open_page(browser, address) as page:
        page.get_by_text("L’API est injoignable").wait_for()
        with running_api(port):
            page.get_by_role("button", name="Réessayer").click()
            settled(page)  # a tab that is opened while the page is drawn anew is closed again
            credit = fill_sample(page)
        typed = credit.input_value()
        submit_button(page).click()
        page.get_by_text("L’API est injoignable").wait_for()
        assert typed == credit.input_value()
        with running_api(port):
            submit_button(page).click()
            page.get_by_role("heading", name=DECIDED).wait_for()


def test_a_batch_survives_a_stop(browser: Browser, tmp_path: Path) -> None:
    """Nothing is asked twice and nothing is lost: the batch goes on when the API is back."""
    port = free_port()
    with running_page(f"http://127.0.0.1:{port}") as address, open_page(browser, address) as page:
        page.get_by_text("L’API est injoignable").wait_for()
        with running_api(port):
            page.get_by_role("button", name="Réessayer").click()
            settled(page)
            open_form(page)
            upload_batch(page, tmp_path)
        page.get_by_role("button", name="Évaluer le lot").click()
        page.get_by_text("L’API est injoignable").wait_for()
        with running_api(port):
            page.get_by_role("button", name=re.compile("Évaluer le lot|Reprendre")).click()
            expect(page.get_by_text("Répartition des probabilités")).to_be_visible(timeout=STEP_MILLISECONDS)
