"""A figure that pages show with its interval is one of the bundle's, the record's or the measures', wherever it stands.

So two pages cannot show different figures for one thing: what one of them shows is in no source any more.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.report import REPORT
from delivery.paths import BUNDLE, ROOT
from documents.pages import DOCS
from scoring.contract import CONTRACT_FILE, EVIDENCE_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    type Estimate = tuple[float, float, float]

SOURCES = (BUNDLE / CONTRACT_FILE, BUNDLE / EVIDENCE_FILE, DOCS / "version.json", REPORT)
NUMBER = r"([+\-−]?\d+(?:[.,]\d+)?)(?:[\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]?%)?"
ESTIMATE = re.compile(rf"{NUMBER} ?\[{NUMBER}(?:, | ; | à ){NUMBER}\]")
# Some columns are of percentages, and say so above.
SCALES = (1, 100)


def estimates(content: Any) -> Iterator[Estimate]:  # noqa: ANN401  any JSON value
    """Yield every figure of a source that has an interval."""
    if isinstance(content, dict):
        if {"value", "low", "high"} <= content.keys() and isinstance(content["value"], float | int):
            yield content["value"], content["low"], content["high"]
        for name, value in content.items():
            if f"{name}_interval" in content:
                low, high = content[f"{name}_interval"]
                yield value, low, high
            yield from estimates(value)
    elif isinstance(content, list):
        for one in content:
            yield from estimates(one)


@cache
def known() -> frozenset[Estimate]:
    """Return the figures of all sources."""
    return frozenset(one for path in SOURCES for one in estimates(json.loads(path.read_text(encoding="utf-8"))))


def is_known(shown: tuple[str, ...]) -> bool:
    """Say whether a figure is one of the sources', to the decimals that are shown."""
    numbers = [text.replace(",", ".").replace("−", "-") for text in shown]
    steps = [10.0 ** -len(text.partition(".")[2]) for text in numbers]
    return any(
        all(
            abs(value * scale - float(text)) <= 0.5000001 * step
            for value, text, step in zip(one, numbers, steps, strict=True)
        )
        for scale in SCALES
        for one in known()
    )


def pages() -> list[Path]:
    """Return the pages that show such figures."""
    written = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
    return [page for page in written if "decisions" not in page.parts and shown_on(page)]


def shown_on(page: Path) -> list[tuple[str, ...]]:
    """Return the figures of a page that have an interval, as they are written."""
    return [found.groups() for found in ESTIMATE.finditer(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_figure_of_a_page_is_that_of_its_source(page: Path) -> None:
    """A page that was not written anew after a training or a measure shows what nobody has measured."""
    assert [shown for shown in shown_on(page) if not is_known(shown)] == []


def test_figures_stand_on_several_pages() -> None:
    """The cost of the served model is where committee, partner and data scientist look for it."""
    contract = json.loads((BUNDLE / CONTRACT_FILE).read_text(encoding="utf-8"))
    cost = contract["quality"]["cost"]
    told = [page.name for page in pages() if any(is_cost(shown, cost) for shown in shown_on(page))]

    assert {"README.md", "model-card.md", "note-de-decision.md", "results.md"} <= set(told)


def is_cost(shown: tuple[str, ...], cost: dict[str, float]) -> bool:
    """Say whether a figure is this one, rounded to its decimals."""
    numbers = [text.replace(",", ".").replace("−", "-") for text in shown]
    return all(
        f"{cost[name]:.{len(text.partition('.')[2])}f}" == text
        for name, text in zip(("value", "low", "high"), numbers, strict=True)
    )
