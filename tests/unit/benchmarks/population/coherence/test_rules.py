"""The rules that histories keep: as many as promised, readable by the database, and kept by every draw."""

from __future__ import annotations

import shutil
from collections import Counter
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from benchmarks.population.coherence.rules import Rate, Rule, broken, is_kept, measured, real_rates, rules
from training.errors import DataError
from training.population.drawing.generate import Plan, generate
from training.population.drawing.profile import load_profile

if TYPE_CHECKING:
    from pathlib import Path

FEWEST_RULES = 80
A_RULE = Rule("X01", "rule", "bureau", "TRUE", "FALSE", "nothing")
A_PATTERN = Rule("X02", "pattern", "bureau", "TRUE", "FALSE", "nothing")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a draw."""
    folder = tmp_path_factory.mktemp("drawn")
    generate(load_profile(), Plan(4_000, seed=11), folder, "parquet")
    return folder


@pytest.fixture(scope="module")
def rates(drawn: Path) -> dict[str, Rate]:
    """Return how often that draw breaks each rule."""
    return measured(drawn)


def test_there_are_rules_for_every_table() -> None:
    """There are eighty rules and more, each with a code of its own, and several a table."""
    tables = Counter(rule.code[0] for rule in rules())

    assert len({rule.code for rule in rules()}) == len(rules()) >= FEWEST_RULES
    assert min(tables[letter] for letter in "ABPSIC") >= 10
    assert {rule.kind for rule in rules()} == {"rule", "pattern"}


def test_the_real_rates_are_those_of_these_rules() -> None:
    """Each rule has its counts on the real sample, and nothing else is kept of it."""
    assert {rule.code for rule in rules()} == set(real_rates())


def test_no_rule_is_broken_more_than_in_reality(rates: dict[str, Rate]) -> None:
    """No rule is broken half a point or a quarter more often than by real rows, no pattern is half as common."""
    assert broken(rates) == []


def test_most_rules_are_asked_of_a_draw(rates: dict[str, Rate]) -> None:
    """A rule that no row is asked says nothing: a small draw leaves few of them so."""
    asked = [code for code, rate in rates.items() if rate.eligible]

    assert len(asked) >= 0.95 * len(rules())


def test_a_fault_is_found(drawn: Path, tmp_path: Path) -> None:
    """Closed loans that lose their end are counted by the rule that asks for it."""
    shutil.copytree(drawn, tmp_path / "faulty")
    path = tmp_path / "faulty" / "bureau.parquet"
    loans = pq.read_table(path)
    place = loans.column_names.index("DAYS_ENDDATE_FACT")
    empty = pa.nulls(len(loans), loans.schema.field(place).type)
    pq.write_table(loans.set_column(place, loans.schema.field(place), empty), path)

    found = measured(tmp_path / "faulty")

    closed = pc.sum(pc.equal(loans["CREDIT_ACTIVE"], "Closed")).as_py()
    assert found["B09"] == Rate(closed, closed)
    assert "B09" in broken(found)


@pytest.mark.parametrize(
    ("rule", "real", "drawn_rate", "kept"),
    [
        (A_RULE, Rate(10**6, 0), Rate(10**6, 4_000), True),
        (A_RULE, Rate(10**6, 0), Rate(10**6, 6_000), False),
        (A_RULE, Rate(10**6, 100_000), Rate(10**6, 124_000), True),
        (A_RULE, Rate(10**6, 100_000), Rate(10**6, 130_000), False),
        (A_RULE, Rate(10**6, 0), Rate(0, 0), True),
        (A_PATTERN, Rate(10**6, 400_000), Rate(10**6, 210_000), True),
        (A_PATTERN, Rate(10**6, 400_000), Rate(10**6, 190_000), False),
    ],
)
def test_limits_of_a_rule(rule: Rule, real: Rate, drawn_rate: Rate, *, kept: bool) -> None:
    """A rule may be broken half a point or a quarter more than in reality; a pattern may be half as common."""
    assert is_kept(rule, real, drawn_rate) is kept


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    """The table that is absent is named."""
    with pytest.raises(DataError, match="TRN155"):
        measured(tmp_path)
