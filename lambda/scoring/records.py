"""The audit record: everything needed to take a decision again a year later, inputs included, for a sample.

Every application near the threshold leaves a record, and of the others a share that depends on the applicant alone, or
on the request where no applicant is named: who comes back is in the sample each time or never. Each record tells the
probability with which it was to be there, whose inverse is what it weighs. Records have a logger of their own;
CloudWatch Logs hands the lines whose ``evenement`` is ``audit`` to Firehose, and no request waits for that. What is
written here is read here too: replay and monitoring get their records from `AuditRecord.read`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import sys
import unicodedata
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Protocol, Self

from scoring.log_lines import EVENT, Event
from scoring.policy import told_outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scoring.bundle import Bundle
    from scoring.decision import DecisionRule
    from scoring.policy import PolicyOutcome

AUDIT_LOGGER_NAME = "scoring.records"
VERSION: Final = "enregistrement"
RECORD_VERSION: Final = "2"
# Buckets are full of lines of form 1, which differs in `AuditRecord.raisons` alone.
_READABLE: Final = {"1", RECORD_VERSION}
LONGEST_IDENTIFIER: Final = 200
NEAR_THRESHOLD: Final = "zone_grise"
SAMPLED: Final = "echantillon"
_LOGGER = logging.getLogger(AUDIT_LOGGER_NAME)
_HASH_BYTES: Final = 8
_SEAL_HEAD: Final = 8
_ALL_PLACES: Final = float(1 << (8 * _HASH_BYTES))


class RecordError(ValueError):
    """A line is no whole audit record of this version; the message says what is amiss, never a value."""


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One decision with all it was taken on, under the names and in the order of its line; nothing is rounded.

    Attributes
    ----------
    motif
        Why there is a record: `NEAR_THRESHOLD` or `SAMPLED`.
    id_requete
        Of the request; in a batch, followed by the place of the application.
    horodatage
        When it was answered, in UTC.
    raisons
        Codes of the reasons told, each with the contribution of its theme in log-odds; in form 1, names of features.
    demandeur
        Keyed hash of the applicant's identifier at the client; None where none was given.
    demande
        The application as it was scored, by input.
    dossier
        SHA-256 of the raw dossier its inputs were computed from; None where they were sent.
    part_auditee
        Share of the applications away from the threshold that left a record at that moment; None in older records.
    probabilite_inclusion
        With which this application was to leave a record: 1 near the threshold; None in older records.
    partenaire
        Keyed hash of the client's key at the API; None where none was used.
    politique
        What the lender's rules said, version and codes; None where there were none.
    """

    motif: str
    id_requete: str
    route: str
    horodatage: str
    version_modele: str
    empreinte: str
    seuil_origine: str
    cout_faux_negatif: float
    cout_faux_positif: float
    seuil: float
    probabilite_de_defaut: float
    marge: float
    valeur_de_base: float
    classe: str
    couverture: float
    revue_humaine: tuple[str, ...]
    raisons: tuple[tuple[str, float], ...]
    demandeur: str | None
    demande: Mapping[str, Any]
    dossier: str | None = None
    part_auditee: float | None = None
    probabilite_inclusion: float | None = None
    partenaire: str | None = None
    politique: Mapping[str, Any] | None = None

    def line(self) -> str:
        """Return the record as it is written: numbers are read back bit for bit."""
        told = {EVENT: Event.AUDIT, VERSION: RECORD_VERSION} | {name: getattr(self, name) for name in _FIELDS}
        for name in _OPTIONAL:
            if told[name] is None:
                del told[name]  # records of applications are written as they always were
        return json.dumps(told, ensure_ascii=False, allow_nan=False, separators=(",", ":"))

    @classmethod
    def read(cls, line: Mapping[str, Any]) -> Self:
        """Return the record that a line of the log holds; what else it holds is passed over.

        Raises
        ------
        RecordError
            When a field is missing, or the line is of another form.
        """
        missing = [name for name in (VERSION, *_NEEDED) if line.get(name) is None]
        if missing:
            raise RecordError(f"lacks {', '.join(missing)}")
        told: dict[str, Any] = {name: line.get(name) for name in _FIELDS}
        try:
            told["revue_humaine"] = tuple(line["revue_humaine"])
            told["raisons"] = tuple((code, contribution) for code, contribution in line["raisons"])
        except (TypeError, ValueError) as error:
            raise RecordError(f"is not of form {RECORD_VERSION}") from error
        if line[VERSION] not in _READABLE or not isinstance(line["demande"], dict):
            raise RecordError(f"is not of form {RECORD_VERSION}")
        return cls(**told)


_FIELDS: Final = tuple(one.name for one in fields(AuditRecord))
_OPTIONAL: Final = ("dossier", "part_auditee", "probabilite_inclusion", "partenaire", "politique")
_NEEDED: Final = tuple(name for name in _FIELDS if name not in {"demandeur", *_OPTIONAL})


class GivenReason(Protocol):
    """A reason, as far as a record tells it."""

    @property
    def code(self) -> str:
        """Code of the reason in the catalogue."""

    @property
    def contribution(self) -> float:
        """Log-odds of its theme."""


class Answer(Protocol):
    """A scored application, as far as a record tells it: `scoring.service.ScoredApplication` is one."""

    @property
    def default_probability(self) -> float:
        """Probability of default."""

    @property
    def margin(self) -> float:
        """Its log-odds."""

    @property
    def base_value(self) -> float:
        """Margin of the average applicant."""

    @property
    def decision(self) -> str:
        """Accepted or refused."""

    @property
    def coverage(self) -> float:
        """Share of the application that was given, by weight."""

    @property
    def review(self) -> Sequence[str]:
        """Why a person should decide."""

    @property
    def reasons(self) -> Sequence[GivenReason]:
        """The principal reasons."""

    @property
    def policy(self) -> PolicyOutcome | None:
        """What the lender's rules say."""


def model_version(bundle: Bundle) -> str:
    """Return what replies, logs and records call a bundle: name, registry version, and the head of its one hash.

    A registry that was begun anew has a version 1 again; the hash tells the two apart.
    """
    identity = bundle.contract.identity
    return f"{identity.model_name}:{identity.registry_version or 'non-publié'}+{bundle.seal[:_SEAL_HEAD]}"


def origin_of(bundle: Bundle, rule: DecisionRule) -> dict[str, Any]:
    """Return under which model and which rule an answer was given, as replies and records tell it."""
    return {
        "version_modele": model_version(bundle),
        "empreinte": bundle.seal,
        "seuil_origine": rule.origin,
        "cout_faux_negatif": rule.costs.false_negative,
        "cout_faux_positif": rule.costs.false_positive,
    }


def answer_of(scored: Answer) -> dict[str, Any]:
    """Return what a record tells of an answer."""
    return {
        "probabilite_de_defaut": scored.default_probability,
        "marge": scored.margin,
        "valeur_de_base": scored.base_value,
        "classe": str(scored.decision),
        "couverture": scored.coverage,
        "revue_humaine": tuple(str(motive) for motive in scored.review),
        "raisons": tuple((reason.code, reason.contribution) for reason in scored.reasons),
    }


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
        Gives the key of the identifiers' hash each time it is needed; nothing where it is not to be had.
    """

    def __init__(self, bundle: Bundle, rule: DecisionRule, *, share: float, read_key: Callable[[], bytes]) -> None:
        self._origin = origin_of(bundle, rule)
        self._rule = rule
        self._share = share
        self._read_key = read_key

    def audit(
        self,
        scored: Answer,
        application: Mapping[str, Any],
        *,
        request_id: str,
        route: str,
        applicant: str | None,
        partner: str | None = None,
        dossier: Callable[[], str] | None = None,
    ) -> None:
        """Write the record of one answer, where the application is in the sample.

        Parameters
        ----------
        partner
            Identifier of the key that the client calls with.
        dossier
            Gives the hash of the raw dossier that the application was computed from; called for a record alone.
        """
        key = self._read_key() if applicant or partner else b""
        # No hash under no key: everybody could name the person.
        person = applicant_hash(applicant, key, partner=partner) if applicant and key else None
        motive = self._motive(person or request_id, scored.default_probability)
        if motive is None:
            return
        record = AuditRecord(
            motif=motive,
            id_requete=request_id,
            route=route,
            horodatage=datetime.now(UTC).isoformat(timespec="milliseconds"),
            **self._origin,
            seuil=self._rule.threshold,
            **answer_of(scored),
            demandeur=person,
            demande=application,
            dossier=None if dossier is None else dossier(),
            part_auditee=self._share,
            probabilite_inclusion=1.0 if motive == NEAR_THRESHOLD else self._share,
            partenaire=hashed(partner, key) if partner and key else None,
            politique=None if scored.policy is None else told_outcome(scored.policy),
        )
        _LOGGER.info("%s", record.line())

    def _motive(self, drawn_by: str, default_probability: float) -> str | None:
        """Return why an application leaves a record, or None."""
        if self._rule.is_close(default_probability):
            return NEAR_THRESHOLD
        return SAMPLED if sampled(drawn_by, self._share) else None


def sampled(drawn_by: str, share: float) -> bool:
    """Say whether an applicant or a request is in the sample: always the same answer for the same identifier.

    >>> sampled("a", 0.0), sampled("a", 1.0)
    (False, True)
    """
    return _place(drawn_by) < share * _ALL_PLACES


def place_of(request_id: str) -> float:
    """Return where an identifier lies between 0 and 1: the sample is what lies below its share.

    >>> round(place_of("a"), 4)
    0.7914
    """
    return _place(request_id) / _ALL_PLACES


def _place(request_id: str) -> int:
    return int.from_bytes(hashlib.sha256(request_id.encode()).digest()[:_HASH_BYTES])


def applicant_hash(identifier: str, key: bytes, *, partner: str | None) -> str:
    """Return the keyed hash of an applicant as one partner names them: another partner's "1001" is somebody else.

    However the identifier is composed, and whatever blanks are around it, it is the same one.

    >>> applicant_hash("Zoé", b"key", partner="a") == applicant_hash(" Zoe\u0301", b"key", partner="a")
    True
    >>> applicant_hash("1001", b"key", partner="a") == applicant_hash("1001", b"key", partner="b")
    False
    """
    normal = unicodedata.normalize("NFC", identifier).strip()
    return hashed(normal if partner is None else f"{partner}\n{normal}", key)


def hashed(identifier: str, key: bytes) -> str:
    """Return the keyed hash of an identifier of an applicant or a partner: found again, but not named.

    >>> hashed("100001", b"key") == hashed("100001", b"key") != hashed("100001", b"other")
    True
    """
    return hmac.new(key, identifier.encode(), hashlib.sha256).hexdigest()
