"""The threshold and cost report: figures that add up, and enough of them to replay any policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from metrics.costs import COSTS, expected_cost
from scoring.contract import EVIDENCE_FILE
from scoring.evidence import Evidence
from training.bundle.evidence import collect_evidence, evidence_bytes
from training.bundle.simulator import LEAST_SEGMENT, simulator_edges

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

    from training.selection.pipeline import TrainedModel


@pytest.fixture(scope="module")
def evidence(trained_trees: TrainedModel) -> Evidence:
    """Return the evidence of the boosted trees."""
    return collect_evidence(trained_trees)


@pytest.fixture(scope="module")
def outcomes(trained_trees: TrainedModel) -> tuple[np.ndarray, np.ndarray]:
    """Return out-of-fold probabilities and what became of the applications."""
    return trained_trees.champion.default_probability, trained_trees.development.default


def test_bundle_holds_the_evidence_compactly(bundle_dir: Path, evidence: Evidence, trained_trees: TrainedModel) -> None:
    """The sealed file is the evidence of the model beside it, below 100 kB."""
    content = (bundle_dir / EVIDENCE_FILE).read_bytes()

    assert len(content) < 100_000
    stored = Evidence.model_validate_json(content)
    assert stored.threshold == pytest.approx(trained_trees.threshold.threshold)
    assert evidence_bytes(evidence.model_copy(update={"fairness": stored.fairness})) == content


def test_named_policies_cost_what_their_decisions_cost(
    evidence: Evidence, outcomes: tuple[np.ndarray, np.ndarray]
) -> None:
    """Everybody accepted costs ten times the default rate, everybody refused the rest; the served one the least."""
    policies = {one.name: one for one in evidence.policies}
    rate = outcomes[1].mean()

    assert policies["accepter_tout"].cost.value == pytest.approx(10 * rate)
    assert policies["refuser_tout"].cost.value == pytest.approx(1 - rate)
    assert policies["seuil_bayes"].threshold == pytest.approx(1 / 11)
    assert policies["seuil_servi"].cost.value <= policies["seuil_0.5"].cost.value
    assert policies["accepter_tout"].default_rate_refused is None


def test_cost_curve_holds_the_served_threshold(evidence: Evidence) -> None:
    """Refusals fall along the curve, defaults among the refused rise."""
    refusals = [one.refusal_rate for one in evidence.cost_curve]

    assert evidence.threshold in [one.threshold for one in evidence.cost_curve]
    assert refusals == sorted(refusals, reverse=True)
    assert all(one.cost.low <= one.cost.value <= one.cost.high for one in evidence.cost_curve)


def test_dearer_defaults_ask_for_more_refusals(evidence: Evidence) -> None:
    """From 1:1 to 50:1 the threshold falls and the refusals rise; at 10:1 stands the theory's own."""
    by_ratio = {one.ratio: one for one in evidence.ratios}

    assert (min(by_ratio), max(by_ratio)) == (1, 50)
    assert by_ratio[50].threshold < by_ratio[10].threshold < by_ratio[1].threshold
    assert by_ratio[1].refusal_rate < by_ratio[10].refusal_rate < by_ratio[50].refusal_rate
    assert by_ratio[50].cost <= by_ratio[50].cost_at_served_threshold


def test_stability_brackets_the_served_threshold(evidence: Evidence) -> None:
    """The median of the resamples is the threshold; each fold's own is like it."""
    stability = evidence.stability

    assert stability.quantiles["0.5"] == pytest.approx(evidence.threshold)
    assert len(stability.by_fold) == 3
    assert stability.quantiles["0.025"] / 2 < min(stability.by_fold) <= max(stability.by_fold) < 1


def test_optimism_is_what_cross_fitting_costs_more(evidence: Evidence) -> None:
    """It is the difference of two figures that are both there."""
    served = next(one for one in evidence.policies if one.name == "seuil_servi")

    assert evidence.stability.optimism == pytest.approx(evidence.stability.cost_cross_fitted.value - served.cost.value)


@pytest.mark.parametrize("place", [5, 40, 80])
def test_simulator_replays_any_policy(place: int, evidence: Evidence, outcomes: tuple[np.ndarray, np.ndarray]) -> None:
    """Sums of the counts give the cost that deciding every application anew gives."""
    simulator = evidence.simulator
    everybody = simulator.segments[0]
    good, defaulted = sum(everybody.good[place + 1 :]), sum(everybody.defaulted[: place + 1])
    replayed = (COSTS.false_positive * good + COSTS.false_negative * defaulted) / evidence.n_applications
    probability, default = outcomes

    assert replayed == pytest.approx(expected_cost(probability, default, threshold=simulator.edges[place]))


def test_simulator_segments_are_parts_of_everybody(evidence: Evidence) -> None:
    """The categories of a variable that is always given add up to everybody; small segments are left out."""
    everybody, *segments = evidence.simulator.segments
    kinds = [one for one in segments if one.variable == "NAME_CONTRACT_TYPE"]

    assert sum(sum(one.good) for one in kinds) == sum(everybody.good)
    assert min(sum(one.good) + sum(one.defaulted) for one in segments) >= LEAST_SEGMENT
    assert {"DAYS_BIRTH", "AMT_CREDIT"} <= {one.variable for one in segments}


def test_simulator_has_an_edge_at_every_whole_ratio() -> None:
    """A slider over ratios or half points of probability always stops on an edge."""
    edges = simulator_edges((0.0777,))

    assert {1 / 2, 1 / 11, 1 / 51, 0.05, 0.0777} <= set(edges.tolist())


def test_candidates_are_told_from_the_champion(evidence: Evidence) -> None:
    """One row is the champion, and has no difference to itself."""
    (champion,) = [one for one in evidence.candidates if one.champion]

    assert (champion.cost_difference.mean, champion.log_loss_difference.mean) == (0.0, 0.0)
    assert champion.size_bytes
    assert champion.size_bytes > 1000
    assert champion.latency_us
    assert champion.latency_us > 1
