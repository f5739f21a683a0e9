"""Answers by key: in this process, and in a DynamoDB table; both keep the same promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
import numpy as np
import pytest

from delivery.mocked_aws import mocked_aws
from delivery.template import read_template
from scoring.answer_table import EXPIRY, KEY, AnswerTable
from scoring.errors import AnswerStoreError
from scoring.idempotency import LEASE_SECONDS, AnswerStore, KeptAnswer, MemoryStore, Standing

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 3600
TABLE = "answers"
DECLARED = read_template()["Resources"]["AnswerTable"]["Properties"]
ANSWER = KeptAnswer('{"classe":"refuse","texte":"année"}'.encode(), "fr")


@dataclass
class Clock:
    """A clock that is set by hand."""

    now: float = 1_800_000_000.5

    def __call__(self) -> float:
        """Return the time in seconds."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands still."""
    return Clock()


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make the table of the template in a mocked AWS."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")
    with mocked_aws():
        declared = {name: DECLARED[name] for name in ("BillingMode", "AttributeDefinitions", "KeySchema")}
        boto3.client("dynamodb").create_table(TableName=TABLE, **declared)
        yield


@pytest.fixture(params=["memory", "dynamodb"])
def store(request: pytest.FixtureRequest, clock: Clock) -> AnswerStore:
    """Return each kind of store in turn."""
    if request.param == "memory":
        return MemoryStore(SECONDS, clock)
    request.getfixturevalue("table")
    return AnswerTable(TABLE, SECONDS, clock)


def test_same_request_gets_the_kept_answer(store: AnswerStore) -> None:
    """Whoever asks again under the key reads what was kept, to the byte."""
    assert store.claim("key", "request", holder="first") is None
    store.keep("key", ANSWER, holder="first")

    assert store.claim("key", "request", holder="second") == ANSWER


def test_key_of_another_request_is_told(store: AnswerStore) -> None:
    """A key belongs to one request, answered or not."""
    store.claim("key", "request", holder="first")
    before = store.claim("key", "other", holder="second")
    store.keep("key", ANSWER, holder="first")

    assert (before, store.claim("key", "other", holder="second")) == (Standing.OTHER_REQUEST, Standing.OTHER_REQUEST)


def test_request_that_is_being_answered_is_told(store: AnswerStore) -> None:
    """Of two that come at a time, one is answered; the other learns that it has to come back."""
    store.claim("key", "request", holder="first")

    assert store.claim("key", "request", holder="second") is Standing.IN_PROGRESS


def test_keys_are_apart(store: AnswerStore) -> None:
    """What is kept under one key says nothing of another."""
    store.claim("key", "request", holder="first")

    assert store.claim("another", "request", holder="first") is None


def test_what_failed_may_be_tried_again(store: AnswerStore) -> None:
    """A released key is as one that never was."""
    store.claim("key", "request", holder="first")
    store.release("key", holder="first")

    assert store.claim("key", "other", holder="second") is None


def test_holder_that_ended_lets_go(store: AnswerStore, clock: Clock) -> None:
    """After the lease the key is free, and the late holder neither overwrites nor frees what the next one has."""
    store.claim("key", "request", holder="first")
    clock.now += LEASE_SECONDS + 1
    claimed = store.claim("key", "request", holder="second")
    store.keep("key", KeptAnswer(b"late", "fr"), holder="first")
    store.release("key", holder="first")
    store.keep("key", ANSWER, holder="second")
    store.release("key", holder="second")

    assert (claimed, store.claim("key", "request", holder="third")) == (None, ANSWER)


def test_answer_is_kept_for_the_stated_time(store: AnswerStore, clock: Clock) -> None:
    """Until then it is given again, from then on the key is free, whether DynamoDB has deleted it or not."""
    store.claim("key", "request", holder="first")
    store.keep("key", ANSWER, holder="first")
    clock.now += SECONDS - 1
    within = store.claim("key", "request", holder="second")
    clock.now += 2

    assert (within, store.claim("key", "request", holder="third")) == (ANSWER, None)


def test_answer_larger_than_an_item_is_kept_whole(store: AnswerStore) -> None:
    """A batch's answer may be longer than the 400 kB of an item of DynamoDB, even when compressed."""
    long = KeptAnswer(np.random.default_rng(0).bytes(1_000_000), "en")
    store.claim("key", "request", holder="first")
    store.keep("key", long, holder="first")

    assert store.claim("key", "request", holder="second") == long


@pytest.mark.usefixtures("table")
def test_table_is_the_one_the_template_declares(clock: Clock) -> None:
    """Key and expiry have the template's names; the item tells nothing but hashes, a holder and the packed answer."""
    AnswerTable(TABLE, SECONDS, clock).claim("key", "request", holder="first")
    (item,) = boto3.client("dynamodb").scan(TableName=TABLE)["Items"]

    assert [one["AttributeName"] for one in DECLARED["KeySchema"]] == [KEY]
    assert DECLARED["TimeToLiveSpecification"] == {"AttributeName": EXPIRY, "Enabled": True}
    assert item == {
        KEY: {"S": "key"},
        "request": {"S": "request"},
        "holder": {"S": "first"},
        EXPIRY: {"N": str(int(clock.now) + LEASE_SECONDS)},
    }


@pytest.mark.usefixtures("table")
def test_table_that_is_not_there_is_told() -> None:
    """What DynamoDB refuses is an error of the store, by DynamoDB's own name."""
    with pytest.raises(AnswerStoreError, match=r"^SCR505: DynamoDB: ResourceNotFoundException$"):
        AnswerTable("elsewhere", SECONDS).claim("key", "request", holder="first")


def test_table_without_an_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither does a missing region, or a network that is down, leave the function as an error of boto3."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(AnswerStoreError, match=r"^SCR505: DynamoDB: NoRegionError$"):
        AnswerTable(TABLE, SECONDS).claim("key", "request", holder="first")
