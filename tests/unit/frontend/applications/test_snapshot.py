"""What the page knows of the API, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from frontend.api.errors import (
    ApiUnreachableError,
    ContractTooNewError,
    ContractTooOldError,
    RouteAbsentError,
    UnexpectedReplyError,
)
from frontend.applications.samples import TYPICAL
from frontend.applications.snapshot import LIFETIME_SECONDS, Desk, DeskKeeper, is_newer

if TYPE_CHECKING:
    from tests.unit.frontend.fake_api import FakeApi


class Clock:
    """Tells the time a test sets."""

    now = 0.0

    def __call__(self) -> float:
        """Return it."""
        return self.now


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("2.0", ContractTooNewError),
        ("1.0", ContractTooOldError),
        ("0.9", ContractTooOldError),
        ("", UnexpectedReplyError),
    ],
)
def test_a_contract_that_cannot_be_read_is_told_apart(schema: str, expected: type[Exception]) -> None:
    """Too new, too old and no contract at all ask for different things."""
    with pytest.raises(expected):
        is_newer(schema)


def test_the_desk_is_read_once_and_again_when_old(fake_api: FakeApi) -> None:
    """Every visitor shares it; a promoted model is noticed within its lifetime."""
    clock = Clock()
    keeper = DeskKeeper(fake_api.connection(), clock=clock)
    first = keeper.desk()

    assert keeper.desk() is first
    clock.now = LIFETIME_SECONDS + 1
    assert keeper.desk() is not first


def test_a_desk_to_be_forgotten_is_read_again(fake_api: FakeApi) -> None:
    """An answer of another model makes the page read its contract."""
    keeper = DeskKeeper(fake_api.connection())
    first = keeper.desk()

    keeper.forget()

    assert keeper.desk() is not first


def test_the_last_good_desk_outlives_the_api(fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    """A form that is being filled stays on the page while the API is away."""
    keeper = DeskKeeper(fake_api.connection())
    first = keeper.desk()
    keeper.forget()

    def refuse(_: Desk, __: object) -> None:
        raise ApiUnreachableError

    monkeypatch.setattr(Desk, "__init__", refuse)

    assert keeper.desk() is first


def test_an_api_that_was_never_read_is_told(fake_api: FakeApi) -> None:
    """Without a contract there is nothing to show."""
    fake_api.contract["schema_version"] = "2.0"

    with pytest.raises(ContractTooNewError):
        DeskKeeper(fake_api.connection()).desk()


def test_the_rule_is_the_one_in_force(fake_api: FakeApi) -> None:
    """An operator's threshold goes before that of the contract."""
    fake_api.model["decision"] |= {"seuil": 0.12, "origine": "configuration"}

    rule = Desk(fake_api.connection()).rule

    assert (rule.threshold, rule.configured) == (0.12, True)


def test_samples_are_looked_for_until_the_model_has_answered(fake_api: FakeApi) -> None:
    """A failure while looking is not remembered, an answer is."""
    desk = Desk(fake_api.connection())
    fake_api.failures.append(httpx.Response(403))

    assert TYPICAL in desk.samples
    assert len(desk.samples) == 4
    asked = len(fake_api.requests)
    assert len(desk.samples) == 4
    assert asked == len(fake_api.requests)


def test_absent_evidence_is_not_remembered(fake_api: FakeApi) -> None:
    """An API that is deployed anew may bring it."""
    desk = Desk(fake_api.connection())
    with pytest.raises(RouteAbsentError):
        _ = desk.evidence
    fake_api.evidence = {"simulator": {}}

    assert desk.evidence == {"simulator": {}}
