"""Reasons are told as people count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from frontend.api.answers import Answer, read_answer
from frontend.applications.form import read_form
from frontend.sentences.durations import as_durations, importance_by_label
from frontend.wording.words import words_of

if TYPE_CHECKING:
    from frontend.wording.words import Language, Words

APPLICATION = {"DAYS_BIRTH": -15_012}


def a_reason(feature: str, contribution: float) -> dict[str, Any]:
    """Return a reason as the API tells it."""
    return {"variable": feature, "libelle": feature, "contribution": contribution, "texte": f"{feature}."}


def told(contract: dict[str, Any], answer_body: dict[str, Any], words: Words, **contributions: float) -> Answer:
    """Return an answer with these reasons, retold."""
    reasons = [a_reason(feature, value) for feature, value in contributions.items()]
    answer = read_answer({**answer_body, "explications_locales": reasons})
    return as_durations(answer, contract, read_form(contract), APPLICATION, words)


@pytest.mark.parametrize(
    ("language", "label", "sentence"),
    [
        ("fr", "Âge", "Âge : 41,1\u202fans, ce qui augmente le risque estimé."),
        ("en", "AGE_YEARS in English", "AGE_YEARS in English : 41.1\u202fyears, ce qui augmente le risque estimé."),
    ],
)
def test_a_date_of_birth_is_told_as_an_age(
    contract: dict[str, Any], answer_body: dict[str, Any], language: Language, label: str, sentence: str
) -> None:
    """A person has an age; nobody was born "41.1 years before the application"."""
    (reason,) = told(contract, answer_body, words_of(language), DAYS_BIRTH=0.3).reasons

    assert (reason.label, reason.sentence, reason.contribution) == (label, sentence, 0.3)


def test_the_age_and_its_date_are_one_reason(
    contract: dict[str, Any], answer_body: dict[str, Any], words: Words
) -> None:
    """Both parts are added, the sum of all reasons stays, and the strongest still comes first."""
    answer = told(contract, answer_body, words, EXT_SOURCE_1=0.25, AGE_YEARS=-0.2, DAYS_BIRTH=-0.1)

    assert [one.feature for one in answer.reasons] == ["AGE_YEARS", "EXT_SOURCE_1"]
    assert sum(one.contribution for one in answer.reasons) == pytest.approx(-0.05)
    assert answer.reasons[0].sentence.endswith("ce qui diminue le risque estimé.")


def test_other_reasons_keep_the_words_of_the_api(
    contract: dict[str, Any], answer_body: dict[str, Any], words: Words
) -> None:
    """An age alone is already told as one."""
    answer = told(contract, answer_body, words, AGE_YEARS=-0.2, EXT_SOURCE_1=0.1)

    assert [one.sentence for one in answer.reasons] == ["AGE_YEARS.", "EXT_SOURCE_1."]


def test_importance_is_counted_under_one_label(contract: dict[str, Any], words: Words) -> None:
    """The date of birth and the age share a bar."""
    contract["features"].append(
        {**contract["features"][0], "name": "DAYS_BIRTH", "inputs": ["DAYS_BIRTH"], "importance": 0.05, "unit": "jours"}
    )

    shares = dict(importance_by_label(contract, words))

    assert shares["Âge"] == pytest.approx(0.2)
    assert sum(shares.values()) == pytest.approx(1.05)
