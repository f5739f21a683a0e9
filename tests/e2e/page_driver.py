"""The page and its API as real servers, and a real browser in front of them."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import TimeoutError as StepTimeoutError
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

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
START_SECONDS = 120
# A server whose tests were killed ends by itself.
LIFE_SECONDS = 900
# A machine that trains models beside the browser is slow.
STEP_MILLISECONDS = 60_000
OPENING_MILLISECONDS = 5_000
# Streamlit scrolls inside the page: a window as tall as the page shows it whole.
WINDOWS = {"desktop": (1280, 2000), "phone": (390, 2400)}
DECIDED = re.compile("Proposition : (accord|examen|refus)")


@contextmanager
def running(*command: str, answers_at: str, environment: dict[str, str] | None = None) -> Iterator[None]:
    """Keep a server running while the block runs, once it answers."""
    process = subprocess.Popen(
        ["timeout", str(LIFE_SECONDS), sys.executable, "-m", *command],
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


@contextmanager
def running_api(port: int, **settings: str) -> Iterator[str]:
    """Keep the API running and give its address."""
    address = f"http://127.0.0.1:{port}"
    server = ("uvicorn", "scoring.dossier_handler:app", "--app-dir", "lambda", "--port", str(port))
    with running(*server, answers_at=f"{address}/health", environment={"BUNDLE_DIR": str(BUNDLE), **settings}):
        yield address


@contextmanager
def running_page(api: str, **settings: str) -> Iterator[str]:
    """Keep the page running in front of an API, and give its address; without one, the API runs inside it.

    Its decisions go with it, unless they are told another place.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    server = ("streamlit", "run", "frontend/app.py", "--server.port", str(port), "--server.address", "127.0.0.1")
    with tempfile.TemporaryDirectory() as folder:
        decisions = f"sqlite:///{folder}/decisions.db"
        environment = {"API_URL": api, "BUNDLE_DIR": str(BUNDLE), "DECISIONS_URL": decisions, **settings}
        with running(*server, answers_at=f"{address}/_stcore/health", environment=environment):
            yield address


@contextmanager
def open_page(browser: Browser, address: str, **options: object) -> Iterator[Page]:
    """Open the page in a window; whatever it asks of another host is a failure."""
    context = browser.new_context(locale="fr-FR", accept_downloads=True, **options)  # type: ignore[arg-type]
    context.set_default_timeout(STEP_MILLISECONDS)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.goto(address)
    try:
        yield page
    except Exception as error:  # of a block in a test; what fails beside a fixture, the hook in conftest tells
        with suppress(BrowserError):
            error.add_note(told_by(page))
            take_picture(page, "failure")
        raise
    finally:
        context.close()
    assert [url for url in asked if not url.startswith((address.partition("?")[0], "data:", "blob:"))] == []


def settled(page: Page) -> None:
    """Return when the page has nothing left to draw."""
    # A click takes a moment to become a run.
    page.wait_for_timeout(250)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def submit_button(page: Page) -> Locator:
    """Return the button that sends the form."""
    return page.get_by_role("button", name="Évaluer le dossier")


def open_form(page: Page) -> None:
    """Open the form of what is typed, and return when it is there."""
    page.get_by_role("tab", name="Dossier").click()
    submit_button(page).wait_for()
    settled(page)


def open_client(page: Page, number: str) -> None:
    """Look a client up by number and open the file."""
    page.get_by_role("tab", name="Client").click()
    search = page.get_by_role("textbox", name="Numéro ou nom du client")
    search.fill(number)
    search.press("Enter")
    settled(page)
    choose(page.get_by_role("combobox", name="Choisir un client"), page.get_by_role("option", name=re.compile(number)))
    page.get_by_role("button", name="Évaluer ce client").wait_for()
    settled(page)


def open_tab(page: Page, name: str) -> None:
    """Open a tab and wait until it is drawn."""
    page.get_by_role("tab", name=name).click()
    settled(page)


def fill_sample(page: Page, kind: str = "Typique") -> Locator:
    """Put a sample in the form, wait until it is there, and return the field of the credit."""
    open_form(page)
    if kind != "Typique":
        choose(
            page.get_by_role("combobox", name="Partir d’un dossier fictif"),
            page.get_by_role("option", name=re.compile(kind)),
        )
        settled(page)
    page.get_by_role("button", name="Remplir le formulaire").click()
    credit = page.get_by_role("textbox", name="Montant du crédit demandé")
    expect(credit).not_to_have_value("", timeout=STEP_MILLISECONDS)
    # The first field has arrived; typing into one that has not would be typing into the form before.
    settled(page)
    return credit


def choose(box: Locator, option: Locator) -> None:
    """Open a list and choose; a list that falls shut, as it does when the page moves under it, is opened again."""
    deadline = time.monotonic() + STEP_MILLISECONDS / 1000
    while not option.is_visible() and time.monotonic() < deadline:
        box.click()
        with suppress(StepTimeoutError):
            option.wait_for(timeout=OPENING_MILLISECONDS)
    option.click()


def assess_sample(page: Page, kind: str = "Typique") -> None:
    """Fill a sample, send it, and wait for the decision."""
    fill_sample(page, kind)
    submit_button(page).click()
    page.get_by_role("heading", name=DECIDED).wait_for()
    settled(page)


def take_picture(page: Page, name: str) -> None:
    """Write a screenshot once charts are drawn."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.wait_for_timeout(1000)
    window = "phone" if page.viewport_size and page.viewport_size["width"] == WINDOWS["phone"][0] else "desktop"
    page.screenshot(path=SCREENSHOTS / f"{window}-{name}.png")


def told_by(page: Page) -> str:
    """Return what the browser complained of and the words on the page, for where no picture can be looked at."""
    complaints = [f"{one.type}: {one.text}" for one in page.console_messages() if one.type == "error"]
    return "\n".join([*complaints, page.locator("body").aria_snapshot()])


def fits_the_window(page: Page) -> bool:
    """Tell whether nothing makes the page scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
