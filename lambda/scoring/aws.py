"""What the function asks of other services of AWS, with its own patience (the only importer of boto3 here)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class AwsError(Exception):
    """A service did not do what it was asked.

    Parameters
    ----------
    code
        AWS's own word for it, or the name of what went wrong before AWS was reached.
    told
        What AWS told beside it.
    """

    def __init__(self, code: str, told: Mapping[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.told = dict(told or {})


class Service:
    """One service of AWS, opened with the first call: SnapStart shall keep no credentials, and most requests need none.

    Parameters
    ----------
    name
        As boto3 names it, such as ``dynamodb``.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    @cached_property
    def _client(self) -> Any:  # noqa: ANN401  boto3 makes the class when it is asked
        try:
            import boto3  # noqa: PLC0415  comes with Lambda's runtime; it takes as long to import as all the rest
            from botocore.config import Config  # noqa: PLC0415  the same
        except ImportError as error:
            raise AwsError("boto3 is not there; Lambda's runtime brings it") from error
        # The function has seconds to answer in.
        patience = Config(connect_timeout=1, read_timeout=1, retries={"mode": "standard", "total_max_attempts": 2})
        return boto3.client(self._name, config=patience)

    def call(self, operation: str, **arguments: object) -> dict[str, Any]:
        """Return what the service answers.

        Raises
        ------
        AwsError
            When it does not, whatever the reason.
        """
        try:
            from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  see `_client`
        except ImportError as error:
            raise AwsError("boto3 is not there; Lambda's runtime brings it") from error
        try:
            return dict(getattr(self._client, operation)(**arguments))
        except ClientError as error:
            raise AwsError(error.response["Error"]["Code"], error.response) from error
        except BotoCoreError as error:
            raise AwsError(type(error).__name__) from error
