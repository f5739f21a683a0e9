"""The page ``docs/population.md``: the sample population beside real tables, from its measures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.population.coherence.rules import Rate, broken, real_rates, rules
from commandline.markdown import table
from documents.pages import DOCS
from training.bundle.demo_people import RECIPES
from training.population.drawing.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

type Figures = Mapping[str, Any]

PAGE = DOCS / "population.md"
_COMMAND = "make population REAL=<folder of the real tables>"
AIM = 0.75
# Rows of all tables of the whole data set, as its publisher gives them.
REAL_ROWS = 58_489_893
NOT_MEASURED = "Not measured in this run."


def population_page(measures: Mapping[str, Figures]) -> str:
    """Return the page.

    Raises
    ------
    ValueError
        When the rules or the likeness, which most of it is about, were not measured.
    """
    missing = {"population_coherence", "population_likeness"} - set(measures)
    if missing:
        raise ValueError(f"{' and '.join(sorted(missing))} was not measured yet; run `{_COMMAND}`")
    likeness = measures["population_likeness"]
    transfer, models, drawing = (measures.get(f"population_{name}", {}) for name in ("transfer", "models", "drawing"))
    sections = (
        _head(likeness),
        _rules(measures["population_coherence"]),
        _nearness(likeness),
        _joined(likeness.get("joined", {})),
        _transfer(transfer),
        _models(models),
        _drawing(drawing),
        _people(),
        LIMITS,
        COMMANDS,
    )
    return "\n\n".join(sections) + "\n"


def _head(figures: Figures) -> str:
    n_real, n_sample = (figures[side]["application_train"] for side in ("n_real", "n_sample"))
    return f"""# The sample population beside the real data

<!-- Written by `{_COMMAND}`; do not edit. -->

The sample population is drawn from `training/population/drawing/profile.npz` ({figures["profile_bytes"] / 1e6:.2f} MB):
shares, quantiles, trees and a price list fitted to {n_real:,} real training and
{figures["n_real"]["application_test"]:,} real test applications, of which {figures["n_linked"]:,} have complete
histories. A credit is drawn as one story: its kind, tariff and dates, then what became of it, then its months and
payments, from which its amounts follow. This page compares a draw of {n_sample:,} training applications
(seed {figures["seed"]}) with the real sample.

**No real row is in the profile.** A value is kept as such only where at least twenty rows (in histories: applicants)
share it; every other figure is of twenty rows and more, in trees of the risk and of the corrections of a hundred."""


# Of the rules that nearly nobody breaks on either side only the number is told.
_WORTH_TELLING = 0.1


def _rules(figures: Figures) -> str:
    """Return the rules that are broken at all, and how many are kept by everybody."""
    real = real_rates()
    drawn = {code: Rate(*counts) for code, counts in figures["rules"].items()}
    told = [one for one in rules() if max(real[one.code].share, drawn[one.code].share) >= _WORTH_TELLING]
    rows = [
        (one.code, one.says, one.kind, *(f"{100 * side[one.code].share:.1f}" for side in (real, drawn))) for one in told
    ]
    n_out = len(broken(drawn))
    kept = "All are kept" if not n_out else f"{n_out} of them are not kept"
    return f"""## Whether histories hold together

{len(rules())} rules over and between the seven tables, in SQL, one line each:
[`rules.csv`](../benchmarks/population/coherence/rules.csv). A rule is kept when drawn rows break it at most half a
point or a quarter more often than real ones, a pattern when it is at least half as common. {kept}. In % of the rows
that a rule asks; the {len(rules()) - len(told)} that fewer than {_WORTH_TELLING:.0%} break on either side are left
out here.

{table(("", "rule or pattern", "", "real", "sample"), rows)}"""


def _nearness(figures: Figures) -> str:
    tables = figures["tables"]
    rows = [(f"`{name}`", *_told(tables[name])) for name in TABLES]
    return f"""## How near each table is

{table(("table", "AUC", "gives the sample away"), rows)}

{_aim(tables)} *AUC*: how well LightGBM tells real from drawn rows of applicants it has not met; 0.5 is perfect, 1 is
given away. Beside it, the columns it used most (share of its gain)."""


def _joined(figures: Figures) -> str:
    """Return what tells applicants apart by all their tables at once, and credits by their months."""
    if not figures:
        return f"## All tables at once\n\n{NOT_MEASURED}"
    rows = [(f"features of `{name}`", *_told(one)) for name, one in figures["tables"].items()]
    rows.append(("all features", *_told(figures["all"])))
    rows += [(f"twelve months of `{name}`", *_told(one)) for name, one in figures["months"].items()]
    n_real, n_drawn = figures["n"]
    return f"""## All tables at once

The same question of {n_real:,} real applicants with complete histories and {n_drawn:,} drawn ones, asked of the
{figures["n_features"]} features that training makes of their tables, and of the last twelve months of each credit side
by side. Payments are left out: the real sample has single ones.

{table(("", "AUC", "gives the sample away"), rows)}"""


def _told(found: Figures) -> tuple[str, str]:
    return f"{found['auc']:.3f}", _giveaways(found["giveaways"])


def _aim(tables: Mapping[str, Figures]) -> str:
    """Say which tables are as near as was aimed at, and which are not."""
    above = [f"`{name}`" for name in TABLES if tables[name]["auc"] >= AIM]
    kept = "every table keeps" if not above else f"every table but {' and '.join(above)} keeps"
    return f"The aim is below {AIM}: {kept} it."


def _giveaways(found: Sequence[Figures]) -> str:
    return ", ".join(f"`{one['column']}` {one['share']:.0%}" for one in found)


def _transfer(figures: Figures) -> str:
    """Return what a model that was learned from drawn applications is worth on real ones."""
    if not figures:
        return f"## Learned here, judged there\n\n{NOT_MEASURED}"
    sides = (("real", "real"), ("sample", "real"), ("sample", "sample"))
    rows = [
        (learned, judged, *(f"{figures[name][which]:.3f}" for which in ("auc", "cost")))
        for (learned, judged), name in zip(sides, ("real", "carried", "drawn"), strict=True)
    ]
    strongest = figures["strongest"]
    groups = [(name, f"{found['real']:.2f}", f"{found['sample']:.2f}") for name, found in figures["acceptance"].items()]
    return f"""## Learned here, judged there

LightGBM on the application table alone, {figures["n"]:,} applications, out of fold where both are one:

{table(("learned from", "judged on", "AUC", "cost"), rows)}

The {strongest["n"]} strongest inputs of the real model have the rank correlation
{strongest["rank_correlation"]:.2f} with their strength in the other. Lowest acceptance of a group over the highest:

{table(("", "real", "sample"), groups)}"""


def _people() -> str:
    """Return the recipes by which the people that are shown are chosen."""
    recipes = "; ".join(f"`{recipe.name}` ({recipe.says})" for recipe in RECIPES)
    return f"""## The people that are shown

The golden dossiers of a bundle hold seven applicants of a draw of their own, each chosen by a recipe; page, README and
`make demo` show them.

{table(("recipes",), [(recipes,)])}"""


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
- `python -m benchmarks.population.coherence --data DIR` tells every rule; with `--keep` and the real tables it writes
  the rates that others are compared with.
- `python -m benchmarks.population.likeness --real FOLDER --sample DIR --table bureau` lists every column of a table.
- `{_COMMAND}` measures everything again and writes this page;
  `make pages` writes it anew from `reports/bench.json`."""
