"""The page ``docs/population.md``: the sample population beside real tables, from its three measures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from commandline.markdown import table
from documents.pages import DOCS
from training.population.drawing.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

type Figures = Mapping[str, Any]

PAGE = DOCS / "population.md"
_COMMAND = "make population REAL=<folder of the real tables>"
# Rows of the whole data set, as its publisher gives them.
REAL_ROWS = {
    "application_train": 307_511,
    "application_test": 48_744,
    "bureau": 1_716_428,
    "bureau_balance": 27_299_925,
    "previous_application": 1_670_214,
    "POS_CASH_balance": 10_001_358,
    "installments_payments": 13_605_401,
    "credit_card_balance": 3_840_312,
}
AIM = 0.75
NO_PAIR = "–"
NOT_MEASURED = "Not measured in this run."


def population_page(measures: Mapping[str, Figures]) -> str:
    """Return the page.

    Raises
    ------
    ValueError
        When the likeness, which most of it is about, was not measured.
    """
    if "population_likeness" not in measures:
        raise ValueError(f"the likeness of the sample was not measured yet; run `{_COMMAND}`")
    likeness = measures["population_likeness"]
    told = [section(likeness) for section in _SECTIONS]
    told += [_models(measures.get("population_models", {})), _drawing(measures.get("population_drawing", {}))]
    return "\n\n".join(told) + "\n"


def _head(figures: Figures) -> str:
    n_real, n_sample = (figures[side]["application_train"] for side in ("n_real", "n_sample"))
    return f"""# The sample population beside the real data

<!-- Written by `{_COMMAND}`; do not edit. -->

The sample population is drawn from `training/population/drawing/profile.npz` ({figures["profile_bytes"] / 1e6:.2f} MB):
shares, quantiles and trees fitted to {n_real:,} real training and {figures["n_real"]["application_test"]:,} real test
applications, of which {figures["n_linked"]:,} have complete histories. This page compares a draw of {n_sample:,}
training applications (seed {figures["seed"]}) with the real sample. Every figure is an aggregate; `{_COMMAND}`
measures them again.

**No real row is in the profile.** Nothing is kept per applicant:

- a value is kept as such only where at least twenty rows share it, and in histories at least twenty applicants;
- other values are kept as intervals of at least twenty rows; the twenty lowest and highest rows are drawn together;
- a cell of a tree keeps shares and a grid of ranks, each point the mean of at least twenty rows around it, to one part
  in 2,047;
- trees of the risk and of the corrections keep one number per leaf of a hundred rows and more."""


def _telling_apart(figures: Figures) -> str:
    tables = figures["tables"]
    rows = [(f"`{name}`", f"{tables[name]['auc']:.3f}", _giveaways(tables[name]["giveaways"])) for name in TABLES]
    return f"""## Can a classifier tell them apart?

LightGBM sees up to 20,000 rows of each side. It learns to tell real from drawn on those of half of the applicants and
is judged on those of the other half: 0.5 is perfect, 1 is given away. Beside it, what it used most (share of its gain).

{table(("table", "AUC", "what gives the sample away"), rows)}

{_aim(tables)}

The real `installments_payments` are scattered single payments, not whole schedules: part of that AUC is how they were
picked."""


def _aim(tables: Mapping[str, Mapping[str, Any]]) -> str:
    """Say which tables are as near as was aimed at, and which are not."""
    above = [f"`{name}`" for name in TABLES if tables[name]["auc"] >= AIM]
    kept = "every table keeps" if not above else f"every table but {' and '.join(above)} keeps"
    return f"The aim, set for the application tables, is below {AIM}: {kept} it."


def _giveaways(found: Sequence[Figures]) -> str:
    return ", ".join(f"`{one['column']}` {one['share']:.0%}" for one in found)


def _columns(figures: Figures) -> str:
    parts = []
    for name, found in figures["tables"].items():
        columns = found["columns"]
        distances = sorted(c["distance"] for c in columns)
        rows = [
            (f"`{c['column']}`", f"{c['distance']:.3f}", f"{c['missing_real']:.3f}", f"{c['missing_sample']:.3f}")
            for c in columns
        ]
        summary = (
            f"{name}: {len(columns)} columns, median {distances[len(distances) // 2]:.3f}, largest {distances[-1]:.3f}"
        )
        listed = table(("column", "distance", "missing, real", "missing, sample"), rows)
        parts.append(f"<details><summary>{summary}</summary>\n\n{listed}\n\n</details>")
    return """## Columns one by one

Distance: largest difference of cumulative shares, missing counted as the lowest value (numbers), or half the sum of
differences of shares (categories). 0 is equal, 1 is nothing shared.

""" + "\n\n".join(parts)


def _missing(figures: Figures) -> str:
    rows = [_pair_row(row) for row in figures["missing"]["worst"]]
    return f"""## Missing together

Share of training applications that lack both columns of a pair; mean difference over all pairs
{figures["missing"]["mean"]:.4f}. The most different pairs:

{table(("first", "second", "real", "sample"), rows)}"""


def _pair_row(row: Mapping[str, Any]) -> tuple[str, ...]:
    return f"`{row['first']}`", f"`{row['second']}`", f"{row['real']:.3f}", f"{row['sample']:.3f}"


def _pairs(figures: Figures) -> str:
    rows = [
        (f"`{name}`", f"{one['n']:,}", _number(one["mean"]), _number(one["q95"]), _worst(one["worst"]))
        for name, one in figures["pairs"].items()
    ]
    return f"""## Columns two by two

Absolute difference of Spearman rank correlations over all pairs of numeric columns.

{table(("table", "pairs", "mean", "95 % below", "most different pair (real, sample)"), rows)}"""


def _number(value: float | None) -> str:
    return NO_PAIR if value is None else f"{value:.3f}"


def _worst(row: Figures | None) -> str:
    if row is None:
        return NO_PAIR
    return f"`{row['first']}` and `{row['second']}` ({row['real']:.2f}, {row['sample']:.2f})"


def _default_rates(figures: Figures) -> str:
    rates = figures["default_rates"]
    n_bands, mean = len(rates["bands"]), rates["mean"]
    rows = [
        (f"`{r['column']}`", r["band"], f"{r['real']:.3f} ± {r['half_width']:.3f}", f"{r['sample']:.3f}")
        for r in rates["bands"]
    ]
    return f"""## Default rate along the strong columns

Mean absolute difference over {n_bands} bands: {mean:.4f}. Bands are fifths of the real rows, from the lowest values
up, or categories; beside a real rate stands half the width of its 95 % interval.

{table(("column", "band", "real", "sample"), rows)}"""


def _records(figures: Figures) -> str:
    counted = ("mean", "none", "q25", "q50", "q75", "q95")
    rows = [
        (f"`{name}`", side, *(f"{one[figure]:.2f}" for figure in counted))
        for name, sides in figures["records"].items()
        for side, one in sides.items()
    ]
    return f"""## Records per applicant

Over the applicants with complete histories. `none`: share of applicants without a record.

{table(("table", "side", *counted), rows)}"""


def _shift(figures: Figures) -> str:
    shift = figures["shift"]
    rows = [(f"`{r['column']}`", f"{r['real']:.3f}", f"{r['sample']:.3f}") for r in shift["largest"]]
    return f"""## From training to test applications

Distance between training and test applications on each side; mean absolute difference over all {shift["n"]} columns
{shift["mean"]:.4f}. The columns that shift most in the real sets:

{table(("column", "real", "sample"), rows)}"""


_SECTIONS: tuple[Callable[[Figures], str], ...] = (
    _head,
    _telling_apart,
    _columns,
    _missing,
    _pairs,
    _default_rates,
    _records,
    _shift,
)


def _models(figures: Figures) -> str:
    if not figures:
        return f"## What models find\n\n{NOT_MEASURED}"
    rows = [
        (data, tables, model, f"{found['n']:,}", _interval(found["auc"]), _interval(found["cost"]))
        for data, by_tables in figures.items()
        for tables, by_model in by_tables.items()
        for model, found in by_model.items()
    ]
    return f"""## What models find

Three folds, out of fold, the same settings on both sides, over as many applications as the table says (the sample's are
a draw of their own); in brackets 95 % intervals; cost per application with a default granted at ten times a good
applicant declined. The true probabilities are the best that anybody could do on the sample.

{table(("data", "tables", "model", "applications", "AUC", "cost"), rows)}"""


def _interval(estimate: Mapping[str, float]) -> str:
    return f"{estimate['value']:.3f} ({estimate['low']:.3f}–{estimate['high']:.3f})"


def _drawing(figures: Figures) -> str:
    drawn = list(figures.values())
    if not drawn:
        return f"## At full size\n\n{NOT_MEASURED}"
    head = ("", "real", *(f"{d['multiple']}×" for d in drawn))
    rows = [
        ("minutes", "", *(f"{d['seconds'] / 60:.1f}" for d in drawn)),
        ("peak memory, GB", "", *(f"{d['peak_memory_mib'] * 2**20 / 1e9:.2f}" for d in drawn)),
        ("files, GB", "", *(f"{d['file_bytes'] / 1e9:.2f}" for d in drawn)),
        *((f"`{name}`", f"{REAL_ROWS[name]:,}", *(f"{d['rows'][name]:,}" for d in drawn)) for name in TABLES),
    ]
    return f"""## At full size

`python -m training sample` at multiples of the real size, each in a process of its own; rows per table beside those of
the real data.

{table(head, rows)}"""
