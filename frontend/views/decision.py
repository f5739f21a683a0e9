"""The decision: probability against threshold, reasons, levers, position among the reference, and origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from frontend.applications.reference import positions, share_below
from frontend.figures.positions import position_figure
from frontend.figures.reasons import waterfall
from frontend.figures.risk import gauge
from frontend.sentences.decisions import say_band, say_probability, say_range, say_reason
from frontend.sentences.fields import say_label, say_names
from frontend.sentences.origins import say_instant, say_milliseconds
from frontend.views import scenario, session
from frontend.views.desk import show_desk
from frontend.views.drawing import attempt, decision_heading, draw, heading, minor_heading, show_facts, theme
from frontend.views.snapshot import expire_snapshot
from frontend.wording.numerals import NOT_APPLICABLE

if TYPE_CHECKING:
    from frontend.api.answers import Answer
    from frontend.api.levers import LeversAnswer, Proposal
    from frontend.applications.form import Value
    from frontend.applications.snapshot import Snapshot

_LEVERS = "leviers"


def show_decision(snapshot: Snapshot) -> None:
    """Draw the tab."""
    words = session.words()
    attempt(lambda: session.retell(snapshot), "langue")
    scored = session.scored()
    if scored is None:
        st.info(words("decision.none"), icon=":material/info:")
        return
    answer = scored.answer
    if scored.entered != session.application(snapshot):
        st.info(words("decision.stale"), icon=":material/edit_note:")
    if answer.origin.seal != snapshot.seal:
        expire_snapshot()
        st.info(words("decision.replaced"), icon=":material/update:")
    _show_verdict(answer, snapshot)
    _show_reasons(answer)
    show_desk(snapshot)
    if answer.refused:
        _show_levers(scored, snapshot)
    _show_position(scored, snapshot)
    _show_origin(scored)


def _show_verdict(answer: Answer, snapshot: Snapshot) -> None:
    words = session.words()
    band = snapshot.rule.review_band
    decision_heading(answer)
    st.markdown(say_probability(answer, words))
    draw(gauge(answer, band, theme=theme()))
    st.caption(say_band(band, words))
    if answer.review:
        reasons = "\n".join(f"- {one}" for one in answer.review)
        st.warning(f"{words('decision.review')}\n{reasons}", icon=":material/person_search:")
    else:
        st.markdown(f":material/how_to_reg: {words('decision.no_review')}")
    _show_coverage(answer, snapshot)


def _show_coverage(answer: Answer, snapshot: Snapshot) -> None:
    words = session.words()
    labels = {field.name: say_label(field, words) for field in snapshot.form.fields}
    sentences = [words("decision.coverage", coverage=words.percent(answer.coverage, 0))]
    if answer.missing:
        names = say_names(answer.missing, words, labels)
        sentences.append(words.counted("decision.missing", len(answer.missing), names=names))
    if answer.left_out:
        names = say_names(answer.left_out, words, labels)
        sentences.append(words.counted("decision.left_out", len(answer.left_out), names=names))
    if answer.probability_range:
        sentences.append(say_range(answer.probability_range, words))
    if answer.origin.threshold_configured:
        sentences.append(words("decision.configured"))
    st.markdown(" ".join(sentences))
    if answer.signals:
        told = "\n".join(f"- {words.pair(labels.get(one.field, one.field), one.detail)}" for one in answer.signals)
        st.markdown(f":material/rule: **{words('decision.signals')}**\n{told}")


def _show_reasons(answer: Answer) -> None:
    words = session.words()
    heading(words("decision.why"))
    st.markdown("\n".join(f"1. {say_reason(reason, words)}" for reason in answer.reasons))
    if answer.favourable:
        told = "\n".join(f"- {reason.sentence}" for reason in answer.favourable)
        minor_heading(words("decision.favourable"))
        st.markdown(told)
    minor_heading(words("decision.waterfall_title"))
    draw(waterfall(answer, theme=theme()))
    st.caption(words("decision.note"))


def _show_levers(scored: session.ScoredApplication, snapshot: Snapshot) -> None:
    words = session.words()
    heading(words("decision.levers"))
    answer = attempt(lambda: _levers(scored, snapshot), "leviers", waiting=words("decision.levers_wait"))
    if answer is None:
        return
    st.markdown(answer.sentence)
    for rank, proposal in enumerate(answer.proposals):
        _show_proposal(rank, proposal, scored)


def _levers(scored: session.ScoredApplication, snapshot: Snapshot) -> LeversAnswer:
    """Return the levers of an answer, asked for once in each language."""
    key = (scored.answer.origin.request_id, session.language())
    kept = st.session_state.get(_LEVERS)
    if kept is None or kept[0] != key:
        kept = (key, session.client(snapshot).levers(scored.application))
        st.session_state[_LEVERS] = kept
    answer: LeversAnswer = kept[1]
    return answer


def _show_proposal(rank: int, proposal: Proposal, scored: session.ScoredApplication) -> None:
    words = session.words()
    probability, threshold = words.percents_apart(proposal.default_probability, scored.answer.threshold)
    result = words("decision.lever_result", probability=probability, threshold=threshold)
    sentences = [f"**{proposal.sentence}**", result]
    if proposal.review:
        sentences.append(words("decision.lever_review"))
    with st.container(border=True):
        st.markdown(" ".join(sentences))
        changed = {**scored.application, **{one.field: one.after for one in proposal.changes}}
        st.button(
            words("decision.try_lever"),
            key=f"essayer_{rank}",
            icon=":material/tune:",
            on_click=_try,
            args=(changed, scored),
        )


def _try(changed: dict[str, Value], scored: session.ScoredApplication) -> None:
    scenario.start(scored)
    scenario.change_to(changed)
    session.open_tab("what_if")


def _show_position(scored: session.ScoredApplication, snapshot: Snapshot) -> None:
    words = session.words()
    heading(words("decision.position"))
    reference = snapshot.contract["reference"]["probability"]
    share = share_below(reference, scored.answer.default_probability, low=0.0, high=1.0)
    st.markdown(words("decision.rank", share=words.percent(share, 0)))
    draw(position_figure(positions(snapshot.contract, scored.application), snapshot.form, theme=theme()))
    st.caption(words("decision.position_caption"))


def _show_origin(scored: session.ScoredApplication) -> None:
    words, origin = session.words(), scored.answer.origin
    computing = say_milliseconds(origin.computing_ms, words)
    round_trip = NOT_APPLICABLE if scored.round_trip_ms is None else say_milliseconds(scored.round_trip_ms, words)
    facts = words("decision.facts", version=origin.version, computing=computing, round_trip=round_trip)
    st.caption(f":material/memory: {facts}")
    details = {
        words("decision.model"): origin.version,
        words("decision.seal"): origin.seal,
        words("decision.answered"): say_instant(origin.answered_at, words),
        words("decision.computing"): computing,
        words("decision.round_trip"): round_trip,
        words("decision.request"): origin.request_id,
    }
    with st.expander(words("decision.origin"), key="tracabilite"):
        show_facts(details, "reponse")
