"""From an application to the row the graph reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from scoring.features import InputEncoder

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.contract import Input


@pytest.fixture
def encoder(an_input: Callable[..., Input]) -> InputEncoder:
    """Return an encoder of a number, a category and a flag, in this order."""
    return InputEncoder(
        [
            an_input("AMT_CREDIT"),
            an_input("NAME_CONTRACT_TYPE", kind="category", categories=("Revolving loans", "Cash loans")),
            an_input("FLAG_PHONE", kind="flag"),
        ]
    )


def test_encoder_follows_the_order_of_the_contract(encoder: InputEncoder) -> None:
    """Columns stand in the contract's order, whatever the order of the application."""
    application = {"FLAG_PHONE": 1, "NAME_CONTRACT_TYPE": "Cash loans", "AMT_CREDIT": 450_000.0}

    assert encoder.encode([application]).tolist() == [[450_000.0, 1.0, 1.0]]


@pytest.mark.parametrize(("category", "code"), [("Revolving loans", 0.0), ("Cash loans", 1.0)])
def test_encoder_numbers_categories_by_their_place(encoder: InputEncoder, category: str, code: float) -> None:
    """The code of a category is its place in the contract, not in the alphabet."""
    assert code == encoder.encode([{"NAME_CONTRACT_TYPE": category}])[0, 1]


@pytest.mark.parametrize("value", [0, 0.0, -1, 5e-324, -36_525.5, 1e13])
def test_encoder_takes_numbers_as_they_are(encoder: InputEncoder, value: float) -> None:
    """Zero is a value as any other, and no digit is lost."""
    assert value == encoder.encode([{"AMT_CREDIT": value}])[0, 0]


@pytest.mark.parametrize("application", [{}, {"AMT_CREDIT": None, "NAME_CONTRACT_TYPE": None, "FLAG_PHONE": None}])
def test_encoder_turns_what_is_absent_into_nan(encoder: InputEncoder, application: dict[str, None]) -> None:
    """A field that is left out and a field that is null are the same: missing."""
    assert np.isnan(encoder.encode([application])).all()


def test_encoder_refuses_an_unknown_category(encoder: InputEncoder) -> None:
    """A value outside the vocabulary is never guessed; the request schema keeps it out."""
    with pytest.raises(KeyError, match="Car loans"):
        encoder.encode([{"NAME_CONTRACT_TYPE": "Car loans"}])


def test_encoder_gives_one_double_row_an_application(encoder: InputEncoder) -> None:
    """The matrix is float64 with a row each: the graph reads nothing else."""
    rows = encoder.encode([{"AMT_CREDIT": 1}, {"AMT_CREDIT": 2}])

    assert (np.dtype(np.float64), (2, 3), [1.0, 2.0]) == (rows.dtype, rows.shape, rows[:, 0].tolist())


def test_encoder_accepts_no_application_at_all(encoder: InputEncoder) -> None:
    """An empty batch is an empty matrix with all columns."""
    assert encoder.encode([]).shape == (0, 3)


def test_encoder_ignores_fields_that_are_no_inputs(encoder: InputEncoder) -> None:
    """Only the contract says what is read."""
    rows = encoder.encode([{"AMT_CREDIT": 1.0, "CODE_GENDER": "F"}])

    np.testing.assert_array_equal([[1.0, np.nan, np.nan]], rows)
