"""The text of docs/population.md, from its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.population.figures import REAL_ROWS
from metrics.intervals import NORMAL_QUANTILE
from training.population.drawing.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

type Figures = Mapping[str, Any]

_COMMAND = "make population REAL=<folder of the real tables>"
_SHIFTED = 15
AIM = 0.75


def page_text(figures: Figures) -> str:
    """Return the page."""
    sections = (_head, _telling_apart, _columns, _missing, _pairs, _default_rates, _records, _shift, _models, _drawing)
    return "\n\n".join(section(figures) for section in sections) + "\n"


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
    tables = figures["likeness"]["tables"]
    rows = [(f"`{table}`", f"{tables[table]['auc']:.3f}", _giveaways(tables[table]["giveaways"])) for table in TABLES]
    return f"""## Can a classifier tell them apart?

LightGBM sees up to 20,000 rows of each side. It learns to tell real from drawn on those of half of the applicants and
is judged on those of the other half: 0.5 is perfect, 1 is given away. Beside it, what it used most (share of its gain).

{_table(("table", "AUC", "what gives the sample away"), rows)}

{_aim(tables)}

The real `installments_payments` are scattered single payments, not whole schedules: part of that AUC is how they were
picked."""


def _aim(tables: Mapping[str, Mapping[str, Any]]) -> str:
    """Say which tables are as near as was aimed at, and which are not."""
    above = [f"`{table}`" for table in TABLES if tables[table]["auc"] >= AIM]
    kept = "every table keeps" if not above else f"every table but {' and '.join(above)} keeps"
    return f"The aim, set for the application tables, is below {AIM}: {kept} it."


def _giveaways(shares: Mapping[str, float]) -> str:
    return ", ".join(f"`{name}` {share:.0%}" for name, share in shares.items())


def _columns(figures: Figures) -> str:
    parts = []
    for table, found in figures["likeness"]["tables"].items():
        columns = found["columns"]
        distances = sorted(c["distance"] for c in columns)
        rows = [
            (f"`{c['column']}`", f"{c['distance']:.3f}", f"{c['missing_real']:.3f}", f"{c['missing_sample']:.3f}")
            for c in columns
        ]
        summary = (
            f"{table}: {len(columns)} columns, median {distances[len(distances) // 2]:.3f}, largest {distances[-1]:.3f}"
        )
        listed = _table(("column", "distance", "missing, real", "missing, sample"), rows)
        parts.append(f"<details><summary>{summary}</summary>\n\n{listed}\n\n</details>")
    return """## Columns one by one

Distance: largest difference of cumulative shares, missing counted as the lowest value (numbers), or half the sum of
differences of shares (categories). 0 is equal, 1 is nothing shared.

""" + "\n\n".join(parts)


def _missing(figures: Figures) -> str:
    rows = [_pair_row(row) for row in figures["likeness"]["missing"]]
    return f"""## Missing together

Share of training applications that lack both columns of a pair; mean difference over all pairs
{figures["likeness"]["missing_mean"]:.4f}. The most different pairs:

{_table(("first", "second", "real", "sample"), rows)}"""


def _pair_row(row: Mapping[str, Any]) -> tuple[str, ...]:
    return f"`{row['first']}`", f"`{row['second']}`", f"{row['real']:.3f}", f"{row['sample']:.3f}"


def _pairs(figures: Figures) -> str:
    pairs = figures["likeness"]["pairs"]
    rows = [
        (f"`{table}`", f"{one['n']:,}", _number(one["mean"]), _number(one["q95"]), _worst(one["worst"]))
        for table, one in pairs.items()
    ]
    return f"""## Columns two by two

Absolute difference of Spearman rank correlations over all pairs of numeric columns.

{_table(("table", "pairs", "mean", "95 % below", "most different pair (real, sample)"), rows)}"""


def _number(value: float) -> str:
    return "–" if value != value else f"{value:.3f}"  # noqa: PLR0124 - NaN: a table without pairs


def _worst(worst: Sequence[Mapping[str, Any]]) -> str:
    if not worst:
        return "–"
    row = worst[0]
    return f"`{row['first']}` and `{row['second']}` ({row['real']:.2f}, {row['sample']:.2f})"


def _default_rates(figures: Figures) -> str:
    rates = figures["likeness"]["default_rates"]
    rows = [
        (f"`{r['column']}`", r["band"], f"{r['real']:.3f} ± {NORMAL_QUANTILE * r['error']:.3f}", f"{r['sample']:.3f}")
        for r in rates
    ]
    mean = sum(abs(r["real"] - r["sample"]) for r in rates) / len(rates)
    return f"""## Default rate along the strong columns

Mean absolute difference over {len(rates)} bands: {mean:.4f}. Bands are fifths of the real rows, from the lowest values
up, or categories; beside a real rate stands half the width of its 95 % interval.

{_table(("column", "band", "real", "sample"), rows)}"""


def _records(figures: Figures) -> str:
    names = ("mean", "none", "q25", "q50", "q75", "q95")
    rows = [
        (f"`{table}`", side, *(f"{one[name]:.2f}" for name in names))
        for table, sides in figures["likeness"]["records"].items()
        for side, one in zip(("real", "sample"), sides, strict=True)
    ]
    return f"""## Records per applicant

Over the applicants with complete histories. `none`: share of applicants without a record.

{_table(("table", "side", *names), rows)}"""


def _shift(figures: Figures) -> str:
    shift = figures["likeness"]["shift"]
    rows = [(f"`{r['column']}`", f"{r['real']:.3f}", f"{r['sample']:.3f}") for r in shift[:_SHIFTED]]
    mean = sum(abs(r["real"] - r["sample"]) for r in shift) / len(shift)
    return f"""## From training to test applications

Distance between training and test applications on each side; mean absolute difference over all {len(shift)} columns
{mean:.4f}. The columns that shift most in the real sets:

{_table(("column", "real", "sample"), rows)}"""


def _models(figures: Figures) -> str:
    if not figures["models"]:
        return "## What models find\n\nNot measured in this run."
    rows = [
        (m["data"], m["tables"], m["model"], f"{m['n']:,}", _interval(m["auc"]), _interval(m["cost"]))
        for m in figures["models"]
    ]
    return f"""## What models find

Three folds, out of fold, the same settings on both sides, over as many applications as the table says (the sample's are
a draw of their own); in brackets 95 % intervals; cost per application with a default granted at ten times a good
applicant declined. The true probabilities are the best that anybody could do on the sample.

{_table(("data", "tables", "model", "applications", "AUC", "cost"), rows)}"""


def _interval(estimate: Mapping[str, float]) -> str:
    return f"{estimate['value']:.3f} ({estimate['low']:.3f}–{estimate['high']:.3f})"


def _drawing(figures: Figures) -> str:
    drawn = figures["drawing"]
    if not drawn:
        return "## At full size\n\nNot measured in this run."
    head = ("", "real", *(f"{d['multiple']}×" for d in drawn))
    rows = [
        ("minutes", "", *(f"{d['seconds'] / 60:.1f}" for d in drawn)),
        ("peak memory, GB", "", *(f"{d['peak_bytes'] / 1e9:.2f}" for d in drawn)),
        ("files, GB", "", *(f"{d['bytes'] / 1e9:.2f}" for d in drawn)),
        *((f"`{table}`", f"{REAL_ROWS[table]:,}", *(f"{d['rows'][table]:,}" for d in drawn)) for table in TABLES),
    ]
    return f"""## At full size

`python -m training sample` at multiples of the real size, each in a process of its own; rows per table beside those of
the real data.

{_table(head, rows)}"""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
