"""The reasons of the committed bundle: what its documents promise of them, over its golden and sample applications."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scoring.decision import Decision
from scoring.errors import InvalidApplicationError
from scoring.reasons import PRINCIPAL_REASONS, Narrator
from scoring.service import ScoredApplication, ScoringService
from scoring.wording import say_value
from tests.builders.applications import sample_applications
from training.schema.catalogue import load_motives, load_theme_groups, load_themes, motive_of
from training.schema.conventions import load_conventions

if TYPE_CHECKING:
    from scoring.bundle import Bundle
    from scoring.contract import Contract, Input
    from scoring.features import Value
    from scoring.reasons import Reason
    from scoring.wording import Language

# Numbers at which formatting could break: nothing, a sign, a rounding, and far beyond any bound.
AWKWARD = (None, 0.0, -0.0, 1.0, -1.0, 0.05, 0.999, 1.999, 9.96, 729.6, -730.0, 999.999, 1e-12, 1e15, -1e15)


@pytest.fixture(scope="module")
def service(bundle: Bundle) -> ScoringService:
    """Return the committed bundle, ready to score."""
    return ScoringService.of(bundle)


@pytest.fixture(scope="module")
def scored(
    service: ScoringService, golden_applications: list[dict[str, object]], tmp_path_factory: pytest.TempPathFactory
) -> list[ScoredApplication]:
    """Return the golden applications and a sample of the population, scored, with their reasons."""
    golden = [one["application"] for one in golden_applications]
    sample = sample_applications(service.contract, tmp_path_factory.mktemp("sample"), n_applications=600, seed=11)
    answers = service.score_many([*golden, *sample], n_reasons=PRINCIPAL_REASONS)
    return [one for one in answers if isinstance(one, ScoredApplication)]


def listed(one: ScoredApplication) -> tuple[Reason, ...]:
    """Return everything a reply tells of an application."""
    assert one.account is not None
    return one.account.reasons + one.account.favourable


def test_no_refusal_lists_what_lowers_the_risk(scored: list[ScoredApplication]) -> None:
    """A refusal has at least one reason, four at most, and each of them raises the risk."""
    refusals = [one for one in scored if one.decision is Decision.REFUSE]

    assert len(refusals) > 100
    assert all(1 <= len(one.reasons) <= PRINCIPAL_REASONS for one in refusals)
    assert [reason for one in refusals for reason in one.reasons if reason.contribution <= 0] == []


def test_what_is_left_out_is_no_larger_than_the_largest_reason(scored: list[ScoredApplication]) -> None:
    """Refused or accepted: the rest does not outweigh what is shown."""
    beyond = [
        one for one in scored if one.account and one.account.others > max(abs(r.contribution) for r in one.reasons)
    ]

    assert beyond == []
    assert all(one.account and one.account.others >= 0 for one in scored)


def test_themes_and_what_is_told_make_the_margin(scored: list[ScoredApplication]) -> None:
    """Both sums, to the billionth."""
    for one in scored:
        assert one.account is not None
        told = sum(reason.contribution for reason in listed(one)) + one.account.others
        assert one.base_value + sum(one.account.by_theme.values()) == pytest.approx(one.margin, abs=1e-9)
        assert one.base_value + told == pytest.approx(one.margin, abs=1e-9)


def test_no_reason_contradicts_its_sign(bundle: Bundle, scored: list[ScoredApplication]) -> None:
    """No delay, no refusal and no debt are never told as speaking against an application."""
    motives = {motive.code: motive for motive in bundle.contract.motives}
    wrong = [
        reason
        for one in scored
        for reason in listed(one)
        for motive in [motives[reason.code]]
        if reason.contribution > 0
        and motive.harmless is not None
        and isinstance(reason.value, int | float)
        and reason.value <= motive.harmless
    ]

    assert wrong == []
    assert all(("contre" in reason.sentence) == (reason.contribution > 0) for one in scored for reason in listed(one))


def test_contract_has_the_catalogue_of_the_project(contract: Contract) -> None:
    """Themes, groups, reasons and conventions are those of training, and each feature has the reason they say."""
    assert contract.theme_groups == load_theme_groups()
    assert contract.themes == load_themes()
    assert contract.motives == tuple(entry.motive for entry in load_motives())
    assert contract.conventions == load_conventions()
    assert {one.name: one.motive for one in contract.features} == {
        one.name: motive_of(one.name) for one in contract.features
    }


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("value", AWKWARD, ids=str)
def test_every_value_of_every_feature_can_be_said(contract: Contract, value: float | None, language: Language) -> None:
    """Whatever the unit, there is a text, and it has no NaN, no brace and no doubled sign in it."""
    narrator = Narrator(contract)
    inputs = [narrator.say_input(item, value, language) for item in contract.inputs if item.kind != "category"]
    features = [say_value(value, one.unit, contract.conventions, language) for one in contract.features]
    strange = [said for said in (*inputs, *features) if not said or any(sign in said for sign in ("nan", "{", "--"))]

    assert strange == []


def drawn(contract: Contract, generator: np.random.Generator) -> dict[str, Value]:
    """Return an application of allowed values, most of them at an end of their range, some optional ones absent."""

    def draw(item: Input) -> Value:
        if not item.required and generator.random() < 0.2:
            return None
        ends = item.categories or (item.minimum, item.maximum, item.usual_low, item.usual_high, 0)
        allowed = [one for one in ends if isinstance(one, str) or _is_allowed(one, item)]
        return allowed[generator.integers(len(allowed))]

    return {item.name: draw(item) for item in contract.inputs}


def _is_allowed(value: float | None, item: Input) -> bool:
    return (
        value is not None
        and item.minimum is not None
        and item.maximum is not None
        and (item.minimum <= value <= item.maximum)
    )


@pytest.fixture(scope="module")
def unruled(bundle: Bundle) -> ScoringService:
    """Return the committed bundle without its rules across fields: most ends of ranges do not go together."""
    return ScoringService.of(replace(bundle, contract=bundle.contract.model_copy(update={"rules": ()})))


@pytest.mark.parametrize("language", ["fr", "en"])
@given(seed=st.integers(0, 2**32 - 1))
def test_any_application_is_told_in_words(unruled: ScoringService, seed: int, language: Language) -> None:
    """Within the bounds of the contract, no application breaks a sentence, a sum or the rule of what is told."""
    application = drawn(unruled.contract, np.random.default_rng(seed))
    (one,) = unruled.score_many([application], n_reasons=PRINCIPAL_REASONS, language=language)
    assume(not isinstance(one, InvalidApplicationError))
    told = one.base_value + sum(reason.contribution for reason in listed(one)) + one.account.others

    assert math.isclose(told, one.margin, abs_tol=1e-9)
    assert all(reason.sentence.endswith(".") and "{" not in reason.sentence for reason in listed(one))
    assert one.decision is Decision.ACCEPT or all(reason.contribution > 0 for reason in one.reasons)


def test_features_of_the_bundle_have_the_labels_of_their_inputs(contract: Contract) -> None:
    """An input and the feature that is this input are called the same."""
    labels = {item.name: item.label for item in contract.inputs}

    assert {one.name: one.label for one in contract.features if one.name in labels} == labels
