"""Which requests a bundle would refuse that the one before takes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from scoring.bundle import contract_bytes, parse_contract
from scoring.compatibility import refusals
from scoring.contract import Predecessor

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.contract import Contract, Input

    type Asked = dict[str, object]

TODAY = date(2027, 1, 31)
AMOUNT: Asked = {"minimum": 1.0, "maximum": 10.0}
KIND: Asked = {"name": "NAME_TYPE", "kind": "category", "categories": ("a", "b")}


@pytest.fixture(scope="module")
def contract_of(a_contract: Callable[..., Contract], an_input: Callable[..., Input]) -> Callable[..., Contract]:
    """Build a contract of some inputs."""
    return lambda *inputs: a_contract(*(an_input(**one) for one in inputs))


@pytest.mark.parametrize(
    ("candidate", "told"),
    [
        ([AMOUNT, KIND], []),
        ([AMOUNT | {"minimum": None, "maximum": 99.0}, KIND | {"categories": ("a", "b", "c")}], []),
        ([AMOUNT, KIND, {"name": "NEW", "required": False}], []),
        ([AMOUNT, KIND, {"name": "NEW"}], ["NEW is new and required"]),
        ([AMOUNT], ["NAME_TYPE is no input any more"]),
        ([AMOUNT, KIND | {"categories": ("a",)}], ["NAME_TYPE does not take 'b' any more"]),
        ([AMOUNT, {"name": "NAME_TYPE"}], ["NAME_TYPE was a category and is a number"]),
        ([AMOUNT | {"minimum": 2.0}, KIND], ["AMT_CREDIT had 1 as its lower bound and has 2"]),
        ([AMOUNT | {"maximum": 9.0}, KIND], ["AMT_CREDIT had 10 as its upper bound and has 9"]),
    ],
)
def test_every_way_to_take_less_is_told(
    candidate: list[Asked], told: list[str], contract_of: Callable[..., Contract]
) -> None:
    """Wider inputs break nobody; each way to be narrower is a sentence."""
    assert refusals(contract_of(AMOUNT, KIND), contract_of(*candidate), on=TODAY) == told


def test_an_optional_input_that_becomes_required_is_told(contract_of: Callable[..., Contract]) -> None:
    """Who left it out is refused from then on."""
    before = contract_of(AMOUNT | {"required": False})

    assert refusals(before, contract_of(AMOUNT), on=TODAY) == ["AMT_CREDIT has become required"]


@pytest.mark.parametrize(("until", "told"), [(TODAY, 0), (date(2027, 1, 30), 1)])
def test_inputs_of_the_bundle_before_may_be_accepted_for_a_time(
    until: date, told: int, contract_of: Callable[..., Contract]
) -> None:
    """Up to the last day nothing is refused, and the contract says so after it was written and read."""
    before = contract_of(AMOUNT, KIND)
    accepting = contract_of(AMOUNT).model_copy(
        update={"predecessor": Predecessor(seal="a" * 64, inputs=before.inputs, accepted_until=until)}
    )
    read = parse_contract(contract_bytes(accepting))

    assert read.predecessor == accepting.predecessor
    assert len(refusals(before, read, on=TODAY)) == told
