"""The policy: the rule in force, and what another threshold or another cost ratio would have done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from frontend.api.errors import reading
from frontend.applications.simulator import (
    HIGHEST_THRESHOLD,
    RATIOS,
    SimulatedPolicy,
    cheapest,
    everybody,
    nearest,
    segments_of,
    simulate,
    variables,
)
from frontend.figures.policy import cost_curve, segment_figure, sensitivity_figure
from frontend.sentences.fields import say_label, say_value
from frontend.views import session
from frontend.views.drawing import attempt, draw, heading, show_metrics, show_table, theme
from frontend.views.policy_trial import show_policy_trial
from frontend.views.pricing import show_pricing
from frontend.wording.numerals import say_interval

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from frontend.applications.snapshot import Snapshot


def show_policy(snapshot: Snapshot) -> None:
    """Draw the tab."""
    _show_rule(snapshot)
    evidence = attempt(lambda: snapshot.evidence, "politique")
    if evidence is not None:
        attempt(lambda: _show_evidence(evidence, snapshot), "politique_forme")
    show_pricing(snapshot)
    show_policy_trial(snapshot)


@reading("the evidence")
def _show_evidence(evidence: Mapping[str, Any], snapshot: Snapshot) -> None:
    _show_simulator(evidence, snapshot)
    _show_sensitivity(evidence)
    _show_compared(evidence["policies"], evidence)


def _show_rule(snapshot: Snapshot) -> None:
    words, rule, decision = session.words(), snapshot.rule, snapshot.contract["decision"]
    heading(words("policy.rule"))
    threshold = words.percent(rule.threshold, 2)
    costs = {"fn": words.number(rule.false_negative_cost, 2), "fp": words.number(rule.false_positive_cost, 2)}
    st.markdown(words("policy.rule_text", threshold=threshold, **costs))
    low, high = (words.percent(bound) for bound in decision["threshold_interval"])
    st.markdown(
        words(
            "policy.rule_interval",
            threshold=words.percent(decision["threshold"], 2),
            low=low,
            high=high,
            bayes=words.percent(decision["bayes_threshold"], 2),
            agreement=words("policy.within" if decision["bayes_within_interval"] else "policy.outside"),
        )
    )
    if rule.configured:
        st.info(words("decision.configured"), icon=":material/tune:")


def _show_simulator(evidence: Mapping[str, Any], snapshot: Snapshot) -> None:
    words, simulator = session.words(), evidence["simulator"]
    heading(words("policy.simulator"))
    n, rate = words.number(evidence["n_applications"]), words.percent(evidence["default_rate"])
    st.caption(words("policy.measured", n=n, default_rate=rate))
    served = evidence["false_negative_cost"] / evidence["false_positive_cost"]
    ratio = st.slider(words("policy.ratio"), *RATIOS, round(served), key="politique_rapport")
    policies = _policies(everybody(simulator), simulator, ratio)
    best, in_force = cheapest(policies), nearest(policies, snapshot.rule.threshold)
    offered = [one.threshold for one in policies if one.threshold <= HIGHEST_THRESHOLD]
    wanted = st.select_slider(
        words("policy.threshold"),
        offered,
        value=nearest(policies, min(in_force.threshold, offered[-1])).threshold,
        format_func=lambda one: words.percent(one, 2),
        key="politique_seuil",
    )
    chosen = nearest(policies, wanted)
    st.markdown(words("policy.best", threshold=words.percent(best.threshold, 2), cost=words.fixed(best.cost, 3)))
    _show_chosen(chosen, in_force)
    heading(words("policy.curve"))
    # The intervals were measured at the costs of training; at others they would be those of another question.
    measured = evidence["cost_curve"] if ratio == served else ()
    draw(cost_curve(policies, measured, chosen=chosen, best=best, theme=theme()))
    if measured:
        st.caption(words("policy.curve_interval"))
    _show_segments(simulator, chosen.threshold, ratio, snapshot)


def _show_chosen(chosen: SimulatedPolicy, in_force: SimulatedPolicy) -> None:
    words = session.words()
    show_metrics(
        {
            "policy.cost": words.fixed(chosen.cost, 3),
            "policy.refusal": words.percent(chosen.refusal_rate),
            "policy.default_accepted": words.rate(chosen.default_rate_accepted),
            "policy.default_refused": words.rate(chosen.default_rate_refused),
        }
    )
    st.markdown(words("policy.against", delta=words.signed(chosen.cost - in_force.cost, 3)))


def _show_segments(simulator: Mapping[str, Any], threshold: float, ratio: int, snapshot: Snapshot) -> None:
    words = session.words()
    fields = {name: field for name in variables(simulator) if (field := snapshot.form.field(name)) is not None}
    if not fields:
        return
    heading(words("policy.segments"))
    name = st.selectbox(
        words("policy.segment_variable"),
        list(fields),
        format_func=lambda one: say_label(fields[one], words),
        key="politique_segment",
    )
    rows = [
        (_segment_name(one, snapshot), nearest(_policies(one, simulator, ratio), threshold))
        for one in segments_of(simulator, name)
    ]
    draw(segment_figure(rows, say_label(fields[name], words), theme=theme()))
    with st.expander(words("policy.table"), key="politique_table"):
        show_table(
            {
                words("policy.segment"): [told for told, _ in rows],
                words("policy.n"): [words.number(one.n_applications) for _, one in rows],
                words("policy.refusal"): [words.percent(one.refusal_rate) for _, one in rows],
                words("policy.default_accepted"): [words.rate(one.default_rate_accepted) for _, one in rows],
                words("policy.cost"): [words.fixed(one.cost, 3) for _, one in rows],
            }
        )


def _policies(segment: Mapping[str, Any], simulator: Mapping[str, Any], ratio: int) -> tuple[SimulatedPolicy, ...]:
    return simulate(segment, simulator["edges"], false_negative_cost=ratio, false_positive_cost=1.0)


def _segment_name(segment: Mapping[str, Any], snapshot: Snapshot) -> str:
    """Return a segment as the form counts: a category by its label, a range in its unit and rising."""
    words, field = session.words(), snapshot.form.field(segment["variable"])
    if field is None:
        return str(segment["value"])
    if segment["low"] is None:
        return say_value(field, segment["value"], words)
    ends = sorted((segment["low"], segment["high"]), key=field.scale.show)
    return say_interval(*(say_value(field, end, words) for end in ends))


def _show_sensitivity(evidence: Mapping[str, Any]) -> None:
    words, ratios = session.words(), evidence["ratios"]
    heading(words("policy.sensitivity"))
    st.markdown(words("policy.sensitivity_text"))
    st.caption(words("policy.same_rows", n=words.number(evidence["n_applications"])))
    draw(sensitivity_figure(ratios, evidence["threshold"], theme=theme()))
    with st.expander(words("policy.table"), key="politique_rapports"):
        show_table(
            {
                words("policy.sensitivity_x"): [words.number(one["ratio"]) for one in ratios],
                words("policy.chosen_threshold"): [words.percent(one["threshold"], 2) for one in ratios],
                words("policy.interval"): [words.percent_interval(*one["threshold_interval"]) for one in ratios],
                words("policy.cost_chosen"): [words.fixed(one["cost"], 3) for one in ratios],
                words("policy.cost_served"): [words.fixed(one["cost_at_served_threshold"], 3) for one in ratios],
                words("policy.refusal"): [words.percent(one["refusal_rate"]) for one in ratios],
            }
        )


def _show_compared(policies: Sequence[Mapping[str, Any]], evidence: Mapping[str, Any]) -> None:
    words, costs = session.words(), [one["cost"] for one in policies]
    heading(words("policy.policies"))
    st.caption(words("policy.same_rows", n=words.number(evidence["n_applications"])))
    show_table(
        {
            words("policy.policy"): [words.known(f"policy_name.{one['name']}", one["name"]) for one in policies],
            words("policy.cost"): [words.fixed(one["value"], 3) for one in costs],
            words("policy.interval"): [words.fixed_interval(one["low"], one["high"], 3) for one in costs],
            words("policy.refusal"): [words.percent(one["refusal_rate"]) for one in policies],
            words("policy.default_accepted"): [words.rate(one["default_rate_accepted"]) for one in policies],
        }
    )
