"""What is missing or rare is made whole as development teaches it, and never better than the middle applicant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from training.features.completion import RARE_SHARE, Completion
from training.features.feature_space import FeatureSpace
from training.schema import load_derived, load_inputs

if TYPE_CHECKING:
    from training.schema import InputEntry

NAN = float("nan")


def entries(*names: str) -> list[InputEntry]:
    """Return inputs of the dictionary, in the order asked for."""
    by_name = {entry.name: entry for entry in load_inputs()}
    return [by_name[name] for name in names]


def test_numbers_are_filled_with_a_value_that_occurs() -> None:
    """Of an even number of values the lower one in the middle: a count stays a count."""
    learned = Completion.learn(entries("CNT_CHILDREN"), np.array([[0.0], [1.0], [2.0], [9.0], [NAN]]))

    assert learned.fill == (1.0,)


def test_flags_and_categories_are_filled_with_the_most_frequent() -> None:
    """A mean of codes is no category."""
    rows = np.array([[1.0, 3.0], [1.0, 3.0], [0.0, 0.0], [NAN, NAN]])

    assert Completion.learn(entries("FLAG_PHONE", "NAME_EDUCATION_TYPE"), rows).fill == (1.0, 3.0)


def test_column_without_a_value_is_filled_with_zero() -> None:
    """A history that nobody has is no reason to fail."""
    assert Completion.learn(entries("OWN_CAR_AGE"), np.full((3, 1), NAN)).fill == (0.0,)


def test_rare_categories_are_those_below_the_share() -> None:
    """At the share itself a category is not rare; one that nobody has is."""
    n = round(1 / RARE_SHARE)
    codes = np.zeros((n, 1))
    codes[0] = 1.0
    (rare,) = Completion.learn(entries("NAME_HOUSING_TYPE"), codes).rare

    assert 1 not in rare
    assert set(rare) == {2, 3, 4, 5}


def test_inputs_missing_together_share_an_indicator() -> None:
    """One column says it for all of them; an input that is never missing has none."""
    rows = np.array([[1.0, 2.0, NAN, 5.0], [NAN, NAN, 3.0, 5.0], [2.0, 2.0, 3.0, 5.0]])
    names = ("APARTMENTS_AVG", "LIVINGAREA_AVG", "OWN_CAR_AGE", "AMT_CREDIT")
    indicators = Completion.learn(entries(*names), rows).indicators

    assert [one.expression for one in indicators] == [
        "maximum(missing(APARTMENTS_AVG), missing(LIVINGAREA_AVG))",
        "missing(OWN_CAR_AGE)",
    ]


@pytest.fixture(scope="module")
def space() -> FeatureSpace:
    """Return a number and a category, learned from five applications and a thousand like the first."""
    rows = np.array([[1.0, 0.0]] * 1_001 + [[2.0, 0.0], [3.0, 0.0], [NAN, 0.0], [3.0, 7.0]])
    return FeatureSpace.over(entries("EXT_SOURCE_1", "OCCUPATION_TYPE"), ()).learned_from(rows)[0]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ([0.3, 0.0], [0.3, 0.0, 0.0, 0.0]),
        ([NAN, 0.0], [1.0, 0.0, 1.0, 0.0]),
        ([0.3, NAN], [0.3, 0.0, 0.0, 1.0]),
        ([0.3, 7.0], [0.3, 0.0, 0.0, 1.0]),
        ([0.3, 17.0], [0.3, 0.0, 0.0, 1.0]),
        ([NAN, 7.0], [1.0, 0.0, 1.0, 1.0]),
    ],
    ids=["known", "missing_number", "missing_category", "rare", "unseen", "both"],
)
def test_graph_makes_rows_whole(space: FeatureSpace, row: list[float], expected: list[float]) -> None:
    """What is missing is the fill beside a one; a rare category, or one never seen, is missing."""
    assert space.compute(np.array([row])).tolist() == [expected]


def test_rows_are_made_whole_alike_alone_and_together(space: FeatureSpace) -> None:
    """Batches change nothing."""
    generator = np.random.default_rng(0)
    rows = np.column_stack([generator.choice([NAN, 0.2, 0.9], 500), generator.choice([NAN, 0.0, 7.0, 3.0], 500)])

    np.testing.assert_array_equal(space.compute(rows), np.vstack([space.compute(row[None]) for row in rows]))


def test_ratio_to_zero_is_read_as_the_middle_one() -> None:
    """What has no value is no hole in the model's input."""
    ratio = [entry for entry in load_derived() if entry.name == "CREDIT_TO_PREVIOUS_CREDIT_RATIO"]
    inputs = entries("AMT_CREDIT", "PREVIOUS_APPROVED_CREDIT_MEAN")
    space = FeatureSpace.over(inputs, ratio).learned_from(np.array([[10.0, 5.0], [30.0, 10.0], [7.0, 0.0]]))[0]

    assert space.compute(np.array([[7.0, 0.0]]))[0, 2] == 2.0
