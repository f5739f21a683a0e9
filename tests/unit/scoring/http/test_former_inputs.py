"""Requests as the bundle before takes them: accepted for the stated time, read as unknown, and told."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from scoring.bundle import Bundle
from scoring.contract import Predecessor
from scoring.errors import InvalidApplicationError
from scoring.http.app import create_app
from scoring.http.requests import ApplicationReader
from scoring.service import ScoringService

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.contract import Contract, Input

TODAY = datetime.now(UTC).date()
SENT = {"AMT_CREDIT": 5.0, "NAME_TYPE": "b", "GONE": 1.0}


@pytest.fixture
def reader(a_contract: Callable[..., Contract], an_input: Callable[..., Input]) -> Callable[..., ApplicationReader]:
    """Build a reader that asks for something else than the bundle before, which is accepted until a day."""

    def build(until: date = TODAY) -> ApplicationReader:
        before = (
            an_input("AMT_CREDIT", maximum=10.0),
            an_input("NAME_TYPE", kind="category", categories=("a", "b")),
            an_input("GONE"),
        )
        contract = a_contract(
            an_input("AMT_CREDIT", maximum=8.0),
            an_input("NAME_TYPE", kind="category", categories=("a",)),
            an_input("NEW"),
        )
        predecessor = Predecessor(seal="a" * 64, inputs=before, accepted_until=until)
        return ApplicationReader(contract.model_copy(update={"predecessor": predecessor}))

    return build


def test_a_request_of_before_is_accepted(reader: Callable[..., ApplicationReader]) -> None:
    """What only the bundle before takes is left out and named; what both take is used."""
    application = reader().read(json.dumps(SENT).encode())

    assert (application.values, application.retired) == ({"AMT_CREDIT": 5.0}, ("GONE", "NAME_TYPE"))


def test_a_value_within_the_former_bounds_alone_is_left_out(reader: Callable[..., ApplicationReader]) -> None:
    """It is unknown to the model, and no error."""
    application = reader().read(json.dumps(SENT | {"AMT_CREDIT": 9.0, "NEW": 2.0}).encode())

    assert (application.values, application.retired) == ({"NEW": 2.0}, ("AMT_CREDIT", "GONE", "NAME_TYPE"))


@pytest.mark.parametrize(
    "sent",
    [
        SENT | {"AMT_CREDIT": 11.0},
        SENT | {"NAME_TYPE": "z"},
        SENT | {"STRANGER": 1},
        SENT | {"GONE": "text"},
        {"NAME_TYPE": "a"},
        [],
    ],
    ids=["beyond both", "in neither", "known to neither", "wrong type", "required by both", "no object"],
)
def test_what_neither_takes_is_refused(sent: object, reader: Callable[..., ApplicationReader]) -> None:
    """The promise is for the inputs of the bundle before, not for anything."""
    with pytest.raises(InvalidApplicationError, match="SCR100"):
        reader().read(json.dumps(sent).encode())


def test_the_time_ends(reader: Callable[..., ApplicationReader]) -> None:
    """The day after, such a request is refused as any other that does not keep the contract."""
    with pytest.raises(InvalidApplicationError, match="SCR100") as refused:
        reader(TODAY - timedelta(days=1)).read(json.dumps(SENT).encode())

    assert {problem.champ for problem in refused.value.problems} == {"GONE", "NAME_TYPE", "NEW"}


def test_a_lot_may_mix_both(reader: Callable[..., ApplicationReader]) -> None:
    """Each application is read by what it keeps."""
    now = {"AMT_CREDIT": 5.0, "NAME_TYPE": "a", "NEW": 1.0}
    batch = reader().read_batch(json.dumps({"demandes": [SENT, now]}).encode(), limit=5)

    assert [getattr(one, "retired", None) for one in batch.applications] == [("GONE", "NAME_TYPE"), ()]


def test_it_is_scored_and_told_until_when(
    bundle: Bundle, post: Callable[..., dict[str, Any]], golden: list[dict[str, Any]]
) -> None:
    """A partner who does not know of a new required input gets an answer, with the day until which that is so."""
    contract = bundle.contract
    new = next(item for item in contract.inputs if item.required)
    gone = new.model_copy(update={"name": "GONE"})
    before = (*(item for item in contract.inputs if item != new), gone)
    predecessor = Predecessor(seal="a" * 64, inputs=before, accepted_until=TODAY)
    accepting = contract.model_copy(update={"predecessor": predecessor})
    served = Bundle(bundle.folder, accepting, bundle.content, bundle.hashes)
    application = dict(golden[0]["application"])
    sent = {"GONE": application.pop(new.name)} | application

    reply = post(create_app(ScoringService.of(served), served), "/v1/score", sent)
    (told,) = (one for one in reply["signalements"] if one["code"] == "champ_retire")

    assert told["champ"] == "GONE"
    assert TODAY.isoformat() in told["detail"]
    assert new.name in reply["valeurs_inconnues"]
