"""The page in a real browser: when its title is there, and how long a decision takes from the click to the last chart.

The browser, the page and its API run on this machine and share its processors.
"""

from __future__ import annotations

import re
import time
from statistics import median
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from delivery.errors import DeliveryError
from frontend.wording.numerals import read_number
from tests.e2e.page_driver import (
    CHROMIUM,
    CHROMIUM_OPTIONS,
    DECIDED,
    fill_sample,
    free_port,
    open_page,
    open_tab,
    running_api,
    running_page,
    settled,
    submit_button,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROUNDS = 7
_ROUND_TRIP = re.compile(r"aller-retour ([\d,]+)")


def measure_page(*, rounds: int = ROUNDS) -> dict[str, Any]:
    """Open the page and have an application decided, several times over; seconds.

    Raises
    ------
    DeliveryError
        When there is no browser.
    """
    if not CHROMIUM.is_file():
        raise DeliveryError(f"{CHROMIUM} is not there; install Debian's chromium, then measure again")
    with running_api(free_port()) as api, running_page(api) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=CHROMIUM_OPTIONS)
        # The first reader waits for the imports of the server, too.
        first_reader, *opened = [_opened_after(browser, address) for _ in range(rounds + 1)]
        with open_page(browser, address) as page:
            decided = [_decided_after(page) for _ in range(rounds + 1)][1:]
        browser.close()
    totals, own = zip(*decided, strict=True)
    return {
        "rounds": rounds,
        "title_of_first_reader_s": first_reader,
        "title_s": median(opened),
        "decision_s": median(totals),
        "decision_less_round_trip_s": median(own),
    }


def _opened_after(browser: Browser, address: str) -> float:
    started = time.perf_counter()
    with open_page(browser, address) as page:
        page.get_by_role("heading", level=1).wait_for()
        return time.perf_counter() - started


def _decided_after(page: Page) -> tuple[float, float]:
    """Return the seconds from the click to the last chart, and those that the page does not wait for the API."""
    fill_sample(page)
    started = time.perf_counter()
    submit_button(page).click()
    page.get_by_role("heading", name=DECIDED).wait_for()
    page.locator("[aria-label^='Place de ce dossier'] svg").first.wait_for()
    drawn = time.perf_counter() - started
    told = _ROUND_TRIP.search(page.get_by_text(_ROUND_TRIP).inner_text())
    round_trip = read_number(told[1]) if told else None
    if round_trip is None:
        raise DeliveryError("the page does not say how long the API took")
    settled(page)
    open_tab(page, "Dossier")
    return drawn, drawn - round_trip / 1000
