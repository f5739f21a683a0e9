"""What if: change a few values, see the decision move, follow one of them along a curve, compare two scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from frontend.applications.scenarios import ProbabilityCurve, changed_fields, grid, probabilities_along, with_value
from frontend.figures.probability_curve import probability_curve_figure
from frontend.figures.risk import gauge
from frontend.sentences.decisions import say_decision_briefly
from frontend.sentences.fields import say_label, say_value
from frontend.sentences.scenarios import say_change, say_crossings
from frontend.views import scenario, session
from frontend.views.drawing import attempt, decision_heading, draw, heading, show_in_columns, show_table, theme
from frontend.views.scenario_fields import is_drawn, show_field, show_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frontend.api.answers import Answer
    from frontend.applications.form import FormField, Value
    from frontend.applications.snapshot import Snapshot

N_STRONG_FIELDS = 4
_WANTED = "scenario_choix"
_ALONG = "scenario_courbe"
_ALONG_KEPT = "scenario_courbe_choisie"
_WHOLE_PAGE = "scenario_page"


def show_what_if(snapshot: Snapshot) -> None:
    """Draw the tab."""
    scored = session.scored()
    if scored is None:
        st.info(session.words()("what_if.none"), icon=":material/info:")
        return
    scenario.start(scored)
    _show_scenario(snapshot, scored)


@st.fragment
def _show_scenario(snapshot: Snapshot, scored: session.ScoredApplication) -> None:
    """Draw what depends on the scenario: a change draws this again, and not the form beside it."""
    if st.session_state.pop(_WHOLE_PAGE, False):
        st.rerun()
    words = session.words()
    st.markdown(words("what_if.intro"))
    _show_changes(snapshot)
    answer = _score(snapshot, scenario.current())
    if answer is None:
        return
    _show_answer(answer, scored, snapshot)
    _show_curve(snapshot, scored)
    _show_comparison(answer, scored, snapshot)


def _show_changes(snapshot: Snapshot) -> None:
    words = session.words()
    fields = {field.name: field for field in snapshot.form.fields}
    wanted = st.multiselect(
        words("what_if.fields"),
        list(fields),
        default=[name for name in scenario.shown_fields(_first_fields(snapshot)) if name in fields],
        format_func=lambda name: say_label(fields[name], words),
        key=_WANTED,
        placeholder="",
    )
    scenario.show_fields(wanted)
    chosen = {name: fields[name] for name in wanted}
    show_unknown(chosen, snapshot.contract)
    known = [field for field in chosen.values() if is_drawn(field)]
    show_in_columns(known, lambda field: show_field(field, snapshot.contract))
    with st.container(horizontal=True):
        st.button(words("what_if.reset"), on_click=_reset, icon=":material/undo:", key="scenario_annuler")
        st.button(
            words("what_if.apply"),
            on_click=_apply,
            args=(snapshot,),
            icon=":material/move_item:",
            key="scenario_reporter",
        )


def _first_fields(snapshot: Snapshot) -> list[str]:
    """Return what to offer first: what the applicant can change, then what matters most."""
    levers = dict.fromkeys(lever["target"] for lever in snapshot.contract["levers"])
    strongest = sorted(snapshot.form.fields, key=lambda field: -field.importance)
    numbers = [field.name for field in strongest if field.kind == "number" and field.name not in levers]
    return [*levers, *numbers[:N_STRONG_FIELDS]]


def _reset() -> None:
    scored = session.scored()
    if scored is not None:
        scenario.change_to(scored.application)


def _apply(snapshot: Snapshot) -> None:
    session.fill(snapshot, scenario.current())
    session.open_tab("application")
    st.session_state[_WHOLE_PAGE] = True


def _score(snapshot: Snapshot, application: Mapping[str, Value]) -> Answer | None:
    question = ("score", snapshot.seal, session.language(), dict(application))
    return attempt(
        lambda: scenario.remembered(question, lambda: session.client(snapshot).score(application)), "scenario"
    )


def _show_answer(answer: Answer, scored: session.ScoredApplication, snapshot: Snapshot) -> None:
    words = session.words()
    decision_heading(answer)
    before = scored.answer.default_probability
    st.markdown(
        words(
            "what_if.now",
            probability=f"**{words.percent(answer.default_probability)}**",
            before=words.percent(before),
            change=say_change(answer.default_probability, before, words),
        )
    )
    draw(gauge(answer, snapshot.rule.review_band, theme=theme()))
    for reason in answer.review:
        st.markdown(f":material/person_search: {reason}")


def _show_curve(snapshot: Snapshot, scored: session.ScoredApplication) -> None:
    words = session.words()
    heading(words("what_if.curve"))
    fields = {field.name: field for field in sorted(snapshot.form.fields, key=lambda field: -field.importance)}
    names = list(fields)
    kept = st.session_state.get(_ALONG_KEPT)
    name = st.selectbox(
        words("what_if.curve_choice"),
        names,
        index=names.index(kept) if kept in names else 0,
        format_func=lambda one: say_label(fields[one], words),
        key=_ALONG,
    )
    st.session_state[_ALONG_KEPT] = name
    drawn = attempt(lambda: _curve(fields[name], snapshot, scored), "courbe")
    if drawn is None or not drawn.points:
        return
    draw(probability_curve_figure(drawn, theme=theme()))
    st.caption(f"{words('what_if.curve_caption')} {say_crossings(drawn, words)}")


def _curve(field: FormField, snapshot: Snapshot, scored: session.ScoredApplication) -> ProbabilityCurve:
    application = scenario.current()
    here, before = application.get(field.name), scored.application.get(field.name)
    values = with_value(grid(snapshot.contract, field.name, here), before)
    question = ("curve", snapshot.seal, field.name, [str(value) for value in values], {**application, field.name: None})
    points = scenario.remembered(
        question,
        lambda: probabilities_along(session.client(snapshot), snapshot.contract, application, field.name, values),
    )
    return ProbabilityCurve(field, points, snapshot.rule.threshold, snapshot.rule.review_band, here, before)


def _show_comparison(answer: Answer, scored: session.ScoredApplication, snapshot: Snapshot) -> None:
    words = session.words()
    heading(words("what_if.compare"))
    st.button(words("what_if.pin"), on_click=scenario.keep, icon=":material/keep:", key="scenario_garder")
    kept = scenario.kept()
    first = dict(scored.application) if kept is None else kept
    second = scenario.current()
    answer_of_first = _score(snapshot, first)
    if answer_of_first is None:
        return
    changes = changed_fields(snapshot.form, first, second)
    if not changes:
        st.info(words("what_if.identical"), icon=":material/info:")
        return
    title = words("what_if.a_file" if kept is None else "what_if.a")
    rows = [_summary(one) for one in (answer_of_first, answer)]
    show_table(
        {
            words("what_if.item"): [*rows[0], *(say_label(field, words) for field, _, _ in changes)],
            title: [*rows[0].values(), *(say_value(field, value, words) for field, value, _ in changes)],
            words("what_if.b"): [*rows[1].values(), *(say_value(field, value, words) for field, _, value in changes)],
        }
    )


def _summary(answer: Answer) -> dict[str, str]:
    words = session.words()
    return {
        words("what_if.decision"): say_decision_briefly(refused=answer.refused, words=words),
        words("what_if.probability"): words.percent(answer.default_probability, 2),
        words("what_if.review"): words("what_if.yes" if answer.review else "what_if.no"),
    }
