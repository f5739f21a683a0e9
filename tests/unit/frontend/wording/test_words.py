"""The page's words in both languages."""

from __future__ import annotations

import ast
import json
import string
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import frontend
from frontend.sentences.fairness import say_attribute, say_group
from frontend.settings import DEFAULT_BUNDLE
from frontend.wording.words import LANGUAGES, words_of
from training.candidates.families import FAMILIES
from training.candidates.gradient_boosting import SHORT_NAME

if TYPE_CHECKING:
    from frontend.wording.words import Language

ROOM = Path(frontend.__file__).parent


def placeholders(sentence: str) -> set[str]:
    """Return the names of the values that a sentence takes."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def keys_in_code() -> set[str]:
    """Return every literal in the code that looks like a key of the locales."""
    sections = {key.partition(".")[0] for key in words_of("fr").catalog}
    literals: set[str] = set()
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                literals.add(node.value)
    # The beginning of a computed key ends in a dot.
    keys = {one for one in literals if "." in one and " " not in one and not one.endswith(".")}
    return {one for one in keys if one.partition(".")[0] in sections}


def test_both_languages_say_the_same_things() -> None:
    """Every sentence exists in both, and takes the same values."""
    french, english = (words_of(language).catalog for language in LANGUAGES)

    assert set(french) == set(english)
    assert [key for key in french if placeholders(french[key]) != placeholders(english[key])] == []


def test_every_key_in_the_code_has_its_sentence() -> None:
    """A misspelt key would be a crash in front of a reader."""
    catalog = words_of("fr").catalog
    plural = {key.removesuffix(".one") for key in catalog if key.endswith(".one")}

    assert sorted(key for key in keys_in_code() if key not in catalog and key not in plural) == []


def test_every_sentence_is_used() -> None:
    """Words that nothing says any more are removed; those under a computed name are taken by their section."""
    computed = (
        "tab.",
        "sample.",
        "unit.",
        "table.",
        "quality.",
        "baseline.",
        "audited.",
        "policy_name.",
        "model.",
        "batch.",
        "client.",
        "credit_kind.",
        "credit_state.",
        "desk_state.",
        "desk_verdict.",
        "desk_reason.",
        "letter.",
        "provenance.",
        "queue.",
        "trial_outcome.",
    )
    code = keys_in_code()
    unused = [key for key in words_of("fr").catalog if key not in code and not key.startswith(computed)]

    assert [key for key in unused if key.rpartition(".")[0] not in code] == []


@pytest.mark.parametrize(("n", "told"), [(1, "Une demande lue."), (1200, "1\u202f200 demandes lues.")])
def test_one_and_many_are_said_differently(n: int, told: str) -> None:
    """A number chooses its sentence and stands in it as the language writes it."""
    assert told == words_of("fr").counted("batch.rows", n)


def test_two_shares_are_written_so_that_they_differ() -> None:
    """Both have the decimals that the closer of them needs."""
    assert words_of("en").percents_apart(0.08999, 0.09) == ("8.999%", "9.000%")


def test_a_rate_of_nobody_is_no_zero() -> None:
    """Where there are no applications there is no rate."""
    assert (words_of("en").rate(None), words_of("en").rate(0.0)) == ("–", "0.0%")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compared_has_a_name(language: Language) -> None:
    """Every family of the training room, every baseline, and every audited group of the shipped bundle is worded."""
    words = words_of(language)
    contract = json.loads((DEFAULT_BUNDLE / "contract.json").read_bytes())
    compared = {*FAMILIES, SHORT_NAME, contract["identity"]["family"], *contract["quality"]["baselines"]}
    audit = json.loads((DEFAULT_BUNDLE / "evidence.json").read_bytes())["fairness"]["attributes"]

    assert [name for name in sorted(compared) if f"baseline.{name}" not in words.catalog] == []
    told = [say_attribute(one, words) for one in audit]
    told += [say_group({**group, "judged": True}, words) for one in audit for group in one["groups"]]
    french = [one["label"] for one in audit] + [group["label"] for one in audit for group in one["groups"]]
    assert (told == french) == (language == "fr")
    assert set(told) & set(french) == (set(french) if language == "fr" else set())
