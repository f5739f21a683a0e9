"""The page in a real browser, in front of a real API: filled, refused, corrected, decided."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.e2e
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

ROOT = Path(__file__).resolve().parents[2]
BUNDLE = Path(os.environ.get("BUNDLE_DIR", ROOT / "lambda" / "bundle"))
SCREENSHOTS = ROOT / "build" / "screenshots"
CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 60
STEP_MILLISECONDS = 20_000
# Streamlit scrolls inside the page: a window as tall as the page shows it whole.
WINDOWS = {"desktop": (1280, 2000), "phone": (390, 2400)}


@contextmanager
def running(*command: str, answers_at: str, environment: dict[str, str] | None = None) -> Iterator[None]:
    """Keep a server running while the block runs, once it answers."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(answers_at, process)
        yield
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    """Return when the address answers."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server of {address} stopped with status {process.returncode}"
        try:
            if httpx.get(address).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    pytest.fail(f"{address} did not answer in {START_SECONDS} s")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def api() -> Iterator[str]:
    """Start the API and give its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    server = ("uvicorn", "scoring.handler:app", "--app-dir", "lambda", "--port", str(port))
    with running(*server, answers_at=f"{address}/health", environment={"BUNDLE_DIR": str(BUNDLE)}):
        yield address


@pytest.fixture(scope="module")
def page_address(api: str) -> Iterator[str]:
    """Start the page in front of the API and give its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    server = ("streamlit", "run", "frontend/app.py", "--server.port", str(port), "--server.address", "127.0.0.1")
    with running(*server, answers_at=f"{address}/_stcore/health", environment={"API_URL": api}):
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Debian's Chromium."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is absent; apt-get install chromium")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=str(CHROMIUM), args=CHROMIUM_OPTIONS)
        yield opened
        opened.close()


@pytest.fixture(params=WINDOWS)
def page(request: pytest.FixtureRequest, browser: Browser, page_address: str) -> Iterator[Page]:
    """Open the page in a window of each width; whatever it asks of another host is a failure."""
    width, height = WINDOWS[request.param]
    context = browser.new_context(viewport={"width": width, "height": height}, locale="fr-FR")
    context.set_default_timeout(STEP_MILLISECONDS)
    opened = context.new_page()
    asked: list[str] = []
    opened.on("request", lambda one: asked.append(one.url))
    opened.goto(page_address)
    submit_button(opened).wait_for()
    yield opened
    context.close()
    assert [url for url in asked if not url.startswith((page_address, "data:", "blob:"))] == []


def submit_button(page: Page) -> playwright.Locator:
    """Return the button that sends the form."""
    return page.get_by_role("button", name="Évaluer le dossier")


def fill_sample(page: Page) -> playwright.Locator:
    """Put the first sample in the form, wait until it is there, and return the field of the credit."""
    page.get_by_role("button", name="Remplir le formulaire").click()
    credit = page.get_by_role("textbox", name="Montant du crédit demandé")
    playwright.expect(credit).not_to_have_value("", timeout=STEP_MILLISECONDS)
    # The first field has arrived; typing into one that has not would be typing into the form before.
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    return credit


def take_picture(page: Page, name: str) -> None:
    """Write a screenshot once charts are drawn."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.wait_for_timeout(1000)
    window = "phone" if page.viewport_size and page.viewport_size["width"] == WINDOWS["phone"][0] else "desktop"
    page.screenshot(path=SCREENSHOTS / f"{window}-{name}.png")


def fits_the_window(page: Page) -> bool:
    """Tell whether nothing makes the page scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_an_application_gets_its_decision(page: Page, api: str) -> None:
    """A visitor fills a sample, sends it, and reads decision, probability, reasons and origin."""
    assert page.get_by_text(f"Réponses de l’API distante {api}").is_visible()
    fill_sample(page)
    take_picture(page, "dossier")

    submit_button(page).click()

    page.get_by_role("heading", name=re.compile("Crédit (accepté|refusé)")).wait_for()
    page.get_by_text(re.compile(r"La probabilité de défaut, [\d,]+\s%")).first.wait_for()
    page.get_by_text(re.compile("ce qui (augmente|diminue) le risque estimé")).nth(2).wait_for()
    take_picture(page, "decision")
    page.get_by_text("Traçabilité").click()
    page.get_by_text(re.compile(r"pret-a-depenser-scoring:\S+")).wait_for()
    assert fits_the_window(page)


def test_a_hurried_click_sends_the_whole_sample(page: Page) -> None:
    """Sending while the sample is still on its way to the browser scores the sample, not what was there before."""
    page.get_by_role("button", name="Remplir le formulaire").click()
    page.wait_for_timeout(50)
    submit_button(page).click()

    page.get_by_role("heading", name=re.compile("Crédit (accepté|refusé)")).wait_for()
    page.get_by_role("tab", name="Dossier").click()
    playwright.expect(page.get_by_role("textbox", name="Score externe 2")).not_to_have_value("")


def test_charts_have_a_text_alternative(page: Page) -> None:
    """Who cannot see a chart hears what it says."""
    fill_sample(page)
    submit_button(page).click()

    spoken = page.locator("[aria-label^='La probabilité de défaut']")

    spoken.first.wait_for(state="attached")
    page.locator("[aria-label^='Raisons principales']").first.wait_for(state="attached")


def test_a_wrong_value_is_told_at_its_field_and_can_be_mended(page: Page) -> None:
    """The API's bounds come back in years, what was typed stays, and the mended form goes through."""
    fill_sample(page)
    age = page.get_by_role("textbox", name="Date de naissance (ans)")
    age.fill("17")
    submit_button(page).click()
    page.get_by_text(re.compile("admis : de 18 à 100")).wait_for()
    take_picture(page, "correction")
    assert age.input_value() == "17"

    age.fill("35,5")
    submit_button(page).click()

    page.get_by_role("heading", name=re.compile("Crédit (accepté|refusé)")).wait_for()


def test_typing_survives_a_look_at_another_tab(page: Page) -> None:
    """What is typed and not yet sent is still there after reading about the model."""
    income = page.get_by_role("textbox", name="Revenu annuel")
    income.fill("31 500")

    page.get_by_role("tab", name="Modèle").click()
    page.get_by_role("heading", name="Qualité mesurée").wait_for()
    take_picture(page, "modele")
    assert fits_the_window(page)
    page.get_by_role("tab", name="Dossier").click()

    playwright.expect(income).to_have_value("31 500", timeout=STEP_MILLISECONDS)


def test_a_stopped_api_is_told_and_comes_back(browser: Browser) -> None:
    """The API stops: the reader is told and keeps the form; it starts again: the same click works."""
    api_port, page_port = free_port(), free_port()
    api, address = f"http://127.0.0.1:{api_port}", f"http://127.0.0.1:{page_port}"
    api_server = ("uvicorn", "scoring.handler:app", "--app-dir", "lambda", "--port", str(api_port))
    page_server = ("streamlit", "run", "frontend/app.py", "--server.port", str(page_port))
    bundle = {"BUNDLE_DIR": str(BUNDLE)}
    context = browser.new_context(locale="fr-FR")
    context.set_default_timeout(STEP_MILLISECONDS)
    page = context.new_page()
    with running(*page_server, answers_at=f"{address}/_stcore/health", environment={"API_URL": api}):
        with running(*api_server, answers_at=f"{api}/health", environment=bundle):
            page.goto(address)
            credit = fill_sample(page)
        typed = credit.input_value()
        submit_button(page).click()
        page.get_by_text("L’API est injoignable").wait_for()
        assert typed == credit.input_value()
        with running(*api_server, answers_at=f"{api}/health", environment=bundle):
            submit_button(page).click()
            page.get_by_role("heading", name=re.compile("Crédit (accepté|refusé)")).wait_for()
    context.close()
