"""The feature dictionary for people: every possible input and derivation, and what it weighs in a bundle."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from commandline.markdown import table
from documents.reference.formulas import formula, remarks, steps
from features.tables import HISTORY_TABLES, TABLE_NAMES
from scoring.numerals import NARROW_SPACE
from training.schema import load_derived, load_inputs
from training.schema.catalogue import MISSING

if TYPE_CHECKING:
    from scoring.contract import Contract, Input
    from training.schema import DerivedEntry, InputEntry

NOT_IN_THE_MODEL = "–"
LONG = 8
# From here on the decimals of a usual value say nothing.
_WHOLE = 100_000
_AGGREGATIONS = {
    "COUNT": "number, 0 without history",
    "SUM": "sum",
    "MEAN": "mean",
    "MAX": "largest value",
    "MIN": "smallest value",
    "SHARE": "between 0 and 1",
    "RATIO": "one sum over another",
    "TREND": "recent mean minus the longer one",
    "STD": "standard deviation",
    "SLOPE": "change per year, least squares",
}
_NAME = re.compile(rf"_({'|'.join(_AGGREGATIONS)})(?:_(\d+)M|_LAST(\d+))?$")


def dictionary_page(contract: Contract) -> str:
    """Return the page, in Markdown; importances and usual ranges are those of a bundle's contract."""
    return (
        "\n\n".join(
            [
                _introduction(contract),
                *(_source_section(name, contract) for name in TABLE_NAMES),
                _derived_section(contract),
            ]
        ).replace(NARROW_SPACE, " ")
        + "\n"
    )


def _introduction(contract: Contract) -> str:
    inputs, derived = load_inputs(), load_derived()
    return f"""# Feature dictionary

Written by `make pages` from `training/schema/`, the names of the SQL's columns and the contract of `lambda/bundle`.
{len(inputs)} possible inputs ({sum(entry.table == "application" for entry in inputs)} of the application,
{sum(entry.table != "application" for entry in inputs)} aggregated from its history) and {len(derived)} derivations; the
committed model asks for {len(contract.inputs)} inputs and reads {len(contract.features)} features.

- **Weight** is the share of the mean absolute contribution (exact TreeSHAP, log-odds) on development;
  {NOT_IN_THE_MODEL} where the committed model does not use it.
- **Range** is the hard bound, outside of which the service refuses; in brackets the usual range of the model's inputs.
- **Formula** is read out of the SQL of `lambda/features`: `SUM(x where c)` adds x up over the rows where c holds;
  missing values are passed over, a sum, a mean or a largest value of nothing is missing, and so is what is divided by 0
  or by something missing. A comparison with a missing value does not hold. Where a table is summed in steps, each step
  reads the one named in *from*; the names of a step are its own.
- **Rows** are those of the applicant that the sources keep: dated up to the day of the application, which is day 0 and
  month 0, with sentinels, amounts never set (0) and impossible values missing. Days and months count backwards.
- **Windows** by days hold both ends: `3M` is day -90 to 0, `6M` -180, `12M` -365, `24M` -730, `36M` -1095, by the day
  that dates the row. Windows by months hold that many months: `12M` is month 0 to -11 of `bureau_balance`, which has
  month 0, and -1 to -12 of `POS_CASH_balance` and `credit_card_balance`, which begin with -1. `LAST3` are the last
  three applications or credits. Amounts are those of the file, not yearly: an annuity is what is due each month.
- Without history a `COUNT` is 0 and everything else is missing; the column *missing* says what an absent value means.
- Protected attributes are listed and marked as such; they are never inputs of a model."""


def _source_section(source: str, contract: Contract) -> str:
    header = ["name", "French label", "meaning", "formula", "unit", "missing", "range", "weight"]
    used = {item.name: item for item in contract.inputs}
    rows = [
        [
            f"`{entry.name}`",
            entry.label_fr,
            _meaning(entry),
            f"`{formula(source, entry.name)}`" if source in HISTORY_TABLES else "as given",
            entry.unit,
            "required" if entry.required else entry.missing_en,
            _range(entry, used.get(entry.name)),
            _weight(entry.name, contract),
        ]
        for entry in load_inputs()
        if entry.table == source
    ]
    heading = f"## {source} ({len(rows)})"
    if source not in HISTORY_TABLES:
        return f"{heading}\n\n{table(header, rows)}"
    return f"{heading}\n\n{remarks(source)}\n\n{_steps_section(source)}\n\n{table(header, rows)}"


def _steps_section(source: str) -> str:
    """Return what the formulas of a table name, step by step; each step reads the one it is made from."""
    parts = []
    for step in steps(source):
        named = [[f"`{name}`", f"`{text}`"] for name, text in step.columns.items() if name not in _input_names()]
        rows = f", one row for `{step.grain}`" if step.grain else ""
        title = f"Step `{step.name}`" if step.name else "Features"
        shown = f":\n\n{table(['name', 'formula'], named)}" if named else "."
        parts.append(f"**{title}**, from `{step.source}`{rows}{shown}")
    return "\n\n".join(parts)


@cache
def _input_names() -> frozenset[str]:
    return frozenset(entry.name for entry in load_inputs())


def _derived_section(contract: Contract) -> str:
    header = ["name", "French label", "meaning", "formula", "unit", "weight"]
    rows = [
        [
            f"`{entry.name}`",
            entry.label_fr,
            entry.label_en,
            f"`{_short(entry)}`",
            entry.unit,
            _weight(entry.name, contract),
        ]
        for entry in load_derived()
    ]
    rows += [
        [f"`{one.name}`", one.label.fr, one.label.en, f"`{one.expression}`", one.unit, _weight(one.name, contract)]
        for one in contract.features
        if one.name.endswith(MISSING)
    ]
    note = (
        "Computed in the exported graph from the inputs of the same application; a missing one is read as the "
        "median of its input, and a ratio to 0 as the median ratio.\n`missing` is 1 or 0; inputs that are missing "
        "in the same applications share a column that says so, and that may only raise the risk."
    )
    return f"## Derivations ({len(rows)})\n\n{note}\n\n{table(header, rows)}"


def _meaning(entry: InputEntry) -> str:
    """Return the English label with what the name says of aggregation and window, or the vocabulary."""
    label = entry.label_en + (" (protected)" if entry.protected else "")
    if entry.kind == "category":
        more = ", …" if len(entry.categories) > LONG else ""
        return f"{label}: {', '.join(entry.categories[:LONG])}{more}"
    if entry.table == "application":
        return label
    return f"{entry.label_en} ({said_by_name(entry.name)})"


def said_by_name(name: str) -> str:
    """Say what the end of an aggregate's name means.

    Examples
    --------
    >>> said_by_name("INSTALMENTS_LATE_DAYS_MEAN_12M")
    'mean, last 12 months'
    >>> said_by_name("PREVIOUS_REFUSED_SHARE_LAST1")
    'between 0 and 1, last one'

    Raises
    ------
    ValueError
        For a name that does not end in an aggregation.
    """
    found = _NAME.search(name)
    if found is None:
        raise ValueError(f"{name} does not end in one of {', '.join(_AGGREGATIONS)}, with or without a window")
    aggregation, months, last = found.groups()
    if months is not None:
        return f"{_AGGREGATIONS[aggregation]}, last {months} months"
    if last is not None:
        return f"{_AGGREGATIONS[aggregation]}, last {'one' if last == '1' else last}"
    return _AGGREGATIONS[aggregation]


def _range(entry: InputEntry, item: Input | None) -> str:
    if entry.minimum is None or entry.maximum is None:
        return "vocabulary"
    bounds = f"{entry.minimum:,.10g} … {entry.maximum:,.10g}"
    if item is None or item.usual_low is None or item.usual_high is None:
        return bounds
    return f"{bounds} [{_figure(item.usual_low)} … {_figure(item.usual_high)}]"


def _figure(number: float) -> str:
    """Write a number with the digits that count, and never with an exponent.

    >>> _figure(2370234.0), _figure(0.0029526)
    ('2,370,234', '0.0029526')
    """
    return f"{number:,.0f}" if abs(number) >= _WHOLE else f"{number:,.6g}"


def _weight(name: str, contract: Contract) -> str:
    found = {feature.name: feature.importance for feature in contract.features}
    return f"{found[name]:.2%}" if name in found else NOT_IN_THE_MODEL


def _short(entry: DerivedEntry) -> str:
    """Return the formula, the middle of a long list of columns left out."""
    names = re.findall(r"[A-Z][A-Z0-9_]+", entry.expression)
    if len(names) <= LONG:
        return entry.expression
    return entry.expression.replace(", ".join(names[2:-1]), "…")
