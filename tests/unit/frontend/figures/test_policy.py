"""What refusing at a threshold costs, drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frontend.applications.simulator import cheapest, everybody, simulate
from frontend.figures.policy import cost_curve, segment_figure, sensitivity_figure

if TYPE_CHECKING:
    from frontend.figures.chart import Theme


def test_the_cost_curve_names_its_least(evidence: dict[str, Any], theme: Theme) -> None:
    """The best threshold and the simulated one are said with their costs; intervals only where they belong."""
    simulator = evidence["simulator"]
    policies = simulate(everybody(simulator), simulator["edges"], false_negative_cost=10, false_positive_cost=1)
    best = cheapest(policies)

    figure = cost_curve(policies, (), chosen=policies[0], best=best, theme=theme)

    assert theme.words.percent(best.threshold) in figure.alternative
    assert figure.spec["layer"][0]["data"]["values"] == []


def test_segments_and_ratios_are_told(evidence: dict[str, Any], theme: Theme) -> None:
    """Their charts have sentences with their numbers."""
    simulator = evidence["simulator"]
    policy = simulate(everybody(simulator), simulator["edges"], false_negative_cost=10, false_positive_cost=1)[8]

    segments = segment_figure([("salarié", policy)], "Métier", theme=theme)
    ratios = sensitivity_figure(evidence["ratios"], 0.09, theme=theme)

    assert f"salarié : {theme.words.percent(policy.refusal_rate)}" in segments.alternative
    assert "10 → 9,1" in ratios.alternative
