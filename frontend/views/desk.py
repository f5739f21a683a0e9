"""The officer's part of a decision: what they decide, why, who signs with them, and the letter."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from frontend.desk.cases import (
    REASON_CODES,
    WAITING,
    CaseRuleError,
    NewCase,
    OfficerDecision,
    State,
    Verdict,
    needs_second,
)
from frontend.desk.store import ConflictError, StoreError
from frontend.letters.decision_letter import decision_letter, reference_of
from frontend.letters.letter import LetterFontError, letter_pdf
from frontend.sentences.cases import say_decision, say_state
from frontend.views import session
from frontend.views.drawing import heading
from frontend.views.snapshot import decision_store, page_settings

if TYPE_CHECKING:
    from frontend.applications.snapshot import Snapshot
    from frontend.desk.cases import Case

AMOUNT = "AMT_CREDIT"
_OFFICER = "agent"
_OFFICER_KEPT = "agent_garde"
_NUMBER, _NAME = "dossier_numero", "dossier_nom"
_VERDICT, _REASON, _COMMENT = "decision_sens", "decision_motif", "decision_commentaire"
_KEY = "decision_cle"
_TOLD = "decision_echec"
# What an officer entered while a colleague decided.
_UNSIGNED = "decision_non_enregistree"


def officer() -> str:
    """Return who sits at the desk: the account that is logged in, else the name that was given."""
    if getattr(st.user, "is_logged_in", False):
        return str(st.user.get("email") or st.user.get("name") or "")
    return str(st.session_state.get(_OFFICER_KEPT, "")).strip()


def show_officer() -> None:
    """Ask who sits at the desk, where nobody is logged in."""
    words = session.words()
    if getattr(st.user, "is_logged_in", False):
        st.caption(words("desk.logged_in", officer=officer()))
        return
    st.session_state[_OFFICER_KEPT] = st.text_input(
        words("desk.officer"),
        value=st.session_state.get(_OFFICER_KEPT, ""),
        key=_OFFICER,
        autocomplete="off",
        help=words("desk.officer_help"),
    )


def keep_proposal() -> None:
    """Put the proposal of a client's file before the officers; a failure is told, and the button offers it again."""
    scored = session.scored()
    if scored is not None and scored.client is not None:
        _open_case(scored.client.number, scored.client.name, scored.client.address)


def _open_case(number: str, name: str, address: tuple[str, ...] = ()) -> None:
    scored = session.scored()
    if scored is None:
        return
    amount = scored.application.get(AMOUNT)
    new = NewCase(
        client_number=number,
        client_name=name,
        client_address=address,
        opened_by=officer(),
        opened_at=datetime.now(UTC),
        amount=float(amount) if isinstance(amount, int | float) else None,
        inputs=scored.application,
        reply=scored.answer.reply,
        language=scored.language,
    )
    try:
        session.show_case(decision_store().open(new))
        st.session_state.pop(_TOLD, None)
        st.session_state.pop(_UNSIGNED, None)
    except StoreError as error:
        st.session_state[_TOLD] = error


def show_desk(snapshot: Snapshot) -> None:
    """Draw the officer's part under the decision."""
    words = session.words()
    heading(words("desk.title"))
    st.caption(words("decision.who"))
    _show_told()
    case = session.open_case()
    if case is None:
        _show_new_case()
        return
    st.markdown(words("desk.case", reference=reference_of(case), state=say_state(case.state, words)))
    for one in case.decisions:
        st.markdown(f"- {say_decision(one, words)}")
    if case.state in WAITING:
        _show_form(case)
    else:
        _show_letter(case, snapshot)


def _show_new_case() -> None:
    """Ask whose application a typed one is, so that it can be decided."""
    words, scored = session.words(), session.scored()
    if scored is not None and scored.client is not None:
        st.button(words("desk.keep"), on_click=keep_proposal, icon=":material/save:", key="dossier_garder")
        return
    st.markdown(words("desk.typed"))
    columns = st.columns(2)
    number = columns[0].text_input(words("desk.number"), key=_NUMBER, autocomplete="off")
    name = columns[1].text_input(words("desk.name"), key=_NAME, autocomplete="off")
    st.button(
        words("desk.keep"),
        on_click=_open_case,
        args=(number.strip(), name.strip()),
        icon=":material/save:",
        key="dossier_garder",
    )


def _show_form(case: Case) -> None:
    words, limit = session.words(), page_settings().four_eyes_amount
    show_officer()
    if case.state is State.TO_COUNTERSIGN:
        st.warning(words("desk.countersign", officer=case.decisions[-1].officer), icon=":material/group:")
    verdict = st.segmented_control(
        words("desk.verdict"), list(Verdict), format_func=_say_verdict, key=_entry_key(_VERDICT, case)
    )
    reason = st.selectbox(
        words("desk.reason"),
        REASON_CODES,
        index=None,
        format_func=lambda code: words("desk.coded", code=code, text=words(f"desk_reason.{code}")),
        placeholder=words("desk.choose"),
        key=_entry_key(_REASON, case),
    )
    comment = st.text_area(words("desk.comment"), key=_entry_key(_COMMENT, case), help=words("desk.comment_help"))
    if verdict is not None and case.state is State.TO_DECIDE and needs_second(verdict, case, four_eyes_amount=limit):
        st.info(words("desk.will_need_second"), icon=":material/group:")
    ready = verdict is not None and reason is not None
    if st.button(words("desk.sign"), type="primary", icon=":material/draw:", key="decision_signer", disabled=not ready):
        _sign(case, Verdict(verdict or Verdict.GRANT), reason or "", comment.strip())


def _entry_key(name: str, case: Case) -> str:
    """Return the key of a widget of the form; each version of a case has its own: nobody countersigns blindly."""
    return f"{name}_{case.id}_{case.version}"


def _say_verdict(verdict: Verdict) -> str:
    return session.words()(f"desk_verdict.{verdict.value}")


def _sign(case: Case, verdict: Verdict, reason: str, comment: str) -> None:
    """Keep the decision; where it cannot be kept, what was entered stays and the same click sends it again."""
    key = st.session_state.setdefault(f"{_KEY}_{case.id}_{case.version}_{officer()}_{verdict}", str(uuid.uuid4()))
    decision = OfficerDecision(key, officer(), verdict, reason, comment, datetime.now(UTC))
    try:
        session.show_case(decision_store().decide(case, decision))
        st.session_state.pop(_TOLD, None)
        st.session_state.pop(_UNSIGNED, None)
    except ConflictError as error:
        session.show_case(error.case)
        st.session_state[_TOLD] = error
        st.session_state[_UNSIGNED] = decision
    except (StoreError, CaseRuleError) as error:
        st.session_state[_TOLD] = error
    st.rerun()


def _show_told() -> None:
    error, words = st.session_state.get(_TOLD), session.words()
    if isinstance(error, StoreError):
        st.error(f"{words(error.reason)} {words('error.kept')}", icon=":material/database_off:")
        _show_unsigned()
    elif isinstance(error, CaseRuleError):
        st.error(words(error.reason), icon=":material/gavel:")


def _show_unsigned() -> None:
    """Show what the officer had entered when a colleague was faster, to be read and taken up again."""
    words, unsigned = session.words(), st.session_state.get(_UNSIGNED)
    if unsigned is None:
        return
    entered = words(
        "desk.unsigned", verdict=_say_verdict(unsigned.verdict), reason=words(f"desk_reason.{unsigned.reason_code}")
    )
    st.markdown(f"{entered} « {unsigned.comment} »" if unsigned.comment else entered)


def _show_letter(case: Case, snapshot: Snapshot) -> None:
    words = session.words()
    if case.final is None:
        return
    currency = words.of(snapshot.contract["conventions"]["currency"])
    try:
        content = letter_pdf(decision_letter(case, snapshot.form, currency, page_settings(), words))
    except LetterFontError as error:
        st.error(words("letter.no_font", letters=error.letters), icon=":material/font_download_off:")
        return
    st.download_button(
        words("letter.download"),
        content,
        file_name=f"{words('letter.file')}-{reference_of(case)}.pdf",
        mime="application/pdf",
        on_click="ignore",
        icon=":material/mail:",
        key="lettre",
    )
    st.caption(words("letter.read_first"))
