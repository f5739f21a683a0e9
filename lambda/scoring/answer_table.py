"""Answers by key in a DynamoDB table, for functions of which there are several."""

from __future__ import annotations

import time
import zlib
from typing import TYPE_CHECKING, Any, Final

from scoring.aws import AwsError, Service
from scoring.errors import AnswerStoreError
from scoring.idempotency import LEASE_SECONDS, KeptAnswer, Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    type Item = Mapping[str, Mapping[str, Any]]

KEY: Final = "entry"
EXPIRY: Final = "expires_at"
# An item has 400 kB at most, its names included: an answer that is longer when compressed goes on in further items.
_PIECE_BYTES: Final = 380_000
_FREE: Final = f"attribute_not_exists({KEY}) OR {EXPIRY} <= :now"
_HELD: Final = "holder = :holder AND attribute_not_exists(answer)"


class AnswerTable:
    """Answers in a table whose hash key is `KEY` and whose TTL attribute is `EXPIRY`.

    DynamoDB deletes what has expired within days: until then it is here that it counts as gone.

    Parameters
    ----------
    name
        Name of the table.
    seconds
        How long an answer is kept.
    clock
        Gives the time in seconds.
    """

    def __init__(self, name: str, seconds: float, clock: Callable[[], float] = time.time) -> None:
        self._name = name
        self._seconds = seconds
        self._clock = clock
        self._service = Service("dynamodb")

    def claim(self, key: str, request: str, *, holder: str) -> KeptAnswer | Standing | None:
        """Hold a key for a request, or return what stands in its way; of two at a time one comes first.

        Raises
        ------
        AnswerStoreError
            ``SCR505`` when the table does not answer.
        """
        now = self._clock()
        found = self._call(
            "put_item",
            Item=_item(key, now + LEASE_SECONDS, request={"S": request}, holder={"S": holder}),
            ConditionExpression=_FREE,
            ExpressionAttributeValues={":now": _number(now)},
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
        if found is None:
            return None
        if found["request"]["S"] != request:
            return Standing.OTHER_REQUEST
        return self._answer(key, found) if "answer" in found else Standing.IN_PROGRESS

    def keep(self, key: str, answer: KeptAnswer, *, holder: str) -> None:
        """Keep the answer under a key that is held.

        Raises
        ------
        AnswerStoreError
            ``SCR505`` when the table does not answer.
        """
        expires_at = self._clock() + self._seconds
        packed = zlib.compress(answer.body)
        first, *rest = (packed[start : start + _PIECE_BYTES] for start in range(0, len(packed), _PIECE_BYTES))
        for place, piece in enumerate(rest, 1):
            self._call("put_item", Item=_item(_further(key, holder, place), expires_at, answer={"B": piece}))
        self._call(
            "update_item",
            Key={KEY: {"S": key}},
            UpdateExpression=f"SET answer = :answer, spoken = :spoken, further = :further, {EXPIRY} = :expires_at",
            ConditionExpression=_HELD,
            ExpressionAttributeValues={
                ":answer": {"B": first},
                ":spoken": {"S": answer.language},
                ":further": {"N": str(len(rest))},
                ":expires_at": _number(expires_at),
                ":holder": {"S": holder},
            },
        )

    def release(self, key: str, *, holder: str) -> None:
        """Forget a key that is held.

        Raises
        ------
        AnswerStoreError
            ``SCR505`` when the table does not answer.
        """
        self._call(
            "delete_item",
            Key={KEY: {"S": key}},
            ConditionExpression=_HELD,
            ExpressionAttributeValues={":holder": {"S": holder}},
        )

    def _answer(self, key: str, first: Item) -> KeptAnswer:
        pieces = [first["answer"]["B"]]
        for place in range(1, int(first["further"]["N"]) + 1):
            item = self._call(
                "get_item", Key={KEY: {"S": _further(key, first["holder"]["S"], place)}}, ConsistentRead=True
            )
            if not item:
                raise AnswerStoreError("SCR505", "a kept answer is not whole")
            pieces.append(item["answer"]["B"])
        return KeptAnswer(zlib.decompress(b"".join(pieces)), first["spoken"]["S"])

    def _call(self, operation: str, **arguments: object) -> Item | None:
        """Return the item that was asked for, or that was in the way; None where there is none."""
        try:
            reply = self._service.call(operation, TableName=self._name, **arguments)
        except AwsError as error:
            if error.code == "ConditionalCheckFailedException":
                return dict(error.told.get("Item", {}))
            raise AnswerStoreError("SCR505", f"DynamoDB: {error.code}") from error
        return dict(reply["Item"]) if "Item" in reply else None


def _item(key: str, expires_at: float, **attributes: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {KEY: {"S": key}, EXPIRY: _number(expires_at), **attributes}


def _further(key: str, holder: str, place: int) -> str:
    """Return where an answer goes on; a holder that comes too late touches nothing of another's."""
    return f"{key}/{holder}/{place}"


def _number(seconds: float) -> dict[str, str]:
    """Return a moment as DynamoDB's TTL reads it: whole seconds since 1970."""
    return {"N": str(int(seconds))}
