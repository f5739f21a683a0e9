"""Coverage, review and levers: found from development, complete, and honest about how many they concern."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from scoring.coverage import CoverageMeter
from scoring.decision import rule_in_force
from scoring.review import Reviewer, ReviewMotive, Seen
from scoring.rules import RuleBook
from training.bundle.contract_policies import (
    REFUSED_TAIL,
    REVIEWED_TAIL,
    contract_levers,
    input_weights,
)
from training.schema import load_inputs, load_levers

if TYPE_CHECKING:
    from scoring.bundle import Bundle
    from scoring.contract import Contract
    from training.features.dataset import Dataset
    from training.selection.pipeline import TrainedModel


@pytest.fixture(scope="module")
def contract(bundle: Bundle) -> Contract:
    """Return the contract of the trees."""
    return bundle.contract


@pytest.fixture(scope="module")
def development(small_dataset: Dataset, trained_trees: TrainedModel) -> np.ndarray:
    """Return the rows the trees were trained on."""
    return small_dataset.columns(trained_trees.space.input_names)[trained_trees.split.development]


def test_weights_are_the_importances_of_what_inputs_feed(contract: Contract) -> None:
    """A derivation's importance is split among its inputs, and nothing is lost."""
    weights = contract.coverage.weights
    expected = sum(
        feature.importance / len(feature.inputs) for feature in contract.features if "EXT_SOURCE_2" in feature.inputs
    )

    assert weights["EXT_SOURCE_2"] == pytest.approx(expected)
    assert sum(weights.values()) == pytest.approx(1)


def test_inputs_of_a_model_that_looks_at_nothing_weigh_alike(contract: Contract) -> None:
    """Without importance there is nothing to prefer."""
    blind = [feature.model_copy(update={"importance": 0.0}) for feature in contract.features]
    weights = input_weights(contract.inputs, blind)

    assert weights == {item.name: 1 / len(contract.inputs) for item in contract.inputs}


def test_floor_refuses_as_few_as_it_says(contract: Contract, development: np.ndarray) -> None:
    """At most the stated share of development shows less than the floor."""
    share = CoverageMeter(contract.inputs, contract.coverage.weights).measure(development).share

    assert (share < contract.coverage.floor).mean() <= contract.coverage.tail == REFUSED_TAIL
    assert (share < contract.review.coverage_below).mean() <= REVIEWED_TAIL
    assert contract.coverage.floor <= contract.review.coverage_below <= contract.coverage.median <= 1


def test_floor_is_above_what_is_required(contract: Contract) -> None:
    """Giving nothing but the required fields is not enough: leaving out is no way to a better answer."""
    required = sum(contract.coverage.weights[item.name] for item in contract.inputs if item.required)

    assert required < contract.coverage.floor


def test_review_says_how_many_the_service_would_send_to_a_person(
    contract: Contract, development: np.ndarray, trained_trees: TrainedModel
) -> None:
    """The shares are what the reviewer of the service says of each application of development, one by one."""
    shown = CoverageMeter(contract.inputs, contract.coverage.weights).measure(development)
    reviewer = Reviewer(contract.review, rule_in_force(contract.decision))
    probability = trained_trees.champion.default_probability
    broken = RuleBook(contract.rules, contract.inputs).broken_by_each(development)
    n_incoherent = [sum(rule.severity == "incoherente" for rule in one) for one in broken]
    cases = zip(
        probability.tolist(),
        shown.share.tolist(),
        shown.n_unusual.tolist(),
        n_incoherent,
        shown.has_rare.tolist(),
        strict=True,
    )
    motives = [reviewer.motives(Seen(*case)) for case in cases]
    declared = set(ReviewMotive) - {ReviewMotive.UNKNOWN}
    found = {motive.value: np.mean([motive in one for one in motives]) for motive in declared}

    assert contract.review.shares == found | {"ensemble": np.mean([bool(one) for one in motives])}
    assert 0 < found["inhabituelle"] <= REVIEWED_TAIL


def test_levers_move_what_the_model_reads() -> None:
    """A lever whose target is no input is left out, and so is a follower that is none."""
    names = {lever.name: lever.follows for lever in contract_levers({"AMT_CREDIT", "AMT_INCOME_TOTAL"})}

    assert names == {"montant": ()}


def test_levers_never_move_age_past_or_protected_attributes() -> None:
    """Only amounts of the credit that is asked for."""
    inputs = {entry.name: entry for entry in load_inputs()}
    moved = {name for lever in load_levers() for name in (lever.target, *lever.follows)}

    assert {(inputs[name].table, inputs[name].unit, inputs[name].protected) for name in moved} == {
        ("application", "monnaie", False)
    }


def test_levers_are_worded_in_both_languages() -> None:
    """Each sentence says the value before and after."""
    sentences = [text for lever in load_levers() for text in (lever.sentence_fr, lever.sentence_en)]

    assert all("{avant}" in sentence and "{apres}" in sentence for sentence in sentences)
