"""Promises about whole measurements: silence without drift, and the right code for each drift that is put in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from metrics.values import NotApplicable
from monitoring.checks.catalogue import CHECKS
from monitoring.checks.checks import overall_level, run_checks
from monitoring.config import Level, MonitoringConfig
from monitoring.drift.measure import measure_drift
from monitoring.report.summary_parts import rare_part
from monitoring.report.wording import percent
from monitoring.windows.arrays import ArrayWindow
from tests.unit.monitoring.builders import CATEGORIES, THRESHOLD, Columns, default_probability, draw_window

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitoring.checks.checks import CheckResult
    from monitoring.drift.measure import Drift
    from tests.unit.monitoring.conftest import Bench

CONFIG = MonitoringConfig()
BY_OUTCOMES = ("MON012", "MON017", "MON018", "MON019", "MON020")


def judged(drift: Drift) -> dict[str, CheckResult]:
    """Return the results by code."""
    return {result.code: result for result in run_checks(CHECKS, drift, CONFIG)}


def feed_gone(columns: Columns) -> None:
    """Lose every external score."""
    columns["EXT_SOURCE_2"] = np.full(len(columns["EXT_SOURCE_2"]), np.nan)


def euros_to_cents(columns: Columns) -> None:
    """Send amounts in another unit."""
    columns["AMT_CREDIT"] = columns["AMT_CREDIT"] * 100


def category_renamed(columns: Columns) -> None:
    """Send another word for the commonest category."""
    values = columns["NAME_INCOME_TYPE"]
    columns["NAME_INCOME_TYPE"] = np.where(values == CATEGORIES[0], "Employed", values)


def sentinel(columns: Columns) -> None:
    """Let a code for *unknown* through in one application out of twenty."""
    columns["AMT_CREDIT"][::20] = -1.0


def riskier_population(columns: Columns) -> None:
    """Lower every external score."""
    columns["EXT_SOURCE_2"] = columns["EXT_SOURCE_2"] * 0.75


def concept_change(columns: Columns) -> None:
    """Let twice as many applications default as the model says."""
    rng = np.random.default_rng(5)
    chance = 2 * default_probability(columns)
    columns["TARGET"] = (rng.random(len(chance)) < chance).astype(float)


def ranking_gone(columns: Columns) -> None:
    """Let defaults fall on anybody, as many as the model says."""
    chance = default_probability(columns).mean()
    columns["TARGET"] = (np.random.default_rng(5).random(len(columns["AMT_CREDIT"])) < chance).astype(float)


@pytest.mark.parametrize("seed", range(2, 22))
def test_no_drift_is_stable(seed: int, bench: Bench) -> None:
    """Twenty windows of the reference population raise nothing."""
    drift = bench.measure(draw_window(4_000, seed=seed), f"same-{seed}")

    assert overall_level(list(judged(drift).values())) is Level.STABLE


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (feed_gone, {"MON001", "MON002", "MON004", "MON008", "MON011", "MON013"}),
        (euros_to_cents, {"MON001", "MON003", "MON005", "MON008", "MON009", "MON013"}),
        (category_renamed, {"MON001", "MON003", "MON007", "MON013"}),
        (sentinel, {"MON006"}),
        (riskier_population, {"MON001", "MON008", "MON009", "MON010", "MON013"}),
        (concept_change, {"MON012", "MON018", "MON020"}),
        (ranking_gone, {"MON017", "MON018", "MON019"}),
    ],
)
def test_a_drift_raises_its_codes(
    change: Callable[[Columns], None], codes: set[str], bench: Bench, current: Columns
) -> None:
    """Each known way to go wrong sets off at least the checks that are there for it."""
    change(current)

    results = judged(bench.measure(current, change.__name__))

    assert codes <= {code for code, result in results.items() if result.level is Level.ALERT}


def test_a_concept_change_is_invisible_without_labels(bench: Bench, current: Columns) -> None:
    """What the estimate cannot see stays *not applicable*; nothing pretends to have looked."""
    results = judged(bench.measure(current, "unlabelled"))

    assert results["MON012"].level is Level.NOT_APPLICABLE
    assert "TARGET" in results["MON012"].reason or "issue" in results["MON012"].reason


def test_calibrated_outcomes_are_stable(bench: Bench, current: Columns) -> None:
    """Outcomes that happen as foretold raise nothing."""
    probability = default_probability(current)
    current["TARGET"] = (np.random.default_rng(6).random(len(probability)) < probability).astype(float)
    results = judged(bench.measure(current, "calibrated"))

    assert {results[code].level for code in BY_OUTCOMES} == {Level.STABLE}


def test_defaults_that_come_first_judge_nothing(bench: Bench, current: Columns) -> None:
    """Where only defaults are known yet, all that is known has defaulted: that is youth, no alarm."""
    probability = default_probability(current)
    default = np.random.default_rng(6).random(len(probability)) < probability
    current["TARGET"] = np.where(default & (probability < THRESHOLD), 1.0, np.nan)
    results = judged(bench.measure(current, "young"))

    assert {results[code].level for code in BY_OUTCOMES} == {Level.NOT_APPLICABLE}
    assert "trop jeunes" in results["MON012"].reason


def test_accepted_applicants_alone_judge_what_was_expected_of_them(bench: Bench, current: Columns) -> None:
    """Nobody refused has an outcome: the expectation is that of the accepted, so right probabilities stay right."""
    probability = default_probability(current)
    default = (np.random.default_rng(6).random(len(probability)) < probability).astype(float)
    current["TARGET"] = np.where(probability < THRESHOLD, default, np.nan)
    drift = bench.measure(current, "accepted")

    assert not isinstance(drift.predictions, NotApplicable)
    assert not isinstance(drift.predictions.known, NotApplicable)
    assert (drift.predictions.known.accepted, drift.predictions.known.refused) == (1.0, 0.0)
    assert {judged(drift)[code].level for code in BY_OUTCOMES} == {Level.STABLE}


def test_without_answers_their_checks_are_not_applicable(bench: Bench, current: Columns) -> None:
    """Inputs are judged all the same, and the reason says which option gives the predictions."""
    drift = bench.measure(current, "unscored", scored=False)

    results = judged(drift)

    assert isinstance(drift.predictions, NotApplicable)
    assert results["MON001"].level is Level.STABLE
    assert "--current-scores" in results["MON008"].reason


def test_a_handful_of_rows_is_judged_by_facts_alone(bench: Bench) -> None:
    """Effects are not applicable and say how many rows they take; what is there is there."""
    columns = draw_window(CONFIG.fewest_rows - 1, seed=4)
    columns["NAME_INCOME_TYPE"][:3] = "Employed"
    results = judged(bench.measure(columns, "few"))

    facts = {check.code for check in CHECKS if check.is_fact}
    assert {results[code].level for code in results.keys() - facts} == {Level.NOT_APPLICABLE}
    assert "29" in results["MON001"].reason
    assert results["MON007"].level is Level.ALERT


@pytest.mark.parametrize("rows", [40, 300])
def test_a_dead_feed_is_an_alarm_at_any_size(rows: int, bench: Bench) -> None:
    """A small lender learns that a source is silent in the week it fell silent."""
    columns = draw_window(rows, seed=4)
    feed_gone(columns)
    results = judged(bench.measure(columns, f"dead-{rows}"))

    assert results["MON021"].level is Level.ALERT
    assert [finding.subject for finding in results["MON021"].findings] == ["EXT_SOURCE_2"]


@pytest.mark.parametrize("seed", range(10))
def test_small_windows_are_silent_without_drift(seed: int, bench: Bench) -> None:
    """Effects are judged at three hundred rows, by the p-value that guards them."""
    results = judged(bench.measure(draw_window(300, seed=100 + seed), f"small-{seed}"))

    assert results["MON001"].level is Level.STABLE
    assert overall_level(list(results.values())) is Level.STABLE


def test_a_strong_drift_is_seen_in_three_hundred_rows(bench: Bench) -> None:
    """A population that is clearly another needs no thousand applications."""
    columns = draw_window(300, seed=4)
    riskier_population(columns)

    assert judged(bench.measure(columns, "small-riskier"))["MON001"].level is Level.ALERT


def test_better_coverage_of_a_score_is_no_red_alarm(bench: Bench, current: Columns) -> None:
    """A fifth of the applicants had no external score; now all have, from the same distribution."""
    values = current["EXT_SOURCE_2"]
    gaps = np.isnan(values)
    values[gaps] = np.random.default_rng(0).choice(values[~gaps], gaps.sum())
    results = judged(bench.measure(current, "covered"))

    assert results["MON004"].level is Level.WATCH
    assert {results[code].level for code in ("MON001", "MON013")} <= {Level.STABLE, Level.WATCH}


def test_a_minor_input_cannot_raise_an_alert(bench: Bench, current: Columns) -> None:
    """An input below the important share is watched at most, however far it moved."""
    current["FLAG_PHONE"] = np.ones(len(current["FLAG_PHONE"]))

    assert judged(bench.measure(current, "minor"))["MON001"].level is Level.WATCH


def test_importance_of_an_input_is_its_weight_in_the_contract(bench: Bench, current: Columns) -> None:
    """What an input weighs is read, not computed anew."""
    drift = bench.measure(current, "weighed")

    assert {item.name: item.importance for item in drift.inputs} == bench.contract.coverage.weights


def test_rare_unknown_categories_are_counted_but_not_named(bench: Bench, current: Columns) -> None:
    """A text that few applications bear may identify a person: it stays out of the report."""
    current["NAME_INCOME_TYPE"][:3] = "Jean Dupont"
    current["NAME_INCOME_TYPE"][3:23] = "Employed"

    (drift,) = [item for item in bench.measure(current, "rare").inputs if item.kind == "category"]

    assert drift.new_categories == ("Employed",)
    assert drift.impossible_share.current == pytest.approx(23 / 4_000)


def test_rare_categories_have_their_share(bench: Bench) -> None:
    """What is scored as missing and sent to a person is counted apart from what is unknown."""
    rare = [
        item.model_copy(update={"rare": ("Student",)}) if item.categories else item for item in bench.contract.inputs
    ]
    contract = bench.contract.model_copy(update={"inputs": tuple(rare)})
    columns = draw_window(400, seed=1)
    columns["NAME_INCOME_TYPE"][:100] = "Student"
    columns["NAME_INCOME_TYPE"][100:] = "Working"
    drift = measure_drift(contract, ArrayWindow(draw_window(400, seed=2)), ArrayWindow(columns), CONFIG)

    (item,) = [one for one in drift.inputs if one.kind == "category"]
    assert item.rare_share.current == 0.25
    assert item.impossible_share.current == 0
    assert f"→ {percent(0.25)}" in rare_part(drift.inputs)


def test_one_absurd_value_is_no_drift(bench: Bench, current: Columns) -> None:
    """A single amount a thousand times too large moves no distance; it is one unusual value."""
    current["AMT_CREDIT"][0] = 1e9

    (drift,) = [item for item in bench.measure(current, "absurd").inputs if item.name == "AMT_CREDIT"]

    assert isinstance(drift.distance, float)
    assert drift.distance < CONFIG.distance.watch


def test_an_input_without_values_has_no_distance(bench: Bench, current: Columns) -> None:
    """The distance of nothing is not applicable, with a reason."""
    feed_gone(current)

    (drift,) = [item for item in bench.measure(current, "gone").inputs if item.name == "EXT_SOURCE_2"]

    assert isinstance(drift.distance, NotApplicable)
    assert drift.median is None


def test_without_reference_answers_the_contract_stands_in(bench: Bench, current: Columns) -> None:
    """The reference of the predictions is then the validated one, and the result says so."""
    unscored = bench.write(draw_window(8_000, seed=1), "unscored-reference", scored=False)
    bare = type(bench)(bench.folder, bench.contract, bench.bundle, unscored, bench.database)

    predictions = bare.measure(current, "against-contract").predictions

    assert not isinstance(predictions, NotApplicable)
    assert predictions.reference.source == "contrat"
    assert predictions.psi == predictions.psi_since_modelling
