"""What the letter of a decision says: who, when, on what, why, and what the applicant may ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frontend.desk.cases import Verdict, departs
from frontend.letters.letter import Letter, Section
from frontend.sentences.fields import say_label, say_value
from frontend.sentences.origins import say_date

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frontend.applications.form import Form
    from frontend.desk.cases import Case, OfficerDecision
    from frontend.settings import Settings
    from frontend.wording.words import Words

_CODE_CHARACTERS = 8


def reference_of(case: Case) -> str:
    """Return what an applicant quotes: the client's number and the beginning of the case's."""
    return f"{case.client_number or '-'}-{case.id[:_CODE_CHARACTERS]}"


def decision_letter(case: Case, form: Form, currency: str, settings: Settings, words: Words) -> Letter:
    """Return the letter of a case that is decided.

    Raises
    ------
    ValueError
        When no decision stands: a proposal is never handed out as one.
    """
    final = case.final
    if final is None:
        raise ValueError("no decision stands yet")
    amount = words("letter.no_amount") if case.amount is None else words.quantity(case.amount, 0, currency)
    return Letter(
        language=words.language,
        subject=words("letter.subject", reference=reference_of(case)),
        sender=(settings.lender, *settings.lender_address),
        recipient=(case.client_name or case.client_number, *case.client_address),
        place=(
            words("letter.date", date=say_date(final.made_at, words)),
            words("letter.reference", reference=reference_of(case)),
            words("letter.client", number=case.client_number or "-"),
        ),
        greeting=words("letter.greeting"),
        sections=(
            Section(paragraphs=(words(f"letter.{final.verdict.value}", amount=amount), words("letter.by_a_person"))),
            *_reasons(case, final, words),
            _rights(settings, words),
            Section(words("letter.data"), (words("letter.data_text"),), facts=_data(case, form, words)),
        ),
        closing=words("letter.closing"),
        footer=words("letter.footer", version=case.answer.origin.version, request=case.answer.origin.request_id),
    )


def _reasons(case: Case, final: OfficerDecision, words: Words) -> tuple[Section, ...]:
    """Return why a credit is refused: the model's reasons where they are, the officer's where it was theirs alone."""
    if final.verdict is Verdict.GRANT:
        return ()
    if departs(final.verdict, case.answer):
        told = (words(f"desk_reason.{final.reason_code}"),)
        return (Section(words("letter.reasons"), (words("letter.own_reasons"),), told),)
    points = tuple(one.sentence for one in case.answer.reasons if one.contribution > 0)
    better = tuple(dict.fromkeys(one.better for one in case.answer.reasons if one.better))
    return (
        Section(words("letter.reasons"), (words("letter.reasons_text"),), points),
        *((Section(words("letter.better"), points=better),) if better else ()),
    )


def _rights(settings: Settings, words: Words) -> Section:
    address = ", ".join((settings.lender, *settings.lender_address))
    rights = tuple(words(f"letter.right.{name}") for name in ("explanation", "view", "review", "correct", "complain"))
    return Section(
        words("letter.rights"), (words("letter.rights_text"),), (*rights, words("letter.address", address=address))
    )


def _data(case: Case, form: Form, words: Words) -> Mapping[str, str]:
    """Return every value that was used, by its label; what was not known is not listed."""
    return {
        say_label(field, words): say_value(field, value, words)
        for field in form.fields
        if (value := case.inputs.get(field.name)) is not None
    }
