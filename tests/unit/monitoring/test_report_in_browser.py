"""The HTML report opened in a real browser, without any network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from monitoring.report.files import HTML_FILE
from monitoring.report.make import make_report
from tests.unit.monitoring.builders import draw_window

if TYPE_CHECKING:
    from tests.unit.monitoring.conftest import Bench

CHROMIUM = Path("/usr/bin/chromium")


@pytest.mark.e2e
@pytest.mark.skipif(not CHROMIUM.is_file(), reason=f"no browser at {CHROMIUM}: apt-get install chromium")
def test_the_page_opens_offline_and_shows_the_columns(bench: Bench, tmp_path: Path) -> None:
    """Everything the page needs is in it, no script fails, columns are shown, and the title does not reassure."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  only where there is a browser

    out = tmp_path / "report"
    columns = draw_window(2_000, seed=9)
    columns["AMT_CREDIT"] *= 1.5
    make_report(bench.bundle, bench.reference, bench.write(columns, "browsed"), out)
    failures: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        page = browser.new_context(offline=True).new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on("requestfailed", lambda request: failures.append(request.url))
        page.goto((out / HTML_FILE).as_uri())
        page.get_by_text("Data Drift Summary").wait_for()
        text, title = page.inner_text("body"), page.title()
        page.screenshot(path=str(tmp_path / "report.png"))
        browser.close()

    assert failures == []
    assert title.startswith("Dérive de ")
    assert "Dataset Drift is detected" in text
    assert all(name in text for name in ("AMT_CREDIT", "probabilite_de_defaut", "classe"))
