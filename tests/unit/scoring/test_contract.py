"""The contract: its shape is checked when it is made or read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from scoring.contract import SEALED_FILES, CategoryBins, NumericBins, Text
from tests.builders.contracts import a_motive

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.contract import Contract, Feature, Input


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "category"}, "a category lists its categories"),
        ({"categories": ("a", "b")}, "a category lists its categories"),
        ({"kind": "flag", "categories": ("a",)}, "a category lists its categories"),
        ({"kind": "category", "categories": ("a", "b", "a")}, "AMT_CREDIT: a category is listed twice"),
        ({"minimum": 2.0, "maximum": 1.0}, "AMT_CREDIT: minimum is above maximum"),
        ({"kind": "text"}, "kind"),
        ({"minimum": float("nan")}, "minimum"),
        ({"required": "true"}, "required"),
        ({"note": "more"}, "note"),
    ],
)
def test_input_refuses_what_does_not_hold_together(
    an_input: Callable[..., Input], changes: dict[str, object], message: str
) -> None:
    """An input is complete, consistent, typed and has no field more."""
    with pytest.raises(ValidationError, match=message):
        an_input(**changes)


@pytest.mark.parametrize(("minimum", "maximum"), [(None, 1.0), (1.0, None), (1.0, 1.0)])
def test_input_may_be_bounded_on_one_side_or_to_one_value(
    an_input: Callable[..., Input], minimum: float | None, maximum: float | None
) -> None:
    """Only bounds that exclude everything are refused."""
    bounded = an_input(minimum=minimum, maximum=maximum)

    assert (minimum, maximum) == (bounded.minimum, bounded.maximum)


def test_input_cannot_be_changed(an_input: Callable[..., Input]) -> None:
    """A contract that was read is the contract that is served."""
    with pytest.raises(ValidationError, match="frozen"):
        an_input().name = "AMT_ANNUITY"  # type: ignore[misc]


@pytest.mark.parametrize("shares", [(0.5,), (0.2, 0.3, 0.5)])
def test_numeric_bins_have_one_share_more_than_edges(shares: tuple[float, ...]) -> None:
    """One edge makes two bins, open at both ends."""
    with pytest.raises(ValidationError, match="one share more than edges"):
        NumericBins(kind="number", edges=(0.5,), shares=shares, missing_share=0.0)


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_category_bins_hold_shares(share: float) -> None:
    """A share lies between 0 and 1."""
    with pytest.raises(ValidationError, match="shares"):
        CategoryBins(kind="category", shares={"a": share}, missing_share=0.0)


def test_contract_refuses_an_input_listed_twice(
    a_contract: Callable[..., Contract], an_input: Callable[..., Input]
) -> None:
    """Two columns of one name could not be told apart."""
    with pytest.raises(ValidationError, match="an input is listed twice"):
        a_contract(an_input("A"), an_input("A"))


def test_contract_refuses_features_of_unknown_inputs(
    a_contract: Callable[..., Contract], an_input: Callable[..., Input], a_feature: Callable[..., Feature]
) -> None:
    """A feature comes from inputs the request has; the message names those it has not."""
    features = (a_feature("RATIO", inputs=("A", "C", "B")),)

    with pytest.raises(ValidationError, match="unknown inputs: B, C"):
        a_contract(an_input("A"), features=features)


def test_contract_refuses_a_protected_attribute(
    a_contract: Callable[..., Contract], an_input: Callable[..., Input]
) -> None:
    """What the law protects cannot be asked for."""
    with pytest.raises(ValidationError, match="protected attributes cannot be inputs: CODE_GENDER"):
        a_contract(an_input("A"), an_input("CODE_GENDER", protected=True))


@pytest.mark.parametrize("names", [SEALED_FILES[:-1], (*SEALED_FILES, "notes.txt"), ()])
def test_contract_seals_exactly_the_files_of_a_bundle(
    a_contract: Callable[..., Contract], names: tuple[str, ...]
) -> None:
    """No file of the bundle goes without a seal, and no other file has one."""
    with pytest.raises(ValidationError, match=r"the seals must name exactly model\.onnx, explainer\.npz, parity\.json"):
        a_contract(files=dict.fromkeys(names, "0" * 64))


def test_contract_admits_no_changed_decision(a_contract: Callable[..., Contract]) -> None:
    """A bundle whose graph decides differently from the trained model is not a bundle."""
    parity = a_contract().parity.model_dump() | {"changed_decisions": 1}

    with pytest.raises(ValidationError, match="changed_decisions"):
        a_contract(parity=parity)


@pytest.mark.parametrize(("cost", "allowed"), [("false_negative_cost", 0.0), ("false_positive_cost", -1.0)])
def test_contract_refuses_costs_that_are_not_positive(
    a_contract: Callable[..., Contract], cost: str, allowed: float
) -> None:
    """A wrong decision that costs nothing leaves no threshold to find."""
    decision = a_contract().decision.model_dump() | {cost: allowed}

    with pytest.raises(ValidationError, match=cost):
        a_contract(decision=decision)


def test_contract_refuses_categories_without_labels(an_input: Callable[..., Input]) -> None:
    """Every category can be said to a person."""
    with pytest.raises(ValidationError, match="each category has one label"):
        an_input("A", kind="category", categories=("x", "y"), category_labels=(Text(fr="x", en="x"),))


def test_contract_refuses_a_coverage_that_forgets_an_input(a_contract: Callable[..., Contract]) -> None:
    """An input without a weight could be left out for nothing."""
    coverage = a_contract().coverage.model_copy(update={"weights": {}})

    with pytest.raises(ValidationError, match="every input has its weight in the coverage"):
        a_contract(coverage=coverage)


def test_contract_refuses_a_feature_that_no_reason_tells(
    a_contract: Callable[..., Contract], an_input: Callable[..., Input], a_feature: Callable[..., Feature]
) -> None:
    """Whatever moves a decision can be told."""
    with pytest.raises(ValidationError, match="features without a motive of the catalogue: A"):
        a_contract(an_input("A"), features=(a_feature("A", motive="R999"),))


def test_contract_refuses_a_code_given_twice(a_contract: Callable[..., Contract]) -> None:
    """A code that meant two things would mean neither."""
    motives = a_contract().motives

    with pytest.raises(ValidationError, match="the code of a motive is given twice"):
        a_contract(motives=(*motives, motives[0]))


def test_contract_refuses_a_reason_of_no_theme(a_contract: Callable[..., Contract]) -> None:
    """Each reason is summed somewhere."""
    with pytest.raises(ValidationError, match="a motive is of no theme"):
        a_contract(motives=(*a_contract().motives, a_motive("R901", "nowhere")))


@pytest.mark.parametrize("changes", [{"group": "nowhere"}, {"general": "R201"}, {"general": "R999"}], ids=str)
def test_contract_refuses_a_theme_that_hangs_in_the_air(
    a_contract: Callable[..., Contract], changes: dict[str, str]
) -> None:
    """A theme merges into a group there is, and has a general reason of its own."""
    first, *others = a_contract().themes

    with pytest.raises(ValidationError, match="themes without a group or a general motive of their own: montant"):
        a_contract(themes=(first.model_copy(update=changes), *others))


@pytest.mark.parametrize("sentence", ["{nom} contre.", "{} contre.", "{valeur.__class__} contre."])
def test_contract_refuses_a_sentence_that_names_what_nobody_puts_in(sentence: str) -> None:
    """It would fail at the first refusal that is told by it."""
    with pytest.raises(ValidationError, match="R101: a sentence names"):
        a_motive("R101", "montant", adverse=Text(fr=sentence, en="against."))


@pytest.mark.parametrize("code", ["R1", "R0100", "101", "R1011", "r101", "R001"])
def test_contract_refuses_a_code_of_another_form(code: str) -> None:
    """Partners can rely on R and three digits."""
    with pytest.raises(ValidationError, match="code"):
        a_motive(code, "montant")
