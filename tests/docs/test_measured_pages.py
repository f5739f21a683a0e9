"""The pages that are made of measures say what reports/bench.json says, and measuring stays out of writing."""

from __future__ import annotations

import re

import pytest

from benchmarks.population.rules import MOST_BROKEN
from benchmarks.report import read_figures
from delivery.paths import BUNDLE
from documents.pages import DOCS
from documents.reference.monitoring import limits_region
from documents.reference.population import population_page
from documents.reference.rules import rules_page
from documents.results.drift import power_region, real_region
from documents.results.page import results_page
from scoring.bundle import Bundle
from training.schema.rules import load_rules

MEASURES = read_figures()


def text_of(name: str) -> str:
    """Return a committed page."""
    return (DOCS / name).read_text(encoding="utf-8")


def region_of(name: str, region: str) -> str:
    """Return what stands between two markers of a page."""
    (found,) = re.findall(rf"<!-- {region}:[^>]*-->\n(.*?)\n<!-- /{region} -->", text_of(name), re.DOTALL)
    return str(found)


def test_results_are_those_of_measures_and_bundle() -> None:
    """A figure that no longer matches its measure fails here; `make pages` writes the page anew."""
    assert text_of("results.md") == results_page(MEASURES, Bundle.open(BUNDLE).contract), "run `make pages`"


def test_population_is_the_one_that_was_measured() -> None:
    """Likeness, models and the time that drawing takes are those of the report."""
    assert text_of("population.md") == population_page(MEASURES), "run `make pages`"


def test_rules_are_those_of_the_contract_and_were_measured() -> None:
    """A rule that was changed, or measured again, and not on the page fails here."""
    assert text_of("regles.md") == rules_page(Bundle.open(BUNDLE).contract, MEASURES), "run `make pages`"


@pytest.mark.parametrize("form", sorted({rule.form for rule in load_rules()}))
def test_no_rule_is_broken_by_more_real_applicants_than_it_may_be(form: str) -> None:
    """A rule that real applicants break is wrong; one that none of them gives the fields of was not measured."""
    (severity,) = {rule.severity for rule in load_rules() if rule.form == form}
    real, sample = (MEASURES["rules"][name]["forms"][form] for name in ("real", "sample"))

    assert real["rate"] <= MOST_BROKEN[severity]
    assert real["asked"] + sample["asked"] > 0


@pytest.mark.parametrize(
    ("page", "region", "told"),
    [
        ("monitoring.md", "checks", limits_region()),
        ("monitoring.md", "power", power_region(MEASURES["drift_power"])),
        ("interpretation-drift.md", "figures", real_region(MEASURES["drift_real"])),
    ],
    ids=["limits", "power", "real"],
)
def test_figures_of_drift_are_those_of_configuration_and_measures(page: str, region: str, told: str) -> None:
    """A limit changed in the code, or a measure taken again, and not on the page fails here."""
    assert region_of(page, region) == told, "run `make pages`"
