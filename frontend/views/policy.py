"""The policy: the rule in force, and what another threshold or another cost ratio would have done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from frontend.api.errors import UnexpectedReplyError
from frontend.applications.simulator import (
    RATIOS,
    Simulated,
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
from frontend.views.drawing import attempt, draw, heading, pen, show_trouble

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from frontend.applications.snapshot import Desk

# Thresholds above refuse nobody worth discussing; the slider would waste its length on them.
_LAST_THRESHOLD = 0.5


def show_policy(desk: Desk) -> None:
    """Draw the tab."""
    _show_rule(desk)
    evidence = attempt(lambda: desk.evidence, "politique")
    if evidence is None:
        return
    try:
        _show_simulator(evidence, desk)
        _show_sensitivity(evidence)
        _show_policies(evidence)
    except (KeyError, TypeError, ValueError, StopIteration) as error:
        show_trouble(UnexpectedReplyError(f"the evidence has no usable {error}"), "politique_forme")


def _show_rule(desk: Desk) -> None:
    words, rule, policy = session.words(), desk.rule, desk.contract["decision"]
    heading(words("policy.rule"))
    threshold = words.percent(rule.threshold, 2)
    costs = {"fn": words.number(rule.false_negative_cost, 2), "fp": words.number(rule.false_positive_cost, 2)}
    st.markdown(words("policy.rule_text", threshold=threshold, **costs))
    low, high = (words.percent(bound) for bound in policy["threshold_interval"])
    st.markdown(
        words(
            "policy.rule_interval",
            threshold=words.percent(policy["threshold"], 2),
            low=low,
            high=high,
            bayes=words.percent(policy["bayes_threshold"], 2),
            agreement=words("policy.within" if policy["bayes_within_interval"] else "policy.outside"),
        )
    )
    if rule.configured:
        st.info(words("decision.configured"), icon=":material/tune:")


def _show_simulator(evidence: Mapping[str, Any], desk: Desk) -> None:
    words, simulator = session.words(), evidence["simulator"]
    heading(words("policy.simulator"))
    n, rate = words.number(evidence["n_applications"]), words.percent(evidence["default_rate"])
    st.caption(words("policy.measured", n=n, default_rate=rate))
    served = evidence["false_negative_cost"] / evidence["false_positive_cost"]
    ratio = st.slider(words("policy.ratio"), *RATIOS, round(served), key="politique_rapport")
    policies = simulate(everybody(simulator), simulator["edges"], false_negative_cost=ratio, false_positive_cost=1.0)
    best, in_force = cheapest(policies), nearest(policies, desk.rule.threshold)
    offered = [one.threshold for one in policies if one.threshold <= _LAST_THRESHOLD]
    wanted = st.select_slider(
        words("policy.threshold"),
        offered,
        value=nearest(policies, min(in_force.threshold, offered[-1])).threshold,
        format_func=lambda one: words.percent(one, 2),
        key="politique_seuil",
    )
    chosen = nearest(policies, wanted)
    st.markdown(words("policy.best", threshold=words.percent(best.threshold, 2), cost=words.fixed(best.cost, 3)))
    _show_figures(chosen, in_force)
    heading(words("policy.curve"))
    # The intervals were measured at the costs of training; at others they would be those of another question.
    measured = evidence["cost_curve"] if ratio == served else ()
    draw(cost_curve(policies, measured, chosen=chosen, best=best, pen=pen()))
    if measured:
        st.caption(words("policy.curve_interval"))
    _show_segments(simulator, chosen.threshold, ratio, desk)


def _show_figures(chosen: Simulated, in_force: Simulated) -> None:
    words = session.words()
    figures = {
        "policy.cost": words.fixed(chosen.cost, 3),
        "policy.refusal": words.percent(chosen.refusal_rate),
        "policy.default_accepted": _rate(chosen.default_rate_accepted),
        "policy.default_refused": _rate(chosen.default_rate_refused),
    }
    with st.container(horizontal=True):
        for key, value in figures.items():
            st.metric(words(key), value, border=True)
    difference = chosen.cost - in_force.cost
    sign = "+" if difference > 0 else "−" if difference < 0 else "±"
    st.markdown(words("policy.against", delta=f"{sign}{words.fixed(abs(difference), 3)}"))


def _rate(rate: float | None) -> str:
    return "–" if rate is None else session.words().percent(rate)


def _show_segments(simulator: Mapping[str, Any], threshold: float, ratio: int, desk: Desk) -> None:
    words = session.words()
    fields = {name: field for name in variables(simulator) if (field := desk.form.field(name)) is not None}
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
        (_segment_name(one, desk), nearest(_policies(one, simulator, ratio), threshold))
        for one in segments_of(simulator, name)
    ]
    draw(segment_figure(rows, say_label(fields[name], words), pen=pen()))
    with st.expander(words("policy.table"), key="politique_table"):
        _table(
            {
                words("policy.segment"): [told for told, _ in rows],
                words("policy.n"): [words.number(one.n_applications) for _, one in rows],
                words("policy.refusal"): [words.percent(one.refusal_rate) for _, one in rows],
                words("policy.default_accepted"): [_rate(one.default_rate_accepted) for _, one in rows],
                words("policy.cost"): [words.fixed(one.cost, 3) for _, one in rows],
            }
        )


def _policies(segment: Mapping[str, Any], simulator: Mapping[str, Any], ratio: int) -> tuple[Simulated, ...]:
    return simulate(segment, simulator["edges"], false_negative_cost=ratio, false_positive_cost=1.0)


def _segment_name(segment: Mapping[str, Any], desk: Desk) -> str:
    """Return a segment as the form counts: a category by its label, a range in its unit and rising."""
    words, field = session.words(), desk.form.field(segment["variable"])
    if field is None:
        return str(segment["value"])
    if segment["low"] is None:
        return say_value(field, segment["value"], words)
    ends = sorted((segment["low"], segment["high"]), key=field.scale.show)
    return " – ".join(say_value(field, end, words) for end in ends)


def _show_sensitivity(evidence: Mapping[str, Any]) -> None:
    words, ratios = session.words(), evidence["ratios"]
    heading(words("policy.sensitivity"))
    st.markdown(words("policy.sensitivity_text"))
    draw(sensitivity_figure(ratios, evidence["threshold"], pen=pen()))
    with st.expander(words("policy.table"), key="politique_rapports"):
        _table(
            {
                words("policy.sensitivity_x"): [words.number(one["ratio"]) for one in ratios],
                words("policy.chosen_threshold"): [words.percent(one["threshold"], 2) for one in ratios],
                words("policy.interval"): [_interval(one["threshold_interval"]) for one in ratios],
                words("policy.cost_chosen"): [words.fixed(one["cost"], 3) for one in ratios],
                words("policy.cost_served"): [words.fixed(one["cost_at_served_threshold"], 3) for one in ratios],
                words("policy.refusal"): [words.percent(one["refusal_rate"]) for one in ratios],
            }
        )


def _interval(bounds: Sequence[float]) -> str:
    return " – ".join(session.words().percent(bound) for bound in bounds)


def _show_policies(evidence: Mapping[str, Any]) -> None:
    words, policies = session.words(), evidence["policies"]
    heading(words("policy.policies"))
    cost = [one["cost"] for one in policies]
    _table(
        {
            words("policy.policy"): [words.known(f"policy_name.{one['name']}", one["name"]) for one in policies],
            words("policy.cost"): [words.fixed(one["value"], 3) for one in cost],
            words("policy.interval"): [f"{words.fixed(one['low'], 3)} – {words.fixed(one['high'], 3)}" for one in cost],
            words("policy.refusal"): [words.percent(one["refusal_rate"]) for one in policies],
            words("policy.default_accepted"): [_rate(one["default_rate_accepted"]) for one in policies],
        }
    )


def _table(columns: Mapping[str, Sequence[str]]) -> None:
    st.table(dict(columns), hide_index=True, border="horizontal")
