"""The lender's rules tried before they are published: what a draft would change, by proposal and by rule."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import streamlit as st

from frontend.api.answers import Outcome
from frontend.api.errors import InvalidApplicationError, reading
from frontend.views import session
from frontend.views.batch import uploaded_applications
from frontend.views.drawing import attempt, columns_of, heading, show_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from frontend.api.policy_trials import TrialAnswer
    from frontend.applications.snapshot import Snapshot


def show_policy_trial(snapshot: Snapshot) -> None:
    """Draw the upload of a draft and, once there is one, what it would make of the applications at hand."""
    words = session.words()
    heading(words("trial.title"))
    st.markdown(words("trial.intro"))
    uploaded = st.file_uploader(words("trial.upload"), type="json", key="regles_projet")
    if uploaded is None:
        return
    draft = _draft(uploaded.getvalue())
    if draft is None:
        st.error(words("trial.unreadable"), icon=":material/error:")
        return
    applications = uploaded_applications() or [dict(one.application) for one in snapshot.samples.values()]
    answer = attempt(lambda: _tried(snapshot, draft, applications), "essai", waiting=words("trial.waiting"))
    if answer is not None:
        attempt(lambda: _show_answer(answer), "essai_forme")


def _draft(content: bytes) -> dict[str, Any] | None:
    try:
        draft = json.loads(content)
    except ValueError:
        return None
    return draft if isinstance(draft, dict) else None


def _tried(
    snapshot: Snapshot, draft: Mapping[str, Any], applications: Sequence[Mapping[str, object]]
) -> TrialAnswer | None:
    """Return what the API says of the draft; what is wrong with it is shown in its own words."""
    try:
        return session.client(snapshot).try_policy(draft, applications[: snapshot.limits.rows])
    except InvalidApplicationError as error:
        told = "\n".join(f"- {problem.detail}" for problem in error.problems)
        st.error(f"{session.words()('trial.refused')}\n{told}", icon=":material/error:")
        return None


@reading("the trial")
def _show_answer(answer: TrialAnswer) -> None:
    words = session.words()
    st.markdown(words("trial.changed", n=words.number(answer.n), changed=words.number(answer.changed)))
    show_table(
        {
            words("trial.proposal"): [words(f"trial_outcome.{outcome.value}") for outcome in Outcome],
            words("trial.before"): [words.number(answer.before[outcome]) for outcome in Outcome],
            words("trial.after"): [words.number(answer.after[outcome]) for outcome in Outcome],
        }
    )
    if answer.rules:
        names = (words("trial.rule"), words("trial.held"), words("trial.unknown"))
        lines = [(rule.code, words.number(rule.held), words.number(rule.unknown)) for rule in answer.rules]
        show_table(columns_of(names, lines))
