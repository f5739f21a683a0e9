"""The table of candidates and the efforts that fill it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from training.candidates.families import FAMILIES
from training.candidates.imbalance import STRATEGIES
from training.selection.candidate_table import candidate_table, say_candidate_table
from training.selection.effort import EFFORTS, Effort
from training.selection.rules import RULE, choose_champion

if TYPE_CHECKING:
    from scoring.evidence import ComparedCandidate
    from training.selection.assessments import Assessment
    from training.selection.pipeline import TrainedModel


@pytest.fixture
def assessed(trained_trees: TrainedModel) -> list[Assessment]:
    """Return the trees, and the same with dearer decisions that cannot be served."""
    champion = trained_trees.champion
    deep = replace(champion.candidate, name="deep", exportable=False)
    return [replace(champion, candidate=deep, costs=champion.costs + 0.25), champion]


@pytest.fixture
def rows(assessed: list[Assessment]) -> tuple[ComparedCandidate, ...]:
    """Return their table."""
    return candidate_table(assessed, assessed[1], seed=0)


def test_table_is_ordered_by_cost_and_paired_with_the_champion(rows: tuple[ComparedCandidate, ...]) -> None:
    """The cheapest comes first; the other is a quarter dearer on every application, without any noise."""
    assert [one.name for one in rows] == ["lightgbm", "deep"]
    assert rows[1].cost_difference.mean == pytest.approx(0.25)
    assert rows[1].cost_difference.standard_error == pytest.approx(0.0, abs=1e-9)
    assert (rows[1].size_bytes, rows[1].latency_us) == (None, None)


def test_printed_table_names_the_rule_and_the_champion(rows: tuple[ComparedCandidate, ...]) -> None:
    """Who reads the run sees why this one."""
    said = say_candidate_table(rows)

    assert f"rule: {RULE} -> lightgbm" in said
    assert "not exportable" in said.splitlines()[2]


def test_what_cannot_be_exported_cannot_win(assessed: list[Assessment]) -> None:
    """Even where it is the cheapest."""
    cheaper = replace(assessed[0], costs=assessed[1].costs - 0.25)

    assert choose_champion([cheaper, assessed[1]]) is assessed[1]


def test_full_effort_tries_every_way_with_every_family() -> None:
    """Nothing, weights, under-sampling and SMOTE for five families; the dummy has one way."""
    candidates = EFFORTS["full"].wide_candidates({}, seed=0)
    ways = {family: {one.imbalance for one in candidates if one.family == family} for family in FAMILIES}

    assert all(found == {"none", *STRATEGIES} for family, found in ways.items() if family != "dummy")
    assert ways["dummy"] == {"none"}


def test_found_settings_are_used_where_they_belong() -> None:
    """A grid's settings replace the family's own; a booster's compete beside them."""
    found = {"decision_tree": {"max_depth": 3, "min_samples_leaf": 70}, "lightgbm": {"n_trees": 9}}
    by_name = {one.name: one for one in EFFORTS["full"].wide_candidates(found, seed=0)}

    assert by_name["decision_tree"].parameters["min_samples_leaf"] == 70
    assert by_name["lightgbm_tuned"].parameters["n_trees"] == 9
    assert by_name["lightgbm"].parameters["n_trees"] == 800
    assert "xgboost_tuned" not in by_name


def test_quick_effort_compares_one_candidate_a_family() -> None:
    """The demo shows all six."""
    assert [one.family for one in EFFORTS["quick"].candidates(seed=0)] == [*FAMILIES]


def test_budget_applies_where_there_is_a_search() -> None:
    """A quick run ignores it, a narrow one too."""
    full, quick = EFFORTS["full"].with_trials(3), EFFORTS["quick"].with_trials(3)
    assert full.breadth is not None

    assert full.breadth.n_trials == 3
    assert quick is EFFORTS["quick"]
    assert full.narrow().wide_candidates({}, seed=0)[0].name == full.candidates(seed=0)[0].name
    assert EFFORTS["full"].with_trials(None) == EFFORTS["full"]


def test_one_seed_is_not_merged() -> None:
    """There is nothing to merge it with."""
    effort: Effort = EFFORTS["full"]
    assert effort.breadth is not None
    single = replace(effort, breadth=replace(effort.breadth, n_seeds=1))

    assert "lightgbm_merged_seeds" not in {one.name for one in single.wide_candidates({}, seed=0)}
