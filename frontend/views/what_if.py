"""What if: change a few values, see the decision move, follow one of them along a curve, compare two scenarios."""

from __future__ import annotations

from itertools import batched
from typing import TYPE_CHECKING

import streamlit as st

from frontend.applications.scenarios import changed_fields, curve, grid
from frontend.figures.curves import Curve, curve_figure, say_crossings
from frontend.figures.risk import gauge
from frontend.sentences.decisions import say_change, say_comparison, say_decision, say_decision_briefly
from frontend.sentences.fields import say_label, say_value
from frontend.views import scenario, session
from frontend.views.drawing import attempt, draw, heading, pen
from frontend.views.levels import is_drawn, show_level, show_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frontend.api.answers import Answer
    from frontend.applications.form import FormField, Value
    from frontend.applications.snapshot import Desk

N_STRONG_FIELDS = 4
N_COLUMNS = 2
_WANTED = "scenario_choix"
_ALONG = "scenario_courbe"
_ALONG_KEPT = "scenario_courbe_choisie"
_WHOLE_PAGE = "scenario_page"


def show_what_if(desk: Desk) -> None:
    """Draw the tab."""
    outcome = session.outcome()
    if outcome is None:
        st.info(session.words()("what_if.none"), icon=":material/info:")
        return
    scenario.start(outcome)
    _show_scenario(desk, outcome)


@st.fragment
def _show_scenario(desk: Desk, outcome: session.Outcome) -> None:
    """Draw what depends on the scenario: a change draws this again, and not the form beside it."""
    if st.session_state.pop(_WHOLE_PAGE, False):
        st.rerun()
    words = session.words()
    st.markdown(words("what_if.intro"))
    _show_changes(desk)
    answer = _score(desk, scenario.current())
    if answer is None:
        return
    _show_answer(answer, outcome, desk)
    _show_curve(desk, outcome)
    _show_comparison(answer, outcome, desk)


def _show_changes(desk: Desk) -> None:
    words = session.words()
    fields = {field.name: field for field in desk.form.fields}
    wanted = st.multiselect(
        words("what_if.fields"),
        list(fields),
        default=[name for name in scenario.shown_fields(_first_fields(desk)) if name in fields],
        format_func=lambda name: say_label(fields[name], words),
        key=_WANTED,
    )
    scenario.show_fields(wanted)
    chosen = {name: fields[name] for name in wanted}
    show_unknown(chosen, desk.contract)
    known = [field for field in chosen.values() if is_drawn(field)]
    # Row by row, so that a phone, which stacks the columns, keeps the order.
    for row in batched(known, N_COLUMNS):
        for column, field in zip(st.columns(N_COLUMNS), row, strict=False):
            with column:
                show_level(field, desk.contract)
    with st.container(horizontal=True):
        st.button(words("what_if.reset"), on_click=_reset, icon=":material/undo:", key="scenario_annuler")
        st.button(
            words("what_if.apply"), on_click=_apply, args=(desk,), icon=":material/move_item:", key="scenario_reporter"
        )


def _first_fields(desk: Desk) -> list[str]:
    """Return what to offer first: what the applicant can change, then what matters most."""
    levers = dict.fromkeys(lever["target"] for lever in desk.contract["levers"])
    strongest = sorted(desk.form.fields, key=lambda field: -field.importance)
    numbers = [field.name for field in strongest if field.kind == "number" and field.name not in levers]
    return [*levers, *numbers[:N_STRONG_FIELDS]]


def _reset() -> None:
    outcome = session.outcome()
    if outcome is not None:
        scenario.change_to(outcome.application)


def _apply(desk: Desk) -> None:
    session.fill(desk, scenario.current())
    session.open_tab("dossier")
    st.session_state[_WHOLE_PAGE] = True


def _score(desk: Desk, application: Mapping[str, Value]) -> Answer | None:
    question = ("score", desk.seal, session.language(), dict(application))
    return attempt(lambda: scenario.remembered(question, lambda: session.client(desk).score(application)), "scenario")


def _show_answer(answer: Answer, outcome: session.Outcome, desk: Desk) -> None:
    words = session.words()
    icon = ":material/block:" if answer.refused else ":material/check_circle:"
    heading(f"{icon} {say_decision(refused=answer.refused, words=words)}")
    before = outcome.answer.default_probability
    st.markdown(
        words(
            "what_if.now",
            probability=f"**{words.percent(answer.default_probability)}**",
            before=words.percent(before),
            change=say_change(answer.default_probability, before, words),
        )
    )
    draw(
        gauge(
            answer.default_probability,
            answer.threshold,
            desk.rule.review_band,
            alternative=say_comparison(answer, words),
            refused=answer.refused,
            pen=pen(),
        )
    )
    for reason in answer.review:
        st.markdown(f":material/person_search: {reason}")


def _show_curve(desk: Desk, outcome: session.Outcome) -> None:
    words = session.words()
    heading(words("what_if.curve"))
    fields = {field.name: field for field in sorted(desk.form.fields, key=lambda field: -field.importance)}
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
    drawn = attempt(lambda: _curve(fields[name], desk, outcome), "courbe")
    if drawn is None or not drawn.points:
        return
    draw(curve_figure(drawn, pen=pen()))
    st.caption(f"{words('what_if.curve_caption')} {say_crossings(drawn, pen())}")


def _curve(field: FormField, desk: Desk, outcome: session.Outcome) -> Curve:
    application = scenario.current()
    here, before = application.get(field.name), outcome.application.get(field.name)
    values = sorted_with(grid(desk.contract, field.name, here), before)
    question = ("curve", desk.seal, field.name, [str(value) for value in values], {**application, field.name: None})
    points = scenario.remembered(question, lambda: curve(session.client(desk), application, field.name, values))
    return Curve(field, points, desk.rule.threshold, desk.rule.review_band, here, before)


def sorted_with(values: tuple[Value, ...], value: Value) -> tuple[Value, ...]:
    """Return the values of a curve with one more among them, where it is a number that is not there yet.

    >>> sorted_with((1.0, 3.0), 2)
    (1.0, 2, 3.0)
    """
    if value in values or not isinstance(value, int | float):
        return values
    numbers = [one for one in values if isinstance(one, int | float)]
    return tuple(sorted([*numbers, value]))


def _show_comparison(answer: Answer, outcome: session.Outcome, desk: Desk) -> None:
    words = session.words()
    heading(words("what_if.compare"))
    st.button(words("what_if.pin"), on_click=scenario.keep, icon=":material/keep:", key="scenario_garder")
    kept = scenario.kept()
    first = dict(outcome.application) if kept is None else kept
    second = scenario.current()
    answer_of_first = _score(desk, first)
    if answer_of_first is None:
        return
    changes = changed_fields(desk.form, first, second)
    if not changes:
        st.info(words("what_if.identical"), icon=":material/info:")
        return
    title = words("what_if.a_file" if kept is None else "what_if.a")
    rows = [_summary(one) for one in (answer_of_first, answer)]
    st.table(
        {
            words("what_if.item"): [*rows[0], *(say_label(field, words) for field, _, _ in changes)],
            title: [*rows[0].values(), *(say_value(field, value, words) for field, value, _ in changes)],
            words("what_if.b"): [*rows[1].values(), *(say_value(field, value, words) for field, _, value in changes)],
        },
        hide_index=True,
        border="horizontal",
    )


def _summary(answer: Answer) -> dict[str, str]:
    words = session.words()
    return {
        words("what_if.decision"): say_decision_briefly(refused=answer.refused, words=words),
        words("what_if.probability"): words.percent(answer.default_probability, 2),
        words("what_if.review"): words("what_if.yes" if answer.review else "what_if.no"),
    }
