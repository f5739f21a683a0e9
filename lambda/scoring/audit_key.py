"""The key of the identifiers' hashes: read when it is first needed, and again when it may have been turned.

It stands in no variable that a snapshot of SnapStart would keep, and a key that is turned in Secrets Manager is used
within minutes, without a deployment.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from scoring.aws import AwsError, Service
from scoring.errors import AuditKeyError
from scoring.log_lines import SHORTEST_KEY
from scoring.settings import read_audit_key

if TYPE_CHECKING:
    from collections.abc import Callable

KEPT_SECONDS: Final = 300.0
# After a failure requests do not wait for the next one.
PAUSE_SECONDS: Final = 60.0


class AuditKey:
    """Gives the key: that of the environment where it has one, else that of a secret.

    Parameters
    ----------
    secret
        Name or ARN of the secret in Secrets Manager; None where the environment alone has the key.
    on_failure
        Told when the secret cannot be read. The last key that was read stays in use; where there was none, records
        name nobody, and are found by the receipt of their reply.
    clock
        Gives a time in seconds that never goes back.
    """

    def __init__(
        self,
        secret: str | None,
        *,
        on_failure: Callable[[AuditKeyError], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._secret = secret
        self._on_failure = on_failure
        self._clock = clock
        self._service = Service("secretsmanager")
        self._key = b""
        self._read_again_at: float | None = None

    def read(self) -> bytes:
        """Return the key; nothing where there is none to be had at the moment."""
        if (given := read_audit_key()) or self._secret is None:
            return given
        now = self._clock()
        if self._read_again_at is None or now >= self._read_again_at:
            self._read_again_at = now + self._refresh(self._secret)
        return self._key

    def _refresh(self, secret: str) -> float:
        """Read the secret, and return for how many seconds that is to do."""
        try:
            self._key = self._secret_value(secret)
        except AuditKeyError as error:
            self._on_failure(error)
            return PAUSE_SECONDS
        return KEPT_SECONDS

    def _secret_value(self, secret: str) -> bytes:
        try:
            found = str(self._service.call("get_secret_value", SecretId=secret).get("SecretString", "")).encode()
        except AwsError as error:
            raise AuditKeyError("SCR506", f"Secrets Manager: {error.code}") from error
        if len(found) < SHORTEST_KEY:
            raise AuditKeyError("SCR506", f"the secret has fewer than {SHORTEST_KEY} characters")
        return found
