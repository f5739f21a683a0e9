"""The share of each window that breaks the rules across fields."""

from __future__ import annotations

import numpy as np

from metrics.values import Pair
from monitoring.drift.rules import RuleShares, measure_rules
from monitoring.report.summary_parts import rules_part
from monitoring.windows.arrays import ArrayWindow
from scoring.contract import Rule, Text
from tests.unit.monitoring.builders import a_contract, draw_window

SENTENCE = Text(fr="Ne va pas.", en="Does not fit.")
RULES = (
    Rule(code="trop", severity="incoherente", broken_when="AMT_CREDIT > 100", sentence=SENTENCE),
    Rule(
        code="retraite",
        severity="impossible",
        broken_when="NAME_INCOME_TYPE == 'Pensioner' and EXT_SOURCE_2 > 0.5",
        sentence=SENTENCE,
    ),
)


def window_of(amounts: list[float], kinds: list[str | None]) -> ArrayWindow:
    """Return a window of four applications, of which one has no external score."""
    return ArrayWindow(
        {
            "AMT_CREDIT": np.array(amounts),
            "EXT_SOURCE_2": np.array([0.2, 0.9, 0.9, np.nan]),
            "FLAG_PHONE": np.zeros(4),
            "NAME_INCOME_TYPE": np.array(kinds, dtype=object),
        }
    )


def test_shares_are_those_of_each_window() -> None:
    """Numbers and categories count row by row; a missing value and an unknown category break nothing."""
    contract = a_contract(draw_window(50, seed=0)).model_copy(update={"rules": RULES})
    before = window_of([50.0, 50.0, 50.0, 500.0], ["Working"] * 4)
    after = window_of([500.0, 500.0, 50.0, np.nan], ["Pensioner", "Pensioner", "Astronaut", "Pensioner"])

    assert measure_rules(contract, before, after) == (
        RuleShares("trop", "incoherente", Pair(0.25, 0.5)),
        RuleShares("retraite", "impossible", Pair(0.0, 0.25)),
    )


def test_broken_rules_are_told_the_most_broken_first() -> None:
    """The summary names the rules that are broken, and how many are not."""
    kept = RuleShares("gardee", "impossible", Pair(0.0, 0.0))
    told = rules_part(
        [RuleShares("peu", "incoherente", Pair(0.0, 0.1)), kept, RuleShares("plus", "impossible", Pair(0.2, 0.3))]
    )

    assert "2 sur 3 sont enfreintes" in told
    assert told.index("`plus`") < told.index("`peu`")
    assert "gardee" not in told


def test_rules_that_are_kept_are_told_too() -> None:
    """Silence would not say that anybody looked."""
    assert rules_part([RuleShares("gardee", "impossible", Pair(0.0, 0.0))]).startswith(
        "Règles entre champs : aucune des 1"
    )
