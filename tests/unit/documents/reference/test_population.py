"""The page on the likeness of the sample: what it is made of, and that its figures hold."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from benchmarks.learning.models import REAL_SAMPLE
from benchmarks.population.all_tables import likeness
from benchmarks.population.coherence.rules import measured, rules
from benchmarks.population.joined import HISTORIES
from benchmarks.population.likeness import tell_apart
from benchmarks.population.parquet import read_tables
from benchmarks.population.transfer import GROUPS
from benchmarks.report import read_figures
from documents.__main__ import main
from documents.commands import population
from documents.reference.population import population_page
from training.population.drawing.generate import Plan, generate
from training.population.drawing.profile import load_profile
from training.population.drawing.tables import TABLES

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

needs_real = pytest.mark.skipif(not REAL_SAMPLE.exists(), reason="the real sample is not on this machine")
# A small draw judged by a classifier moves the AUC by about this.
NOISE = 0.04
PUBLISHED = read_figures()


@pytest.fixture(scope="module")
def measures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the measures of one draw beside another, as if it were real."""
    folders = [tmp_path_factory.mktemp(name) for name in ("first", "second")]
    for seed, folder in enumerate(folders):
        generate(load_profile(), Plan(1_500, seed), folder, "parquet")
    sides = [read_tables(folder) for folder in folders]
    estimate = {"value": 0.7, "low": 0.6, "high": 0.8}
    drawn = {
        "multiple": 1,
        "seconds": 60.0,
        "peak_memory_mib": 1000.0,
        "file_bytes": 10**9,
        "rows": {table: len(rows) for table, rows in sides[0].items()},
    }
    return {
        "population_coherence": {
            "applications": 1_500,
            "seed": 0,
            "rules": {code: [rate.eligible, rate.found] for code, rate in measured(folders[0]).items()},
        },
        "population_likeness": {"seed": 1, "profile_bytes": 10**6, **likeness(*sides)},
        "population_transfer": {
            "n": 1_500,
            **{name: {"auc": 0.7, "cost": 0.5} for name in ("real", "carried", "drawn")},
            "strongest": {"n": 20, "rank_correlation": 0.9},
            "acceptance": {name: {"real": 0.8, "sample": 0.8} for name in GROUPS},
        },
        "population_models": {"sample": {"all": {"m": {"n": 1, "auc": estimate, "cost": estimate}}}},
        "population_drawing": {"1x": drawn},
    }


def test_two_draws_are_alike(measures: dict[str, Any]) -> None:
    """Draws from one profile are told apart by nothing: the measure itself finds no difference where there is none."""
    tables = measures["population_likeness"]["tables"]

    for table in ("application_train", "bureau", "credit_card_balance"):
        assert abs(tables[table]["auc"] - 0.5) < 0.08, table
    joined = measures["population_likeness"]["joined"]
    assert set(joined["tables"]) == {"application", *HISTORIES}
    for found in (joined["all"], *joined["tables"].values(), *joined["months"].values()):
        assert abs(found["auc"] - 0.5) < 0.1, found


def test_figures_are_kept_as_json(measures: dict[str, Any]) -> None:
    """What a measure returns goes into the report and comes back the same: plain numbers, none that JSON has not."""
    assert json.loads(json.dumps(measures, allow_nan=False)) == measures


def test_page_shows_every_table_and_section(measures: dict[str, Any]) -> None:
    """The page names each table, and every section that measures has rows."""
    text = population_page(measures)

    for table in TABLES:
        assert f"| `{table}` |" in text
    for section in text.partition("\n## Limits")[0].split("\n## ")[1:]:
        assert section.count("\n| ") >= 3, section.splitlines()[0]


def test_page_is_short(measures: dict[str, Any]) -> None:
    """What a reader uses, on three screens: commands list every rule and every column."""
    assert population_page(measures).count("\n") <= 145


def test_page_holds_aggregates_only(measures: dict[str, Any]) -> None:
    """No id of an applicant or a loan is on the page."""
    assert not re.search(r"SK_ID_\w+`? \|", population_page(measures))


def test_page_tells_every_rule_that_is_broken(measures: dict[str, Any]) -> None:
    """Rules that are broken at all stand in the table with both shares; the others are counted."""
    text = population_page(measures)
    rows = re.findall(r"^\| ([A-Z]\d\d) \| .* \| (?:rule|pattern) \| [\d.]+ \| [\d.]+ \|$", text, re.MULTILINE)

    assert {"B04", "P08", "P10"} <= set(rows)
    assert f"the {len(rules()) - len(rows)} that fewer than 10% break" in " ".join(text.split())


def test_page_says_what_was_not_measured(measures: dict[str, Any]) -> None:
    """What is learned, models and full size are measured apart: a page without them says so."""
    text = population_page({name: measures[name] for name in ("population_coherence", "population_likeness")})

    assert text.count("Not measured in this run.") == 3


def test_page_of_nothing_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the likeness there is no page: one line says what to run, and nothing is written."""
    monkeypatch.setattr(population, "read_figures", dict)

    assert main(["population", "--out", str(tmp_path / "page.md")]) == 2
    assert "was not measured yet; run `make population" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_aim_names_the_tables_that_miss_it(measures: dict[str, Any]) -> None:
    """A table that gives the sample away is named where the aim is told."""
    found = measures["population_likeness"]
    tables = {name: found["tables"][name] | {"auc": 0.6} for name in TABLES}
    tables["bureau"]["auc"] = 0.9

    text = population_page(measures | {"population_likeness": found | {"tables": tables}})

    assert "is below 0.75: every table but `bureau` keeps it." in text


def test_models_find_on_the_sample_what_they_find_on_real_data() -> None:
    """Published: the application table alone is worth as much on both sides, histories add to it, nothing leaks."""
    found = PUBLISHED["population_models"]
    real, alone, whole = (
        found[side][tables]["lightgbm"]
        for side, tables in (("real", "application"), ("sample", "application"), ("sample", "all"))
    )

    assert alone["auc"]["low"] <= real["auc"]["high"], "the intervals of the AUC do not meet"
    assert 0.015 < whole["auc"]["value"] - alone["auc"]["value"] < 0.05
    assert whole["auc"]["value"] == pytest.approx(0.79, abs=0.01)
    # What real lenders report for the cost per application.
    assert all(0.48 <= one["cost"]["value"] <= 0.54 for one in (alone, whole))


@needs_real
def test_published_likeness_holds_on_a_small_draw(tmp_path: Path) -> None:
    """A small draw is told from the real sample about as well as the page says, table by table."""
    generate(load_profile(), Plan(8_000, seed=3), tmp_path, "parquet")
    published = PUBLISHED["population_likeness"]["tables"]

    for table in ("application_train", "bureau", "previous_application", "POS_CASH_balance", "credit_card_balance"):
        real, drawn = (pd.read_parquet(folder / f"{table}.parquet") for folder in (REAL_SAMPLE, tmp_path))
        assert tell_apart(real, drawn).auc < published[table]["auc"] + NOISE, table
