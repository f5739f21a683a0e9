"""The letter an applicant is handed, read back from its PDF."""

from __future__ import annotations

import io
import re
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from frontend.applications.form import read_form
from frontend.desk.cases import Case, OfficerDecision, State, Verdict
from frontend.letters import letter as letter_module
from frontend.letters.decision_letter import decision_letter, reference_of
from frontend.letters.letter import LetterFontError, letter_pdf
from frontend.settings import Settings
from frontend.wording.words import words_of
from tests.builders.cases import a_decision, a_new_case, a_reply

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from frontend.wording.words import Language


def a_decided_case(*decisions: OfficerDecision, name: str = "Hélène Roy", **reply: object) -> Case:
    """Return a case that is decided."""
    new = replace(a_new_case(reply=a_reply(**reply)), client_name=name)
    fields = {one: getattr(new, one) for one in asdict(new)}
    return Case(**fields, id="0a1b2c3d-1111", state=State.DECIDED, version=2, decisions=decisions)


def read_back(case: Case, contract: dict[str, Any], language: Language = "fr") -> str:
    """Return the words of the letter as a PDF reader finds them, spaces and line ends as one."""
    letter = decision_letter(case, read_form(contract), "€", Settings(), words_of(language))
    pages = PdfReader(io.BytesIO(letter_pdf(letter))).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def test_a_refusal_says_all_that_it_has_to(contract: dict[str, Any]) -> None:
    """Who, when, under which reference, on what data, for which reasons, and what one may ask for, where."""
    case = a_decided_case(a_decision(Verdict.REFUSE))

    told = read_back(case, contract)

    for expected in (
        "Hélène Roy",
        "1 rue du Moulin",
        "Le 30/11/2026",
        reference_of(case),
        "Nous ne pouvons pas donner suite à votre demande de crédit de 300 000 €",
        case.answer.reasons[0].sentence,
        "réexamen de l’évaluation et de la décision par une personne",
        "faire corriger",
        "Écrivez à : Prêt à dépenser, Service clients",
        "Les données utilisées",
        "Montant du crédit 300 000 €",
        case.answer.origin.request_id,
    ):
        assert re.sub(r"\s+", " ", expected) in told


def test_a_refusal_tells_adverse_reasons_only(contract: dict[str, Any]) -> None:
    """What speaks for the applicant is no reason of a refusal."""
    case = a_decided_case(a_decision(Verdict.REFUSE))
    favourable = [one.sentence for one in (*case.answer.reasons, *case.answer.favourable) if one.contribution <= 0]

    told = read_back(case, contract)

    assert [sentence for sentence in favourable if sentence in told] == []


def test_an_officer_s_own_refusal_has_their_reason(contract: dict[str, Any]) -> None:
    """Where the model would have granted, its reasons are not those of the refusal; a comment stays in the house."""
    case = a_decided_case(
        a_decision(Verdict.REFUSE, reason="D08", comment="Fiche de paie illisible."),
        classe="accepte",
        proposition="accord",
    )

    told = read_back(case, contract)

    assert "pièces manquantes ou douteuses" in told
    assert case.answer.reasons[0].sentence not in told
    assert "illisible" not in told


def test_a_grant_gives_no_reasons(contract: dict[str, Any]) -> None:
    """Who is granted a credit is told so, with the same rights."""
    told = read_back(a_decided_case(a_decision(Verdict.GRANT), classe="accepte", proposition="accord"), contract)

    assert "Nous acceptons votre demande" in told
    assert "principales raisons" not in told
    assert "Vos droits" in told


def test_a_letter_is_in_the_language_of_the_page(contract: dict[str, Any]) -> None:
    """An English page hands out an English letter."""
    assert "We cannot grant your application" in read_back(
        a_decided_case(a_decision(Verdict.REFUSE)), contract, language="en"
    )


def test_a_proposal_is_never_handed_out(contract: dict[str, Any]) -> None:
    """Without a decision of a person there is no letter."""
    waiting = replace(a_decided_case(), state=State.TO_DECIDE)

    with pytest.raises(ValueError, match="no decision stands"):
        decision_letter(waiting, read_form(contract), "€", Settings(), words_of("fr"))


def test_a_name_is_written_as_it_is(contract: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A name beyond the built-in letters is written right, or the letter is not written at all."""
    case = a_decided_case(a_decision(Verdict.REFUSE), name="Łucja Wiśniewska")
    if not any(path.is_file() for path in letter_module.FONT_FILES):
        pytest.skip("no font with these letters; apt-get install fonts-dejavu-core")
    assert "Łucja Wiśniewska" in read_back(case, contract)

    monkeypatch.setattr(letter_module, "FONT_FILES", (tmp_path / "absent.ttf",))

    with pytest.raises(LetterFontError, match="Łś"):
        read_back(case, contract)
