"""The audit record: everything needed to take a decision again a year later, inputs included, for a sample.

Every application near the threshold leaves a record, and of the others a share that depends on the request's
identifier alone, so that the same request is in the sample wherever it is asked. Records have a logger of their own;
CloudWatch Logs hands the lines whose ``evenement`` is ``audit`` to Firehose, and no request waits for that.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scoring.features import Value

AUDIT_LOGGER_NAME = "scoring.records"
RECORD_VERSION: Final = "1"
LONGEST_IDENTIFIER: Final = 200
NEAR_THRESHOLD: Final = "zone_grise"
SAMPLED: Final = "echantillon"
_LOGGER = logging.getLogger(AUDIT_LOGGER_NAME)
_HASH_BYTES: Final = 8


def configure_audit() -> None:
    """Send the records to standard output, one JSON object each, apart from the request log's level."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(message)s"))
    _LOGGER.handlers = [handler]
    _LOGGER.setLevel(logging.INFO)
    _LOGGER.propagate = False


class Auditor:
    """Writes the records of the applications that are in the sample.

    Parameters
    ----------
    share
        Share of the applications away from the threshold, between 0 and 1.
    read_key
        Gives the key of the identifiers' hash each time it is needed: nothing secret is kept.
    """

    def __init__(self, *, share: float, read_key: Callable[[], bytes]) -> None:
        self._share = share
        self._read_key = read_key

    def motive(self, request_id: str, *, near_threshold: bool) -> str | None:
        """Return why an application leaves a record, or None."""
        if near_threshold:
            return NEAR_THRESHOLD
        return SAMPLED if sampled(request_id, self._share) else None

    def record(self, facts: Mapping[str, object], application: Mapping[str, Value], applicant: str | None) -> None:
        """Write one record; numbers are written so that they are read back bit for bit."""
        content = {
            "evenement": "audit",
            "enregistrement": RECORD_VERSION,
            **facts,
            "demandeur": None if applicant is None else hashed(applicant, self._read_key()),
            "demande": application,
        }
        _LOGGER.info("%s", json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")))


def sampled(request_id: str, share: float) -> bool:
    """Say whether a request is in the sample: always the same answer for the same identifier.

    >>> sampled("a", 0.0), sampled("a", 1.0)
    (False, True)
    """
    digest = hashlib.sha256(request_id.encode()).digest()[:_HASH_BYTES]
    return int.from_bytes(digest) < share * float(1 << (8 * _HASH_BYTES))


def hashed(identifier: str, key: bytes) -> str:
    """Return the keyed hash of an applicant's identifier: the same applicant can be found again, but not named.

    >>> hashed("100001", b"key") == hashed("100001", b"key") != hashed("100001", b"other")
    True
    """
    return hmac.new(key, identifier.encode(), hashlib.sha256).hexdigest()
