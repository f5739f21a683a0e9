"""What may be asked of an applicant and what is derived from it: names, meaning, bounds and labels.

``inputs.csv`` has one row for everything that may become a field of a request: the columns of the application and the
aggregates of its history. ``categories.csv`` says the values of categories to people. ``derived.csv`` has the row-wise
derivations that the exported graph computes from the inputs, ``levers.csv`` what an applicant can change. What the
inputs of one application must not say together is in ``rules.csv``, read by `training.schema.rules`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

from features.tables import load_table

FOLDER = Path(__file__).parent

InputKind = Literal["number", "category", "flag"]


@dataclass(frozen=True)
class InputEntry:
    """One possible request input.

    `missing_fr` and `missing_en` say what an absent value means. `minimum` and `maximum` are hard bounds, the ends
    included, for values whose sentinels are already missing. `categories` is the vocabulary in the order of the codes,
    `category_labels` says each of them to a person, in French and in English.
    """

    name: str
    table: str
    kind: InputKind
    unit: str
    required: bool
    missing_fr: str
    missing_en: str
    minimum: float | None
    maximum: float | None
    protected: bool
    label_fr: str
    label_en: str
    categories: tuple[str, ...] = ()
    category_labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class DerivedEntry:
    """One feature computed from the inputs of the same application.

    `expression` uses ``+ - * /``, numbers, input names and ``mean``, ``minimum``, ``maximum``, ``total`` (which ignore
    missing values) and ``missing`` (1 or 0); dividing by zero gives a missing value.
    """

    name: str
    expression: str
    unit: str
    label_fr: str
    label_en: str


@dataclass(frozen=True)
class LeverEntry:
    """Something an applicant can change: see `scoring.contract.Lever` for the meaning of each column."""

    name: str
    target: str
    follows: tuple[str, ...]
    direction: Literal["lower", "raise"]
    step: float
    limit: float
    rounding: float
    label_fr: str
    label_en: str
    sentence_fr: str
    sentence_en: str


@cache
def load_inputs() -> tuple[InputEntry, ...]:
    """Read the possible request inputs, application columns first.

    Examples
    --------
    >>> load_inputs()[0].name
    'NAME_CONTRACT_TYPE'
    """
    return tuple(_input(row) for row in _rows("inputs.csv"))


@cache
def load_derived() -> tuple[DerivedEntry, ...]:
    """Read the row-wise derivations.

    Examples
    --------
    >>> {entry.name: entry.expression for entry in load_derived()}["CREDIT_TO_ANNUITY_RATIO"]
    'AMT_CREDIT / AMT_ANNUITY'
    """
    return tuple(DerivedEntry(**row) for row in _rows("derived.csv"))


@cache
def load_levers() -> tuple[LeverEntry, ...]:
    """Read what an applicant can change in what is asked for.

    Examples
    --------
    >>> load_levers()[0].target
    'AMT_CREDIT'
    """
    return tuple(_lever(row) for row in _rows("levers.csv"))


def _lever(row: dict[str, str]) -> LeverEntry:
    return LeverEntry(
        name=row["name"],
        target=row["target"],
        follows=tuple(row["follows"].split()),
        direction=cast("Literal['lower', 'raise']", row["direction"]),
        step=float(row["step"]),
        limit=float(row["limit"]),
        rounding=float(row["rounding"]),
        label_fr=row["label_fr"],
        label_en=row["label_en"],
        sentence_fr=row["sentence_fr"],
        sentence_en=row["sentence_en"],
    )


@cache
def _category_labels() -> dict[tuple[str, str], tuple[str, str]]:
    return {(row["input"], row["category"]): (row["label_fr"], row["label_en"]) for row in _rows("categories.csv")}


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _input(row: dict[str, str]) -> InputEntry:
    name, table, kind = row["name"], row["table"], cast("InputKind", row["kind"])
    # The vocabulary has one home, the schema of the raw table.
    categories = load_table(table).column(name).categories if kind == "category" else ()
    return InputEntry(
        name=name,
        table=table,
        kind=kind,
        unit=row["unit"],
        required=row["required"] == "true",
        missing_fr=row["missing_fr"],
        missing_en=row["missing_en"],
        minimum=_bound(row["minimum"]),
        maximum=_bound(row["maximum"]),
        protected=row["protected"] == "true",
        label_fr=row["label_fr"],
        label_en=row["label_en"],
        categories=categories,
        category_labels=tuple(_category_labels()[name, category] for category in categories),
    )


def _bound(text: str) -> float | None:
    return float(text) if text else None
