"""The exploration report: whole, self-contained, in French, and true to the data it was made from."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pandas as pd
import pytest

from training.__main__ import main
from training.eda import facts
from training.eda import page as page_of
from training.features import build_features
from training.population.drawing.generate import Plan, generate
from training.population.drawing.profile import load_profile
from training.sources import load_sources
from training.wording import say_decimal

if TYPE_CHECKING:
    from training.features import FeatureTable

CHROMIUM = Path("/usr/bin/chromium")
# Attributes through which a page fetches something.
# An anchor of the page, or a picture written out in it.
INSIDE = ("#", "data:image/")
LOADING = {"src", "href", "xlink:href", "data", "poster", "action", "srcset"}


class Loads(HTMLParser):
    """Collects what a page would fetch, and its headings."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag and the addresses of its attributes, those within the page aside."""
        self.tags.append(tag)
        self.fetched += [value for name, value in attrs if name in LOADING and value and not value.startswith(INSIDE)]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a sample population."""
    folder = tmp_path_factory.mktemp("sample")
    generate(load_profile(), Plan(1_500, 0), folder, "parquet")
    return folder


@pytest.fixture(scope="module")
def table(data: Path, tmp_path_factory: pytest.TempPathFactory) -> FeatureTable:
    """Return its features."""
    return build_features(load_sources(data), tmp_path_factory.mktemp("features"))


@pytest.fixture(scope="module")
def page(data: Path, table: FeatureTable, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the page that the command writes."""
    out = tmp_path_factory.mktemp("eda") / "eda.html"
    assert main(["eda", "--data", str(data), "--out", str(out), "--cache", str(table.path.parent)]) == 0
    return out.read_text(encoding="utf-8")


def test_page_fetches_nothing(page: str) -> None:
    """Opened without a network the page is whole: no address outside of it, no script, no style sheet."""
    loads = Loads()
    loads.feed(page)

    assert loads.fetched == []
    assert {"script", "link", "iframe", "img"}.isdisjoint(loads.tags)
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)


@pytest.mark.e2e
@pytest.mark.skipif(not CHROMIUM.is_file(), reason=f"no browser at {CHROMIUM}: apt-get install chromium")
@pytest.mark.parametrize("width", [1280, 390])
def test_page_opens_offline_and_fits_its_window(page: str, tmp_path: Path, width: int) -> None:
    """A real browser without a network draws every plot; on a phone, too, only tables scroll sideways."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  only where there is a browser

    (tmp_path / "eda.html").write_text(page, encoding="utf-8")
    failures: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        shown = browser.new_context(offline=True, viewport={"width": width, "height": 900}).new_page()
        shown.on("pageerror", lambda error: failures.append(str(error)))
        shown.on("requestfailed", lambda request: failures.append(request.url))
        shown.goto((tmp_path / "eda.html").as_uri())
        plots = shown.locator("svg").evaluate_all("all => all.map(one => one.getBoundingClientRect().width)")
        overflow = shown.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        browser.close()

    assert failures == []
    assert len(plots) == page.count("<svg")
    assert all(0 < one <= width for one in plots)
    assert overflow <= 0


def test_history_without_rows_is_shown_without_figures(data: Path, tmp_path: Path) -> None:
    """A history kept by name, though nobody has a row in it, has dashes where figures would be."""
    for path in data.glob("*.parquet"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    pd.read_parquet(data / "bureau.parquet").head(0).to_parquet(tmp_path / "bureau.parquet")
    out = tmp_path / "eda.html"

    assert (
        main(["eda", "--data", str(tmp_path), "--out", str(out), "--tables", "bureau", "--cache", str(tmp_path)]) == 0
    )
    row = re.search(r"<tr><td[^>]*>bureau</td>(<td[^>]*>–</td>){5}", out.read_text(encoding="utf-8"))
    assert row is not None


def test_page_has_every_section_and_its_drawings(page: str) -> None:
    """Tables, missing values, target, anomalies, train against test and histories are there, in French, drawn."""
    headings = re.findall(r'<h2 id="s\d">(.*?)</h2>', page)

    assert headings == [
        "Tables et clés",
        "Valeurs manquantes",
        "Défaut selon les variables fortes",
        "Anomalies",
        "Train et test",
        "Historiques",
    ]
    assert '<html lang="fr">' in page
    assert page.count("<svg") >= 20


def test_rates_are_those_of_the_data(table: FeatureTable) -> None:
    """The rate of a category and of all tenths together is what pandas says of the applications."""
    rows = pd.read_parquet(table.path, columns=["TARGET", "NAME_CONTRACT_TYPE", "AMT_CREDIT"]).dropna(subset="TARGET")
    by_type = facts.default_rates(table, "NAME_CONTRACT_TYPE")
    tenths = facts.default_rates(table, "AMT_CREDIT")

    expected = rows.groupby("NAME_CONTRACT_TYPE")["TARGET"].mean()
    assert by_type["mean"].to_dict() == pytest.approx(expected.to_dict())
    assert tenths["size"].sum() == len(rows)
    assert (tenths["mean"] * tenths["size"]).sum() == pytest.approx(rows["TARGET"].sum())


def test_group_without_a_default_has_an_interval(table: FeatureTable, tmp_path: Path) -> None:
    """Nobody defaulted among a hundred: the rate may still be a few per cent, and is never below zero."""
    path = tmp_path / "some.parquet"
    rows = pd.DataFrame({"TARGET": [0.0] * 100 + [0.0, 1.0] * 50, "NAME_CONTRACT_TYPE": ["a"] * 100 + ["b"] * 100})
    rows.assign(POPULATION="train").to_parquet(path)
    rates = facts.default_rates(type(table)(path, "0", tuple(rows.columns), 200, ()), "NAME_CONTRACT_TYPE")

    # Wilson (1927) by hand: 1.96² / (100 + 1.96²), and the usual 0.404 to 0.596 for half of a hundred.
    assert rates.loc["a", ["low", "high"]].tolist() == pytest.approx([0.0, 0.037], abs=5e-4)
    assert rates.loc["b", ["low", "high"]].tolist() == pytest.approx([0.404, 0.596], abs=5e-4)


def test_strongest_numbers_are_found_in_the_data(table: FeatureTable, page: str, tmp_path: Path) -> None:
    """The page names the numbers that separate best here: on data with another strong number, it names that one."""
    names = page_of.STRONG[0]
    found = facts.separation(table, names)
    rows = pd.read_parquet(table.path)
    path = tmp_path / "turned.parquet"
    rows.assign(AMT_CREDIT=-rows["TARGET"].fillna(0), EXT_SOURCE_2=1.0).to_parquet(path)
    turned = facts.separation(type(table)(path, "0", tuple(rows.columns), len(rows), ()), names)

    assert found.between(0.5, 1).all()
    assert f"{page_of.label_of(str(found.idxmax()))} ({say_decimal(found.max(), 3)})" in page
    assert (turned["AMT_CREDIT"], turned["EXT_SOURCE_2"]) == (1, 0.5)


def test_rows_of_people_who_did_not_apply_are_not_counted(data: Path, table: FeatureTable, tmp_path: Path) -> None:
    """Records are counted per applicant: without the test applications, their records are nobody's."""
    for path in data.glob("*.parquet"):
        if path.stem != "application_test":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    rows = pd.read_parquet(table.path, columns=["POPULATION", "BUREAU_CREDITS_COUNT"])
    with load_sources(tmp_path).connect() as database:
        counted = {name: facts.records_per_applicant(database, name) for name in ("bureau", "bureau_balance")}

    assert (
        counted["bureau"]["demandeurs"] == ((rows["POPULATION"] == "train") & (rows["BUREAU_CREDITS_COUNT"] > 0)).sum()
    )
    assert counted["bureau_balance"]["demandeurs"] < counted["bureau"]["demandeurs"]


def test_same_population_does_not_shift(table: FeatureTable, tmp_path: Path) -> None:
    """A test set that is the train set has a stability index of zero everywhere."""
    rows = pd.read_parquet(table.path)
    train = rows[rows["POPULATION"] == "train"]
    path = tmp_path / "twice.parquet"
    pd.concat([train, train.assign(POPULATION="test")]).to_parquet(path)
    twice = type(table)(path, "0", tuple(rows.columns), 2 * len(train), ())

    assert facts.shifts(twice)["psi"].abs().max() == pytest.approx(0, abs=1e-12)


def test_a_flag_that_becomes_common_shifts(table: FeatureTable, tmp_path: Path) -> None:
    """The two values of a flag are two bins, however rare one of them is in train."""
    rows = pd.read_parquet(table.path).assign(FLAG_EMAIL=0.0)
    train = rows[rows["POPULATION"] == "train"]
    rare = train.assign(FLAG_EMAIL=[1.0] * 20 + [0.0] * (len(train) - 20))
    path = tmp_path / "flags.parquet"
    pd.concat([rare, train.assign(FLAG_EMAIL=1.0, POPULATION="test")]).to_parquet(path)
    flags = type(table)(path, "0", tuple(rows.columns), 2 * len(train), ())

    assert facts.shifts(flags)["psi"].idxmax() == "FLAG_EMAIL"


def test_table_that_is_left_out_keeps_its_key(data: Path, tmp_path: Path) -> None:
    """A history left out with its parent is still shown with what it hangs on, and as not used."""
    kept = "SELECT * FROM '{}' WHERE SK_ID_CURR = (SELECT min(SK_ID_CURR) FROM '{}')"
    for path in data.glob("*.parquet"):
        few = path.stem == "bureau"
        query = kept.format(path, path) if few else f"SELECT * FROM '{path}'"  # noqa: S608  the test's own files
        duckdb.execute(f"COPY ({query}) TO '{tmp_path / path.name}' (FORMAT parquet)")
    found = facts.table_facts(load_sources(tmp_path).manifest).set_index("table")

    assert found.loc["bureau_balance", ["clé", "rattachée à", "retenue"]].tolist() == [
        "aucune",
        "bureau par SK_ID_BUREAU",
        "non",
    ]


def test_page_without_histories_says_so(data: Path, tmp_path: Path) -> None:
    """The application table alone is enough for a report."""
    for name in ("application_train", "application_test"):
        (tmp_path / f"{name}.parquet").write_bytes((data / f"{name}.parquet").read_bytes())
    out = tmp_path / "eda.html"
    main(["eda", "--data", str(tmp_path), "--out", str(out), "--cache", str(tmp_path / "cache")])

    assert "Aucun historique n’est retenu" in out.read_text(encoding="utf-8")
