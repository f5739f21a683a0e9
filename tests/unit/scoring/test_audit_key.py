"""The key of the hashes: in no snapshot, read when it is needed, turned without a deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest

from delivery.mocked_aws import mocked_aws
from scoring.audit_key import KEPT_SECONDS, PAUSE_SECONDS, AuditKey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scoring.errors import AuditKeyError

SECRET = "AuditHashKey"  # noqa: S105  its name
FIRST, SECOND = "first-key-of-the-hashes", "second-key-of-the-hashes"


class Clock:
    """A clock that moves when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def failures() -> list[AuditKeyError]:
    """Return a list that collects what goes wrong."""
    return []


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands still."""
    return Clock()


@pytest.fixture
def key(failures: list[AuditKeyError], clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[AuditKey]:
    """Return a key in a mocked Secrets Manager that has no secret yet."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")
    monkeypatch.delenv("AUDIT_HASH_KEY", raising=False)
    with mocked_aws():
        yield AuditKey(SECRET, on_failure=failures.append, clock=clock)


def put(value: str) -> None:
    """Make the secret, or turn it."""
    secrets = boto3.client("secretsmanager")
    if secrets.list_secrets()["SecretList"]:
        secrets.put_secret_value(SecretId=SECRET, SecretString=value)
    else:
        secrets.create_secret(Name=SECRET, SecretString=value)


def test_a_key_that_is_turned_is_used_within_minutes(key: AuditKey, clock: Clock) -> None:
    """Nothing is read before the first use, which SnapStart's snapshot is older than; then every few minutes."""
    put(FIRST)
    first = key.read()
    put(SECOND)
    still = key.read()
    clock.now = KEPT_SECONDS

    assert (first, still, key.read()) == (FIRST.encode(), FIRST.encode(), SECOND.encode())


def test_key_in_use_outlives_a_silence_of_its_keeper(
    key: AuditKey, clock: Clock, failures: list[AuditKeyError]
) -> None:
    """The last key stays in use; that the secret cannot be read is told, and not tried again with each request."""
    put(FIRST)
    key.read()
    boto3.client("secretsmanager").delete_secret(SecretId=SECRET, ForceDeleteWithoutRecovery=True)
    clock.now = KEPT_SECONDS

    assert (key.read(), key.read()) == (FIRST.encode(), FIRST.encode())
    assert [str(one) for one in failures] == ["SCR506: Secrets Manager: ResourceNotFoundException"]
    clock.now += PAUSE_SECONDS
    key.read()
    assert len(failures) == 2


def test_key_that_could_be_guessed_is_none(key: AuditKey, failures: list[AuditKeyError]) -> None:
    """Hashes under a short key name people: there are rather none, and it is told."""
    put("short")

    assert key.read() == b""
    assert [one.code for one in failures] == ["SCR506"]


def test_key_of_the_environment_needs_no_secret(key: AuditKey, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process on one's own machine has it in a variable."""
    monkeypatch.setenv("AUDIT_HASH_KEY", FIRST)

    assert key.read() == FIRST.encode()
