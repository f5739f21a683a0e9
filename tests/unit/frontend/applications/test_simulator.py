"""The policy simulator."""

from __future__ import annotations

from typing import Any

import pytest

from frontend.applications.simulator import cheapest, everybody, nearest, segments_of, simulate, variables

COSTS = {"false_negative_cost": 10.0, "false_positive_cost": 1.0}


def test_simulated_costs_are_those_of_the_evidence(evidence: dict[str, Any]) -> None:
    """Counted by bin or row by row, a policy costs the same."""
    simulator = evidence["simulator"]
    policies = simulate(everybody(simulator), simulator["edges"], **COSTS)

    for measured in evidence["cost_curve"]:
        simulated = nearest(policies, measured["threshold"])
        assert simulated.cost == pytest.approx(measured["cost"]["value"])
        assert simulated.refusal_rate == pytest.approx(measured["refusal_rate"])
        assert simulated.default_rate_accepted == pytest.approx(measured["default_rate_accepted"])
        assert simulated.default_rate_refused == pytest.approx(measured["default_rate_refused"])


def test_the_cheapest_threshold_of_true_probabilities_is_that_of_theory(evidence: dict[str, Any]) -> None:
    """At 10 to 1 it is near 1/11, and it falls as defaults get dearer."""
    simulator = evidence["simulator"]
    tens, fifties = (
        cheapest(simulate(everybody(simulator), simulator["edges"], false_negative_cost=cost, false_positive_cost=1.0))
        for cost in (10.0, 50.0)
    )

    assert tens.threshold == pytest.approx(1 / 11, abs=0.025)
    assert fifties.threshold < tens.threshold


def test_segments_add_up_to_everybody(evidence: dict[str, Any]) -> None:
    """Cutting the applications by a variable loses none."""
    simulator = evidence["simulator"]
    for variable in variables(simulator):
        parts = [simulate(one, simulator["edges"], **COSTS)[0] for one in segments_of(simulator, variable)]
        assert sum(part.n_applications for part in parts) == evidence["n_applications"]


def test_a_policy_without_accepted_has_no_default_rate_of_them() -> None:
    """Not applicable is no zero."""
    (policy,) = simulate({"good": [0, 3], "defaulted": [0, 1]}, [0.1], **COSTS)

    assert (policy.default_rate_accepted, policy.default_rate_refused) == (None, 0.25)
