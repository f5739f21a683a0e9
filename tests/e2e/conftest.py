"""What the end-to-end tests share: the built package under the Lambda emulator, and the page in a browser."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import sync_playwright

from delivery.emulator import Emulator
from delivery.paths import DOSSIER_PACKAGE, PACKAGE
from tests.e2e.page_driver import (
    CHROMIUM,
    CHROMIUM_OPTIONS,
    WINDOWS,
    free_port,
    open_form,
    open_page,
    running_api,
    running_page,
    take_picture,
    told_by,
)
from tests.e2e.turns import network_interfaces_at_rest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the containers, for which browsers would have to wait; give a browser's test a second chance.

    Spark's tables follow: the longest file, which nobody would have to wait for at the end.

    Half a page that a browser gave up on a busy machine is no finding; what is wrong stays wrong. The report counts
    what was run again.
    """
    items.sort(key=lambda item: (item.path.name != "test_sam_local.py", item.path.parent.name != "spark"))
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show how far the page came when its test fails: in words in the report, and as a picture."""
    report = yield
    arguments = getattr(item, "funcargs", {})
    page = arguments.get("page", arguments.get("desktop"))
    if call.when == "call" and report.failed and page is not None:
        with suppress(BrowserError):  # a page that is gone cannot be looked at
            report.sections.append(("the page", told_by(page)))
            take_picture(page, f"failure-{item.name}")
    return report


@pytest.fixture(scope="session")
def package() -> Path:
    """Return the folder that `sam build` made."""
    if not PACKAGE.is_dir():
        pytest.fail(f"{PACKAGE} is absent; run `make package`")
    return PACKAGE


@pytest.fixture(scope="session")
def dossier_package() -> Path:
    """Return the folder that `sam build` made for the function of dossiers."""
    if not DOSSIER_PACKAGE.is_dir():
        pytest.fail(f"{DOSSIER_PACKAGE} is absent; run `make package`")
    return DOSSIER_PACKAGE


@pytest.fixture(scope="session")
def dossier_emulator(dossier_package: Path) -> Iterator[Emulator]:
    """Return that package, running; it is stopped after the last test."""
    with Emulator(dossier_package) as running:
        yield running


@pytest.fixture(scope="session")
def emulator(package: Path) -> Iterator[Emulator]:
    """Return the built package, running; it is stopped after the last test."""
    with Emulator(package) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Debian's Chromium; while its driver runs, its event loop is the thread's, so it ends with the module."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is absent; apt-get install chromium")
    with network_interfaces_at_rest(), sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=str(CHROMIUM), args=CHROMIUM_OPTIONS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def api() -> Iterator[str]:
    """Start the API and give its address."""
    with running_api(free_port()) as address:
        yield address


@pytest.fixture(scope="module")
def page_address(api: str) -> Iterator[str]:
    """Start the page in front of the API and give its address."""
    with running_page(api) as address:
        yield address


@pytest.fixture(params=WINDOWS)
def page(request: pytest.FixtureRequest, browser: Browser, page_address: str) -> Iterator[Page]:
    """Open the page in a window of each width."""
    width, height = WINDOWS[request.param]
    with open_page(browser, page_address, viewport={"width": width, "height": height}) as opened:
        open_form(opened)
        yield opened


@pytest.fixture
def desktop(browser: Browser, page_address: str) -> Iterator[Page]:
    """Open the page in a wide window only, where the width changes nothing."""
    width, height = WINDOWS["desktop"]
    with open_page(browser, page_address, viewport={"width": width, "height": height}) as opened:
        open_form(opened)
        yield opened
