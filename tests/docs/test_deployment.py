"""What docs/deployment.md says of verbs, variables, workflows and costs is what there is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from benchmarks.report import read_figures
from delivery.paths import ROOT
from documents.results.costs import (
    billed_milliseconds,
    cost_section,
    costs_per_million,
    costs_per_month,
    free_tier,
    memory_gigabytes,
    read_prices,
)
from tests.docs.command_blocks import pages

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
WORKFLOWS = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / ".github" / "workflows").glob("*.yml")}
TRAFFIC = {"log_bytes": 2000.0, "reply_bytes": 1000.0}


def test_costs_are_those_of_the_template_and_the_measures() -> None:
    """`make pages` would write the same section."""
    (written,) = re.findall(r"<!-- costs:[^>]*-->\n(.*?)\n<!-- /costs -->", PAGE, re.DOTALL)

    assert written == cost_section(read_figures())


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_page_names_only_verbs_and_workflows_that_exist(page: Path) -> None:
    """Each `make` verb within a sentence is one of the Makefile; so is each workflow one of the folder."""
    text = page.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

    assert set(re.findall(r"`make ([a-z-]+)", text)) - targets == set()
    assert set(re.findall(r"workflow `([a-z-]+)`", text)) - WORKFLOWS.keys() == set()


def test_way_back_is_named_as_it_is_built() -> None:
    """Runbook, guide and this page speak of the verbs by which a version is recorded, withdrawn and gone back from."""
    guide = (ROOT / "docs" / "guide-mlops.md").read_text(encoding="utf-8")
    runbook = (ROOT / "docs" / "exploitation.md").read_text(encoding="utf-8")

    assert [verb for verb in ("rollback", "record", "withdraw") if f"make {verb}" not in guide] == []
    assert [verb for verb in ("rollback", "record", "withdraw") if f"make {verb}" not in PAGE] == []
    assert all(verb in runbook for verb in ("make rollback", "make withdraw", "workflow `rollback`"))


def test_page_names_every_variable_and_workflow() -> None:
    """Whoever sets the repository up finds all that the workflows read."""
    text = "\n".join(WORKFLOWS.values())
    read = set(re.findall(r"(?:vars|secrets)\.(\w+)", text))

    assert len(read) > 5
    assert [name for name in read if f"`{name}`" not in PAGE] == []
    assert [name for name in WORKFLOWS if f"| `{name}` |" not in PAGE] == []


def test_a_request_is_billed_whole_milliseconds() -> None:
    """Lambda rounds up; the slowest in a hundred is the careful figure."""
    assert billed_milliseconds({"handler_ms": {"p50": 0.5, "p99": 2.01}}) == 3


def test_costs_follow_memory_and_time() -> None:
    """Twice the memory, or twice the time, is twice the duration's cost, and nothing else."""
    prices = read_prices()
    once = costs_per_million(prices, memory=1.0, milliseconds=5, traffic=TRAFFIC)
    twice = costs_per_million(prices, memory=2.0, milliseconds=5, traffic=TRAFFIC)

    assert twice["Lambda, duration"] == pytest.approx(2 * once["Lambda, duration"])
    assert once["Lambda, duration"] == pytest.approx(5000 * 16.6667e-6)
    assert {name for name in once if once[name] != twice[name]} == {"Lambda, duration"}


def test_idle_costs_count_every_metric() -> None:
    """A metric is paid by the month, whatever it counts."""
    costs = costs_per_month(read_prices(), memory=1.0, metrics=7)

    assert costs["7 metrics of the score route"] == pytest.approx(7 * 0.30)


def test_free_tier_says_how_far_it_goes() -> None:
    """Free gigabyte-seconds divided by those of a request."""
    told = free_tier(read_prices(), memory=2.0, milliseconds=10, traffic=TRAFFIC)

    assert "| Lambda, duration | 20,000,000 |" in told
    assert "| CloudWatch, the function's log | 2,500,000 |" in told


def test_every_price_is_dated_and_has_its_source() -> None:
    """A price without a date is no price."""
    priced = [one for one in read_prices().values() if "dollars" in one]

    assert len(priced) > 5
    for one in priced:
        assert re.fullmatch(r"20\d\d-\d\d", one["read"])
        assert one["source"].startswith("https://aws.amazon.com/")


def test_memory_is_the_templates() -> None:
    """The figure is read, not typed."""
    assert memory_gigabytes() == pytest.approx(1769 / 1024)
    assert cost_section({}).startswith("Not measured yet")
