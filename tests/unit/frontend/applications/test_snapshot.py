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
from frontend.applications.snapshot import LIFETIME_SECONDS, Snapshot, SnapshotCache, is_newer

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
        ("3.0", ContractTooNewError),
        ("1.1", ContractTooOldError),
        ("0.9", ContractTooOldError),
        ("", UnexpectedReplyError),
    ],
)
def test_a_contract_that_cannot_be_read_is_told_apart(schema: str, expected: type[Exception]) -> None:
    """Too new, too old and no contract at all ask for different things."""
    with pytest.raises(expected):
        is_newer(schema)


def test_the_api_is_read_once_and_again_when_that_is_old(fake_api: FakeApi) -> None:
    """Every session shares the snapshot; a promoted model is noticed within its lifetime."""
    clock = Clock()
    cache = SnapshotCache(fake_api.connection(), clock=clock)
    first = cache.current()

    assert cache.current() is first
    clock.now = LIFETIME_SECONDS + 1
    assert cache.current() is not first


def test_an_expired_snapshot_is_taken_again(fake_api: FakeApi) -> None:
    """An answer of another model makes the page read its contract."""
    cache = SnapshotCache(fake_api.connection())
    first = cache.current()

    cache.expire()

    assert cache.current() is not first


def test_the_last_good_snapshot_outlives_the_api(fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    """A form that is being filled stays on the page while the API is away."""
    cache = SnapshotCache(fake_api.connection())
    first = cache.current()
    cache.expire()

    def refuse(_: Snapshot, __: object) -> None:
        raise ApiUnreachableError

    monkeypatch.setattr(Snapshot, "__init__", refuse)

    assert cache.current() is first


def test_an_api_that_was_never_read_is_told(fake_api: FakeApi) -> None:
    """Without a contract there is nothing to show."""
    fake_api.contract["schema_version"] = "3.0"

    with pytest.raises(ContractTooNewError):
        SnapshotCache(fake_api.connection()).current()


def test_the_rule_is_the_one_in_force(fake_api: FakeApi) -> None:
    """An operator's threshold goes before that of the contract."""
    fake_api.model["decision"] |= {"seuil": 0.12, "origine": "configuration"}

    rule = Snapshot(fake_api.connection()).rule

    assert (rule.threshold, rule.configured) == (0.12, True)


def test_samples_are_looked_for_until_the_model_has_answered(fake_api: FakeApi) -> None:
    """A failure while looking is not remembered, an answer is."""
    snapshot = Snapshot(fake_api.connection())
    fake_api.failures.append(httpx.Response(403))

    assert TYPICAL in snapshot.samples
    assert len(snapshot.samples) == 4
    asked = len(fake_api.requests)
    assert len(snapshot.samples) == 4
    assert asked == len(fake_api.requests)


def test_absent_evidence_is_not_remembered(fake_api: FakeApi) -> None:
    """An API that is deployed anew may bring it."""
    snapshot = Snapshot(fake_api.connection())
    with pytest.raises(RouteAbsentError):
        _ = snapshot.evidence
    fake_api.evidence = {"simulator": {}}

    assert snapshot.evidence == {"simulator": {}}
