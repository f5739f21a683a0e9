"""What the page knows of the API: read once, read again when it is old, kept when it cannot be read."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from frontend.api.errors import (
    ContractTooNewError,
    ContractTooOldError,
    FrontendError,
    UnexpectedReplyError,
    reading,
)
from frontend.applications.form import Form, read_form
from frontend.applications.samples import BORDERLINE, Sample, make_samples

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from frontend.api.connection import Connection

# A model may be promoted while the page is open.
LIFETIME_SECONDS = 600
# The schema of the contract that this page was written for: (major, minor). Minor ones only add to it.
SCHEMA: Final = (2, 0)


@dataclass(frozen=True, slots=True)
class Rule:
    """The decision rule in force, which an operator may have set over the contract's.

    Attributes
    ----------
    review_band
        Probabilities too close to the threshold to be decided by machine alone.
    """

    threshold: float
    review_band: tuple[float, float]
    false_negative_cost: float
    false_positive_cost: float
    configured: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the API takes in one request."""

    rows: int
    bytes: int


class Snapshot:
    """The API, and what it said of its model when it was asked; read, never written.

    Attributes
    ----------
    seal
        Hash of the bundle that answered when the contract was read.
    newer
        Whether the contract is of a later minor schema than this page was written for.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.contract: Mapping[str, Any] = connection.client.contract()
        self.newer = is_newer(str(self.contract.get("schema_version", "")))
        model = connection.client.model()
        with reading("the contract"):
            self.form: Form = read_form(self.contract)
            self.seal = str(model["empreinte"])
            self.rule = _rule(model["decision"])
            self.limits = Limits(model["limites"]["demandes_par_lot"], model["limites"]["octets_par_requete"])
        self._samples: dict[str, Sample] = {}

    @property
    def samples(self) -> Mapping[str, Sample]:
        """The sample applicants; those that the model has to find are looked for until it has answered once."""
        if BORDERLINE not in self._samples:
            made = make_samples(self.contract, self.form, self.connection.client)
            self._samples = {sample.key: sample for sample in made}
        return self._samples

    @cached_property
    def evidence(self) -> Mapping[str, Any]:
        """The evidence behind the decision rule; a `FrontendError` is not remembered."""
        return self.connection.client.evidence()


class SnapshotCache:
    """Hands out the snapshot to every session, and the last good one while the API is away."""

    def __init__(self, connection: Connection, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._connection = connection
        self._clock = clock
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._read_at = float("-inf")

    def current(self) -> Snapshot:
        """Return the snapshot, taken anew when it is old.

        Raises
        ------
        FrontendError
            When the API has never been read; the next call tries again.
        """
        with self._lock:
            if self._snapshot is None or self._clock() - self._read_at > LIFETIME_SECONDS:
                self._snapshot = self._taken()
                self._read_at = self._clock()
            return self._snapshot

    def expire(self) -> None:
        """Read the API again at the next call."""
        self._read_at = float("-inf")

    def _taken(self) -> Snapshot:
        """Return a new snapshot; the last one while the API is away."""
        try:
            return Snapshot(self._connection)
        except FrontendError:
            # A form that is being filled must stay on the page; sending it will say what is wrong.
            if self._snapshot is None:
                raise
            return self._snapshot


def is_newer(schema: str) -> bool:
    """Tell whether a contract's schema has more than this page knows of.

    Raises
    ------
    ContractTooNewError, ContractTooOldError
        When the page cannot read it.

    >>> is_newer("2.0"), is_newer("2.7")
    (False, True)
    """
    try:
        major, minor = (int(part) for part in schema.split("."))
    except ValueError as error:
        raise UnexpectedReplyError("the contract has no schema version") from error
    if major > SCHEMA[0]:
        raise ContractTooNewError(schema)
    if (major, minor) < SCHEMA:
        raise ContractTooOldError(schema)
    return minor > SCHEMA[1]


def _rule(content: Mapping[str, Any]) -> Rule:
    low, high = content["zone_de_revue"]
    return Rule(
        threshold=float(content["seuil"]),
        review_band=(float(low), float(high)),
        false_negative_cost=float(content["cout_faux_negatif"]),
        false_positive_cost=float(content["cout_faux_positif"]),
        configured=content["origine"] == "configuration",
    )
