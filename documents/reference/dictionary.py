"""The feature dictionary for people: every possible input and derivation, and what it weighs in a bundle."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from commandline.markdown import table
from features.tables import TABLE_NAMES
from scoring.numerals import NARROW_SPACE
from training.schema import load_derived, load_inputs

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
- Windows are relative to the application: `12M` means the last 12 months (365 days) before it, `LAST3` the last three
  applications or credits.
- Without history a `COUNT` is 0 and everything else is missing; the column *missing* says what an absent value means.
- Protected attributes are listed and marked as such; they are never inputs of a model."""


def _source_section(source: str, contract: Contract) -> str:
    header = ["name", "French label", "meaning", "unit", "missing", "range", "weight"]
    used = {item.name: item for item in contract.inputs}
    rows = [
        [
            f"`{entry.name}`",
            entry.label_fr,
            _meaning(entry),
            entry.unit,
            "required" if entry.required else entry.missing_en,
            _range(entry, used.get(entry.name)),
            _weight(entry.name, contract),
        ]
        for entry in load_inputs()
        if entry.table == source
    ]
    return f"## {source} ({len(rows)})\n\n{table(header, rows)}"


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
    note = (
        "Computed in the exported graph from the inputs of the same application; missing when an operand is "
        "or a divisor is 0.\n`mean`, `minimum`, `maximum` and `total` pass over missing values and are missing where "
        "all are; `missing` is 1 or 0."
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
