"""The answer to one application, as this page reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from frontend.api.errors import UnexpectedReplyError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

REFUSED = "refuse"


@dataclass(frozen=True, slots=True)
class Reason:
    """One principal reason.

    Attributes
    ----------
    contribution
        Log-odds; positive raises the risk.
    """

    feature: str
    label: str
    contribution: float
    sentence: str

    @property
    def raises_risk(self) -> bool:
        """Whether the risk is higher because of it."""
        return self.contribution > 0


@dataclass(frozen=True, slots=True)
class Signal:
    """A remark on a field, which does not stop the assessment."""

    field: str
    detail: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the model says of one application.

    Attributes
    ----------
    review
        Why a person should decide, as sentences; empty when none has to.
    coverage
        Share of the application that was given, weighted by importance.
    missing
        Names of the optional inputs that were not given.
    base_value, margin, other_contributions
        Log-odds: base value + contributions of the reasons + other contributions = margin.
    """

    default_probability: float
    refused: bool
    review: tuple[str, ...]
    coverage: float
    missing: tuple[str, ...]
    signals: tuple[Signal, ...]
    reasons: tuple[Reason, ...]
    base_value: float
    margin: float
    other_contributions: float


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an answer comes from.

    Attributes
    ----------
    seal
        One hash of all the files that answered.
    threshold_configured
        Whether the operator replaced the threshold or the costs of the contract.
    computing_ms
        Time spent inside the function, as the API reports it.
    """

    version: str
    seal: str
    threshold_configured: bool
    answered_at: str
    computing_ms: float
    request_id: str


@dataclass(frozen=True, slots=True)
class Answer(Assessment):
    """The assessment, the threshold it was compared to, and where it comes from."""

    threshold: float
    origin: Origin


def reading[Read](read: Callable[[Mapping[str, Any]], Read], content: Mapping[str, Any]) -> Read:
    """Return what `read` makes of a reply.

    Raises
    ------
    UnexpectedReplyError
        When a part of it is absent or of another kind.
    """
    try:
        return read(content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnexpectedReplyError(f"the answer has no usable {error}") from error


def read_answer(content: Mapping[str, Any]) -> Answer:
    """Read the body of ``POST /v1/score``.

    Raises
    ------
    UnexpectedReplyError
        When a part of it is absent or of another kind.
    """
    return reading(_answer, content)


def assessment_fields(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of `Assessment` that a reply, or a row of a batch, holds."""
    return {
        "default_probability": float(content["probabilite_de_defaut"]),
        "refused": content["classe"] == REFUSED,
        "review": review_of(content["revue_humaine"]),
        "coverage": float(content["couverture"]),
        "missing": tuple(str(name) for name in content["valeurs_manquantes"]),
        "signals": tuple(Signal(str(one["champ"]), str(one["detail"])) for one in content["signalements"]),
        "reasons": tuple(
            Reason(str(one["variable"]), str(one["libelle"]), float(one["contribution"]), str(one["texte"]))
            for one in content["explications_locales"]
        ),
        "base_value": float(content["valeur_de_base"]),
        "margin": float(content["marge"]),
        "other_contributions": float(content["autres_contributions"] or 0),
    }


def review_of(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Return why a person should decide."""
    return tuple(str(one["texte"]) for one in content["motifs"]) if content["requise"] else ()


def _answer(content: Mapping[str, Any]) -> Answer:
    meta = content["meta"]
    return Answer(
        **assessment_fields(content),
        threshold=float(content["seuil"]),
        origin=Origin(
            version=str(meta["version_modele"]),
            seal=str(meta["empreinte"]),
            threshold_configured=meta["seuil_origine"] == "configuration",
            answered_at=str(meta["horodatage"]),
            computing_ms=float(meta["latence_ms"]),
            request_id=str(meta["id_requete"]),
        ),
    )
