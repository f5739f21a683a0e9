"""What holds of the rules for every application."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.bundle import Bundle
from scoring.rules import RuleBook
from scoring.settings import DEFAULT_BUNDLE

if TYPE_CHECKING:
    from scoring.contract import Contract, Input


def codes_of(item: Input) -> st.SearchStrategy[float]:
    """Draw what stands for a value of an input in a row, missing included; round numbers come often."""
    if item.kind == "category":
        known = st.sampled_from([float(code) for code in range(len(item.categories))])
    else:
        low, high = (item.minimum, item.maximum) if item.kind == "number" else (0.0, 1.0)
        known = st.floats(low, high) | st.sampled_from([max(low or 0.0, -9000.0), min(high or 0.0, 1.0)])
    return known | st.just(nan)


@pytest.fixture(scope="module")
def contract() -> Contract:
    """Return the committed contract."""
    return Bundle.open(DEFAULT_BUNDLE).contract


@given(data=st.data())
def test_one_application_is_judged_as_in_any_table(contract: Contract, data: st.DataObject) -> None:
    """A row by itself, a row of a batch and a row of columns break the same rules."""
    book = RuleBook(contract.rules, contract.inputs)
    rows = np.array(data.draw(st.lists(st.tuples(*map(codes_of, contract.inputs)), min_size=1, max_size=4)))
    alone = [book.broken_by(row) for row in rows.tolist()]
    by_column = book.broken_in(rows.T)

    assert alone == book.broken_by_each(rows)
    assert [{rule.code for rule in broken} for broken in alone] == [
        {code for code, broken in by_column.items() if broken[place]} for place in range(len(rows))
    ]


@given(data=st.data())
def test_leaving_out_a_value_never_breaks_a_rule(contract: Contract, data: st.DataObject) -> None:
    """Fewer values can only break fewer rules."""
    book = RuleBook(contract.rules, contract.inputs)
    row = list(data.draw(st.tuples(*map(codes_of, contract.inputs))))
    left_out = data.draw(st.sets(st.sampled_from(range(len(row))), min_size=1))
    fewer = [nan if place in left_out else value for place, value in enumerate(row)]

    assert set(book.broken_by(fewer)) <= set(book.broken_by(row))
