"""The rules across fields: each can be broken and kept within the bounds, and is true of the tables."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

import pytest

from scoring.conditions import read_condition, vocabulary_of
from training.schema import load_inputs
from training.schema.rules import RuleEntry, load_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scoring.conditions import Condition

INPUTS = {entry.name: entry for entry in load_inputs()}
WORDS = vocabulary_of(load_inputs())
# Days, amounts, counts and shares that rules draw their lines between.
VALUES = (-15_000.0, -9_500.0, -9_000.0, -4_000.0, -100.0, 0.0, 0.2, 0.5, 1.0, 1.5, 2.0, 3.0, 20.0, 100.0, 1e6)


@cache
def condition_of(rule: RuleEntry) -> Condition:
    """Return the condition of a rule over all inputs."""
    return read_condition(rule.broken_when, WORDS)


def values_of(name: str) -> list[float]:
    """Return values of an input within its bounds."""
    entry = INPUTS[name]
    if entry.kind == "category":
        return [float(code) for code in range(len(entry.categories))]
    assert entry.minimum is not None
    assert entry.maximum is not None
    return [value for value in VALUES if entry.minimum <= value <= entry.maximum]


def broken_alone(rule: RuleEntry) -> Iterator[set[str]]:
    """Yield the codes of the rules that an application with the fields of one rule breaks, for many values."""
    near = [other for other in load_rules() if set(other.fields) <= set(rule.fields)]
    row = [float("nan")] * len(INPUTS)
    for values in product(*map(values_of, rule.fields)):
        for name, value in zip(rule.fields, values, strict=True):
            row[WORDS.place[name]] = value
        yield {other.code for other in near if condition_of(other)(row)}


@pytest.mark.parametrize("rule", load_rules(), ids=lambda rule: rule.code)
def test_rule_can_be_broken_alone_and_kept(rule: RuleEntry) -> None:
    """Within the bounds of its fields some values break this rule and no other, and some break none."""
    found = list(broken_alone(rule))

    assert {rule.code} in found
    assert set() in found


def test_rules_are_told_apart() -> None:
    """No code and no condition stands twice, and no form is empty."""
    for told in ([rule.code for rule in load_rules()], [rule.broken_when for rule in load_rules()]):
        assert [one for one, count in Counter(told).items() if count > 1] == []


@pytest.mark.parametrize("rule", {rule.form: rule for rule in load_rules()}.values(), ids=lambda rule: rule.form)
def test_rule_is_said_in_both_languages(rule: RuleEntry) -> None:
    """A sentence each, and not the same one."""
    assert rule.sentence_fr.endswith(".")
    assert rule.sentence_en.endswith(".")
    assert rule.sentence_fr != rule.sentence_en


def test_everybody_within_the_bounds_has_come_of_age() -> None:
    """Eighteen years hold up to five leap days: the last day of birth that is admitted is of age in any calendar."""
    assert INPUTS["DAYS_BIRTH"].maximum == -(18 * 365 + 5)


def test_a_form_reads_the_windows_of_its_names() -> None:
    """A mean is compared with the maxima of its own window and of those that hold it, and with no other."""
    of_half_a_year = [rule.fields[1] for rule in load_rules() if rule.fields[0] == "INSTALMENTS_LATE_DAYS_MEAN_6M"]

    assert {name for name in of_half_a_year if "_MAX" in name} == {
        "INSTALMENTS_LATE_DAYS_MAX_6M",
        "INSTALMENTS_LATE_DAYS_MAX_12M",
        "INSTALMENTS_LATE_DAYS_MAX",
    }
