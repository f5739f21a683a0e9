"""The page ``docs/population.md``: the sample population beside real tables, from its three measures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from commandline.markdown import table
from documents.pages import DOCS
from training.population.drawing.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

type Figures = Mapping[str, Any]

PAGE = DOCS / "population.md"
_COMMAND = "make population REAL=<folder of the real tables>"
AIM = 0.75
# Rows of all tables of the whole data set, as its publisher gives them.
REAL_ROWS = 58_489_893
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
    models, drawing = (measures.get(f"population_{name}", {}) for name in ("models", "drawing"))
    sections = (_head(likeness), _nearness(likeness), _together(likeness), _models(models), _drawing(drawing), LIMITS)
    return "\n\n".join((*sections, COMMANDS)) + "\n"


def _head(figures: Figures) -> str:
    n_real, n_sample = (figures[side]["application_train"] for side in ("n_real", "n_sample"))
    return f"""# The sample population beside the real data

<!-- Written by `{_COMMAND}`; do not edit. -->

The sample population is drawn from `training/population/drawing/profile.npz` ({figures["profile_bytes"] / 1e6:.2f} MB):
shares, quantiles and trees fitted to {n_real:,} real training and {figures["n_real"]["application_test"]:,} real test
applications, of which {figures["n_linked"]:,} have complete histories. This page compares a draw of {n_sample:,}
training applications (seed {figures["seed"]}) with the real sample; every figure is an aggregate.

**No real row is in the profile.** A value is kept as such only where at least twenty rows (in histories: applicants)
share it; every other figure is of twenty rows and more, in trees of the risk and of the corrections of a hundred."""


def _nearness(figures: Figures) -> str:
    tables = figures["tables"]
    rows = [
        (
            f"`{name}`",
            f"{tables[name]['auc']:.3f}",
            _giveaways(tables[name]["giveaways"]),
            *(f"{tables[name]['columns'][which]:.3f}" for which in ("median", "largest")),
            _correlation(figures["pairs"].get(name)),
        )
        for name in TABLES
    ]
    head = ("table", "AUC", "gives the sample away", "columns: median", "columns: largest", "correlations: mean")
    return f"""## How near each table is

{table(head, rows)}

{_aim(tables)}

- *AUC*: how well LightGBM tells real from drawn rows of applicants it has not met; 0.5 is perfect, 1 is given away.
  Beside it, the columns it used most (share of its gain).
- *Columns*: largest difference of cumulative shares, missing counted as the lowest value (numbers), or half the sum of
  differences of shares (categories), of the middle and of the farthest column; 0 is equal, 1 is nothing shared.
- *Correlations*: difference of Spearman's rank correlation, over all pairs of numeric columns."""


def _aim(tables: Mapping[str, Figures]) -> str:
    """Say which tables are as near as was aimed at, and which are not."""
    above = [f"`{name}`" for name in TABLES if tables[name]["auc"] >= AIM]
    kept = "every table keeps" if not above else f"every table but {' and '.join(above)} keeps"
    return f"The aim, set for the application tables, is below {AIM}: {kept} it."


def _giveaways(found: Sequence[Figures]) -> str:
    return ", ".join(f"`{one['column']}` {one['share']:.0%}" for one in found)


def _correlation(pairs: Figures | None) -> str:
    return NO_PAIR if pairs is None or pairs["mean"] is None else f"{pairs['mean']:.3f}"


def _together(figures: Figures) -> str:
    rates, missing, shift = figures["default_rates"], figures["missing"], figures["shift"]
    band, pair, moved = rates["farthest"], missing["farthest"], shift["largest"]
    strong, column = f"`{band['column']}` {band['band']}", f"`{moved['column']}`"
    both = f"`{pair['first']}` and `{pair['second']}`"
    rows = [
        (f"default rate, {rates['n']} bands of strong columns", _mean(rates), _example(strong, band)),
        ("share that lacks both columns of a pair", _mean(missing), _example(both, pair)),
        (f"distance from training to test, {shift['n']} columns", _mean(shift), _example(column, moved)),
    ]
    records = [
        (f"`{name}`", *(f"{sides[side][which]:.2f}" for which in ("mean", "none") for side in ("real", "sample")))
        for name, sides in figures["records"].items()
    ]
    counted = ("table", "records, real", "records, sample", "without, real", "without, sample")
    return f"""## What goes together

The mean difference, and the case that is farthest apart (of the distances: the largest in the real sets).

{table(("what is compared", "mean difference", "for example (real, sample)"), rows)}

Records per applicant with a complete history, and the share of applicants without any:

{table(counted, records)}"""


def _mean(found: Figures) -> str:
    return f"{found['mean']:.4f}"


def _example(name: str, row: Figures) -> str:
    return f"{name} ({row['real']:.3f}, {row['sample']:.3f})"


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
    if not figures:
        return f"## At full size\n\n{NOT_MEASURED}"
    rows = [
        (
            f"{drawn['multiple']}×",
            f"{sum(drawn['rows'].values()):,}",
            f"{drawn['seconds'] / 60:.1f}",
            f"{drawn['peak_memory_mib'] * 2**20 / 1e9:.2f}",
            f"{drawn['file_bytes'] / 1e9:.2f}",
        )
        for drawn in figures.values()
    ]
    return f"""## At full size

`python -m training sample` at multiples of the real size ({REAL_ROWS:,} rows of all tables), each in a process of its
own.

{table(("size", "rows", "minutes", "peak memory, GB", "files, GB"), rows)}"""


LIMITS = """## Limits

- The sample shows the system and its methods; a model learned from it says nothing about real credits.
- A table that misses the aim is a rough likeness: the columns named beside its AUC, and how they go together, are not
  those of real rows.
- The real `installments_payments` are scattered single payments, not whole schedules: part of that AUC is how they were
  picked.
- What histories add is set, not fitted: three traits of an applicant show in them alone, with weights that give a
  model what histories are known to give on real data."""

COMMANDS = f"""## Commands

- `python -m training sample --applications 15000 --seed 0 --out DIR --format parquet` draws the tables.
- `python -m benchmarks.population.likeness --real FOLDER --sample DIR --table bureau` lists every column of a table.
- `{_COMMAND}` measures everything again and writes this page;
  `make pages` writes it anew from `reports/bench.json`."""
