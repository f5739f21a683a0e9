"""The decision: probability against threshold, reasons, place in the population, levers, and origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from frontend.applications.standing import share_below, standings
from frontend.figures.reasons import standing_figure, waterfall
from frontend.figures.risk import gauge
from frontend.sentences.decisions import (
    say_band,
    say_comparison,
    say_decision,
    say_instant,
    say_milliseconds,
)
from frontend.sentences.durations import as_durations
from frontend.sentences.fields import say_label, say_names
from frontend.views import scenario, session
from frontend.views.drawing import attempt, draw, heading, pen
from frontend.views.snapshot import forget_desk
from frontend.wording.numerals import telling_decimals

if TYPE_CHECKING:
    from frontend.api.answers import Answer
    from frontend.api.further_answers import LeversAnswer, Proposal
    from frontend.applications.snapshot import Desk

# The customary maximum of reasons told to an applicant is four; the figure shows them all.
N_TOLD_REASONS = 5
_LEVERS = "leviers"


def show_decision(desk: Desk) -> None:
    """Draw the tab."""
    words = session.words()
    attempt(lambda: session.retell(desk), "langue")
    outcome = session.outcome()
    if outcome is None:
        st.info(words("decision.none"), icon=":material/info:")
        return
    answer = outcome.answer
    if outcome.application != session.application(desk):
        st.info(words("decision.stale"), icon=":material/edit_note:")
    if answer.origin.seal != desk.seal:
        forget_desk()
        st.info(words("decision.replaced"), icon=":material/update:")
    _show_verdict(answer, desk)
    _show_reasons(as_durations(answer, desk.contract, desk.form, outcome.application, words))
    if answer.refused:
        _show_levers(outcome, desk)
    _show_place(outcome, desk)
    _show_origin(outcome)


def _show_verdict(answer: Answer, desk: Desk) -> None:
    words = session.words()
    icon = ":material/block:" if answer.refused else ":material/check_circle:"
    heading(f"{icon} {say_decision(refused=answer.refused, words=words)}")
    told = say_comparison(answer, words)
    st.markdown(told)
    band = desk.rule.review_band
    draw(
        gauge(
            answer.default_probability,
            answer.threshold,
            band,
            alternative=told,
            refused=answer.refused,
            pen=pen(),
        )
    )
    st.caption(say_band(band, words))
    if answer.review:
        reasons = "\n".join(f"- {one}" for one in answer.review)
        st.warning(f"{words('decision.review')}\n{reasons}", icon=":material/person_search:")
    else:
        st.markdown(f":material/how_to_reg: {words('decision.no_review')}")
    _show_coverage(answer, desk)


def _show_coverage(answer: Answer, desk: Desk) -> None:
    words = session.words()
    labels = {field.name: say_label(field, words) for field in desk.form.fields}
    sentences = [words("decision.coverage", coverage=words.percent(answer.coverage, 0))]
    if answer.missing:
        names = say_names(answer.missing, words, labels)
        sentences.append(words.counted("decision.missing", len(answer.missing), names=names))
    if answer.origin.threshold_configured:
        sentences.append(words("decision.configured"))
    st.markdown(" ".join(sentences))
    if answer.signals:
        told = "\n".join(f"- {words.pair(labels.get(one.field, one.field), one.detail)}" for one in answer.signals)
        st.markdown(f":material/rule: **{words('decision.signals')}**\n{told}")


def _show_reasons(answer: Answer) -> None:
    words = session.words()
    heading(words("decision.why"))
    st.markdown("\n".join(f"1. {reason.sentence}" for reason in answer.reasons[:N_TOLD_REASONS]))
    st.markdown(f"**{words('decision.waterfall_title')}**")
    draw(waterfall(answer, pen=pen()))
    st.caption(words("decision.note"))


def _show_levers(outcome: session.Outcome, desk: Desk) -> None:
    words = session.words()
    heading(words("decision.levers"))
    answer = attempt(lambda: _levers(outcome, desk), "leviers", waiting=words("decision.levers_wait"))
    if answer is None:
        return
    st.markdown(answer.sentence)
    for rank, proposal in enumerate(answer.proposals):
        _show_proposal(rank, proposal, outcome)


def _levers(outcome: session.Outcome, desk: Desk) -> LeversAnswer:
    """Return the levers of an answer, asked for once in each language."""
    key = (outcome.answer.origin.request_id, session.language())
    kept = st.session_state.get(_LEVERS)
    if kept is None or kept[0] != key:
        kept = (key, session.client(desk).levers(outcome.application))
        st.session_state[_LEVERS] = kept
    answer: LeversAnswer = kept[1]
    return answer


def _show_proposal(rank: int, proposal: Proposal, outcome: session.Outcome) -> None:
    words = session.words()
    threshold = outcome.answer.threshold
    decimals = telling_decimals(proposal.default_probability, threshold)
    told = [words.percent(one, decimals) for one in (proposal.default_probability, threshold)]
    result = words("decision.lever_result", probability=told[0], threshold=told[1])
    sentences = [f"**{proposal.sentence}**", result]
    if proposal.review:
        sentences.append(words("decision.lever_review"))
    with st.container(border=True):
        st.markdown(" ".join(sentences))
        changed = {**outcome.application, **{one.field: one.after for one in proposal.changes}}
        st.button(
            words("decision.try_lever"),
            key=f"essayer_{rank}",
            icon=":material/tune:",
            on_click=_try,
            args=(changed, outcome),
        )


def _try(changed: dict[str, float | int | str | None], outcome: session.Outcome) -> None:
    scenario.start(outcome)
    scenario.change_to(changed)
    session.open_tab("what_if")


def _show_place(outcome: session.Outcome, desk: Desk) -> None:
    words = session.words()
    heading(words("decision.position"))
    reference = desk.contract["reference"]["probability"]
    share = share_below(reference, outcome.answer.default_probability, low=0.0, high=1.0)
    st.markdown(words("decision.rank", share=words.percent(share, 0)))
    draw(standing_figure(standings(desk.contract, outcome.application), desk.form, pen=pen()))
    st.caption(words("decision.position_caption"))


def _show_origin(outcome: session.Outcome) -> None:
    words, origin = session.words(), outcome.answer.origin
    computing = say_milliseconds(origin.computing_ms, words)
    round_trip = say_milliseconds(outcome.round_trip_ms, words)
    facts = words("decision.facts", version=origin.version, computing=computing, round_trip=round_trip)
    st.caption(f":material/memory: {facts}")
    rows = {
        words("decision.model"): origin.version,
        words("decision.seal"): origin.seal,
        words("decision.answered"): say_instant(origin.answered_at, words),
        words("decision.computing"): computing,
        words("decision.round_trip"): round_trip,
        words("decision.request"): origin.request_id,
    }
    with st.expander(words("decision.origin"), key="tracabilite"):
        st.table({"": list(rows), " ": list(rows.values())}, hide_index=True, hide_header=True, border="horizontal")
