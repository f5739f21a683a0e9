"""The page on the likeness of the sample: what it is made of, and that its figures hold."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from benchmarks.population.figures import likeness_figures, linked_applicants, read_tables
from benchmarks.population.likeness import tell_apart
from documents.commands.population import multiples
from documents.reference import population
from documents.reference.population import PAGE
from documents.reference.population_text import page_text
from training.population.drawing.generate import Plan, generate
from training.population.drawing.profile import PROFILE_PATH, load_profile
from training.population.drawing.tables import TABLES

if TYPE_CHECKING:
    from typing import Any

_BESIDE = Path(__file__).parents[5] / "shared" / "home-credit"
REAL = Path(os.environ.get("HOME_CREDIT_SAMPLE", _BESIDE))
needs_real = pytest.mark.skipif(not REAL.exists(), reason="the real sample is not on this machine")
# A small draw judged by a classifier moves the AUC by about this.
NOISE = 0.04


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the figures of one draw beside another, as if it were real."""
    folders = [tmp_path_factory.mktemp(name) for name in ("first", "second")]
    for seed, folder in enumerate(folders):
        generate(load_profile(), Plan(1_500, seed), folder, "parquet")
    sides = [read_tables(folder) for folder in folders]
    rows = [{table: len(side[table]) for table in TABLES} for side in sides]
    estimate = {"value": 0.7, "low": 0.6, "high": 0.8}
    model = {"data": "sample", "tables": "all", "model": "m", "n": 1, "auc": estimate, "cost": estimate}
    drawn = {"multiple": 1, "seconds": 60.0, "peak_bytes": 10**9, "bytes": 10**9, "rows": rows[0]}
    return {
        "n_real": rows[0],
        "n_sample": rows[1],
        "n_linked": len(linked_applicants(sides[0])),
        "profile_bytes": PROFILE_PATH.stat().st_size,
        "seed": 1,
        "likeness": likeness_figures(*sides),
        "models": [model],
        "drawing": [drawn],
    }


def published_auc() -> dict[str, float]:
    """Return the classifier's AUC per table that the committed page shows."""
    section = PAGE.read_text(encoding="utf-8").split("## Columns one by one")[0]
    return {table: float(auc) for table, auc in re.findall(r"^\| `(\w+)` \| (0\.\d+) \|", section, re.MULTILINE)}


def test_two_draws_are_alike(figures: dict[str, Any]) -> None:
    """Draws from one profile are told apart by nothing: the measure itself finds no difference where there is none."""
    for table in ("application_train", "bureau", "credit_card_balance"):
        assert abs(figures["likeness"]["tables"][table]["auc"] - 0.5) < 0.08, table


def test_page_shows_every_table_and_section(figures: dict[str, Any]) -> None:
    """The page names each table, and every section has rows."""
    text = page_text(figures)

    for table in TABLES:
        assert f"| `{table}` |" in text
    for section in text.split("\n## ")[1:]:
        assert section.count("\n| ") >= 3, section.splitlines()[0]


def test_page_holds_aggregates_only(figures: dict[str, Any]) -> None:
    """No id of an applicant or a loan is on the population."""
    assert not re.search(r"SK_ID_\w+`? \|", page_text(figures))


def test_sections_of_the_committed_page_are_those_of_the_code(figures: dict[str, Any]) -> None:
    """The committed page was written by the present code."""
    titles = [re.findall(r"^## .*", text, re.MULTILINE) for text in (page_text(figures), PAGE.read_text("utf-8"))]

    assert titles[0] == titles[1]
    assert set(published_auc()) == set(TABLES)


def test_prose_of_the_committed_page_is_that_of_the_code(figures: dict[str, Any]) -> None:
    """Figures aside, the committed page says what the present code would: ``--steps none`` writes it anew."""
    written, committed = (_prose(text) for text in (page_text(figures), PAGE.read_text("utf-8")))

    assert written == committed


def _prose(text: str) -> list[str]:
    """Return the lines of a page without its tables, the sentence that names tables, and its figures."""
    lines = [line for line in text.splitlines() if not line.startswith(("|", "The aim"))]
    return [re.sub(r"\d[\d,.]*", "0", line) for line in lines]


def test_page_is_written_anew_from_kept_figures(
    figures: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change of wording needs no measurement: neither the real tables nor a draw."""
    monkeypatch.setattr(population, "FIGURES", tmp_path / "population.json")
    (tmp_path / "population.json").write_text(json.dumps(figures), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["page", "--steps", "none", "--out", str(tmp_path / "page.md")])

    assert population.main() == 0
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == page_text(figures)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "--real is needed to measure likeness"),
        (["--steps", "none"], "population.json is not there; measure first"),
    ],
)
def test_page_without_what_it_needs_is_refused(
    given: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without real tables nothing is measured, without figures nothing is written."""
    monkeypatch.setattr(population, "FIGURES", tmp_path / "population.json")
    monkeypatch.setattr("sys.argv", ["page", *given])

    with pytest.raises(SystemExit, match="2"):
        population.main()
    assert said in capsys.readouterr().err


def test_aim_names_the_tables_that_miss_it(figures: dict[str, Any]) -> None:
    """A table that gives the sample away is named where the aim is told."""
    tables = {name: figures["likeness"]["tables"][name] | {"auc": 0.6} for name in TABLES}
    tables["bureau"]["auc"] = 0.9
    figures = figures | {"likeness": figures["likeness"] | {"tables": tables}}

    assert "is below 0.75: every table but `bureau` keeps it." in page_text(figures)


@pytest.mark.parametrize(("text", "expected"), [("1,2", (1, 2)), ("", ())])
def test_multiples_are_whole_numbers(text: str, expected: tuple[int, ...]) -> None:
    """Sizes to measure are a list of multiples of the real size."""
    assert expected == multiples(text)


def published_models() -> dict[tuple[str, str], list[tuple[float, float, float]]]:
    """Return AUC and cost of LightGBM by data and tables on the committed population, each with its interval."""
    rows = re.findall(
        r"^\| (\w+) \| (\w+) \| lightgbm \|[^|]*\|(.*)\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    interval = re.compile(r"([\d.]+) \(([\d.]+)–([\d.]+)\)")
    return {
        (data, tables): [(float(value), float(low), float(high)) for value, low, high in interval.findall(figures)]
        for data, tables, figures in rows
    }


def test_models_find_on_the_sample_what_they_find_on_real_data() -> None:
    """Published: the application table alone is worth as much on both sides, histories add to it, nothing leaks."""
    found = published_models()
    (real, _), (alone, alone_cost), (whole, whole_cost) = (
        found[name] for name in (("real", "application"), ("sample", "application"), ("sample", "all"))
    )

    assert alone[1] <= real[2], "the intervals of the AUC on real and drawn applications do not meet"
    assert 0.015 < whole[0] - alone[0] < 0.05
    assert whole[0] == pytest.approx(0.79, abs=0.01)
    # What real lenders report for the cost per application.
    assert all(0.48 <= cost[0] <= 0.54 for cost in (alone_cost, whole_cost))


@needs_real
def test_published_likeness_holds_on_a_small_draw(tmp_path: Path) -> None:
    """A small draw is told from the real sample about as well as the page says, table by table."""
    generate(load_profile(), Plan(8_000, seed=3), tmp_path, "parquet")
    published = published_auc()

    for table in ("application_train", "bureau", "previous_application", "POS_CASH_balance", "credit_card_balance"):
        real, drawn = (pd.read_parquet(folder / f"{table}.parquet") for folder in (REAL, tmp_path))
        assert tell_apart(real, drawn).auc < published[table] + NOISE, table
