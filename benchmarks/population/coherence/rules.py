"""The rules that histories keep, and how often a set of tables breaks each: aggregates alone."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from benchmarks.population.drawing import APPLICATIONS, SEED, drawn_sample
from training.errors import DataError
from training.population.drawing.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_HERE = Path(__file__).parent
REAL_RATES = _HERE / "real.json"
# A rule is broken too often above the real share by this much, or by this factor; a pattern is too rare below this
# part of the real share.
MOST_ABOVE, MOST_TIMES, LEAST_PART = 0.005, 1.25, 0.5
# Fewer cases than this have no share that may be published, nor one worth comparing.
FEWEST = 20


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of ``rules.csv``.

    Parameters
    ----------
    code
        Letter of the table and a number.
    kind
        ``rule``, which should not be broken more often than in reality, or ``pattern``, which should be as common.
    over
        Table, or relation of ``relations.sql``.
    eligible, found
        SQL conditions: which rows are asked, and which of these break the rule or show the pattern.
    says
        The rule in words.
    """

    code: str
    kind: str
    over: str
    eligible: str
    found: str
    says: str

    @property
    def sql(self) -> str:
        """Return the query that counts eligible and found rows."""
        asked, found = f"WHERE {self.eligible}", f"WHERE ({self.eligible}) AND ({self.found})"
        counts = f"count(*) FILTER ({asked}), count(*) FILTER ({found})"
        return f"SELECT {counts} FROM {self.over}"  # noqa: S608 - the texts are those of our own file


@dataclass(frozen=True, slots=True)
class Rate:
    """Rows that a rule asks, and those among them that break it (of a pattern: that show it)."""

    eligible: int
    found: int

    @property
    def share(self) -> float:
        """Return the share of eligible rows, 0 where there is none."""
        return self.found / self.eligible if self.eligible else 0.0

    @property
    def error(self) -> float:
        """Return the standard error of the share, as of independent rows."""
        if not self.eligible:
            return 1.0
        near = (self.found + 1) / (self.eligible + 2)
        return float((near * (1 - near) / self.eligible) ** 0.5)


@cache
def rules() -> tuple[Rule, ...]:
    """Return every rule, in the order of the file."""
    with (_HERE / "rules.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Rule(**row) for row in csv.DictReader(file))


def measured(folder: Path) -> dict[str, Rate]:
    """Return the rate of each rule on the tables of a folder.

    Raises
    ------
    DataError
        ``TRN155`` when a table is absent.
    """
    with duckdb.connect() as database:
        for table in TABLES:
            path = folder / f"{table}.parquet"
            if not path.exists():
                raise DataError("TRN155", f"{path} does not exist; rules are measured on tables stored as Parquet")
            database.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{path}')")  # noqa: S608 - our table names
        database.execute((_HERE / "relations.sql").read_text(encoding="utf-8"))
        return dict(_counted(database))


def _counted(database: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, Rate]]:
    for rule in rules():
        row = database.execute(rule.sql).fetchone()
        yield rule.code, Rate(*row) if row else Rate(0, 0)


def real_rates() -> dict[str, Rate]:
    """Return the committed rates of the real sample."""
    return {code: Rate(*counts) for code, counts in json.loads(REAL_RATES.read_text(encoding="utf-8")).items()}


def is_kept(rule: Rule, real: Rate, drawn: Rate) -> bool:
    """Tell whether a draw keeps a rule about as well as reality does, or shows a pattern about as often.

    Twice the standard errors of both shares are allowed for, which few cases make large.
    """
    allowance = 2.0 * (real.error**2 + drawn.error**2) ** 0.5 if drawn.eligible else 0.0
    if rule.kind == "pattern":
        return drawn.eligible == 0 or drawn.share + allowance >= LEAST_PART * real.share
    return drawn.share <= max(real.share + MOST_ABOVE, MOST_TIMES * real.share) + allowance


def measure_population_coherence(*, applications: int = APPLICATIONS, seed: int = SEED) -> dict[str, Any]:
    """Return how often a draw breaks each rule, in counts: eligible rows and those found."""
    with drawn_sample(applications, seed) as folder:
        found = measured(folder)
    return {
        "applications": applications,
        "seed": seed,
        "rules": {code: [rate.eligible, rate.found] for code, rate in found.items()},
    }


def broken(drawn: Mapping[str, Rate]) -> list[str]:
    """Return the codes of rules that a draw breaks too often, and of patterns that it shows too rarely."""
    real = real_rates()
    return [rule.code for rule in rules() if not is_kept(rule, real[rule.code], drawn[rule.code])]
