"""What may be asked of an applicant and what is derived from it: names, meaning, bounds and labels.

``inputs.csv`` has one row for everything that may become a field of a request: the columns of the application and the
aggregates of its history. ``categories.csv`` says the values of categories to people. ``derived.csv`` has the row-wise
derivations that the exported graph computes from the inputs, ``levers.csv`` what an applicant can change. The
reasons that features are told by are in ``catalogue``, currency and periods in ``conventions``; what may be asked, and
why, in ``policy``; what the inputs of one application must not say together, in ``rules``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from features.tables import load_table
from training.schema.conventions import with_annuities_a_year, with_periods
from training.schema.files import rows_of
from training.schema.policy import PolicyEntry, policy_of

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

    @property
    def policy(self) -> PolicyEntry:
        """What stands behind asking for it."""
        return policy_of(self.name)


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
    contract_types: tuple[str, ...]
    target: str
    follows: tuple[str, ...]
    by: Literal["factor", "month"]
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
    return tuple(_input(row) for row in rows_of("inputs.csv"))


@cache
def load_derived() -> tuple[DerivedEntry, ...]:
    """Read the row-wise derivations.

    Examples
    --------
    >>> {entry.name: entry.expression for entry in load_derived()}["CREDIT_TO_ANNUITY_RATIO"]
    'AMT_CREDIT / AMT_ANNUITY'
    """
    return tuple(_derived(row) for row in rows_of("derived.csv"))


@cache
def load_levers() -> tuple[LeverEntry, ...]:
    """Read what an applicant can change in what is asked for.

    Examples
    --------
    >>> load_levers()[0].target
    'AMT_CREDIT'
    """
    return tuple(_lever(row) for row in rows_of("levers.csv"))


def _lever(row: dict[str, str]) -> LeverEntry:
    return LeverEntry(
        name=row["name"],
        contract_types=tuple(filter(None, row["contract_types"].split("|"))),
        target=row["target"],
        follows=tuple(row["follows"].split()),
        by=cast("Literal['factor', 'month']", row["by"]),
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
def load_merged() -> dict[tuple[str, str], str]:
    """Return the categories that stand for something protected, each with the one it is read as.

    ``application.sql`` reads them so; a request cannot hold them.

    Examples
    --------
    >>> load_merged()["NAME_INCOME_TYPE", "Maternity leave"]
    'Working'
    """
    return {(row["input"], row["category"]): row["read_as"] for row in rows_of("merged.csv")}


@cache
def _category_labels() -> dict[tuple[str, str], tuple[str, str]]:
    return {(row["input"], row["category"]): (row["label_fr"], row["label_en"]) for row in rows_of("categories.csv")}


def _derived(row: dict[str, str]) -> DerivedEntry:
    return DerivedEntry(
        name=row["name"],
        expression=with_annuities_a_year(row["expression"]),
        unit=row["unit"],
        label_fr=with_periods(row["label_fr"], french=True),
        label_en=with_periods(row["label_en"], french=False),
    )


def _input(row: dict[str, str]) -> InputEntry:
    name, table, kind = row["name"], row["table"], cast("InputKind", row["kind"])
    # The vocabulary has one home, the schema of the raw table; what is read as another category is none of a request.
    raw = load_table(table).column(name).categories if kind == "category" else ()
    categories = tuple(category for category in raw if (name, category) not in load_merged())
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
        label_fr=with_periods(row["label_fr"], french=True),
        label_en=with_periods(row["label_en"], french=False),
        categories=categories,
        category_labels=tuple(_category_labels()[name, category] for category in categories),
    )


def _bound(text: str) -> float | None:
    return float(text) if text else None
