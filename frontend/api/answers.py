"""The answer to one application, as this page reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from frontend.api.errors import reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Decision(StrEnum):
    """The decision, in the API's own words."""

    ACCEPT = "accepte"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Reason:
    """What one theme does to the risk.

    Attributes
    ----------
    code
        Of the reason in the catalogue of the contract.
    contribution
        Log-odds; positive raises the risk.
    better
        What would be better; None where it lowers the risk.
    """

    code: str
    label: str
    contribution: float
    sentence: str
    better: str | None


class Outcome(StrEnum):
    """What is put to a person, in the words of the API."""

    GRANT = "accord"
    REVIEW = "examen"
    REFUSE = "refus"


@dataclass(frozen=True, slots=True)
class Signal:
    """A remark on a field, which does not stop the assessment; `code` is the API's word for its kind."""

    field: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the model says of one application.

    Attributes
    ----------
    proposal
        What is put to a person.
    probability_range
        Between which probabilities the answer lies, where the application says nothing of some inputs.
    review
        Why a person should decide, as sentences; empty when none has to.
    coverage
        Share of the application that was given, weighted by importance.
    missing, left_out
        Names of the optional inputs that were declared absent, and of those that nothing was said of.
    reasons
        The principal ones; of a refusal, those that raise the risk alone.
    favourable
        What lowers the risk and is not among `reasons`.
    base_value, margin, other_contributions
        Log-odds: base value + contributions of `reasons` and of `favourable` + other contributions = margin.
    """

    default_probability: float
    decision: Decision
    proposal: Outcome
    probability_range: tuple[float, float] | None
    review: tuple[str, ...]
    coverage: float
    missing: tuple[str, ...]
    left_out: tuple[str, ...]
    signals: tuple[Signal, ...]
    reasons: tuple[Reason, ...]
    favourable: tuple[Reason, ...]
    base_value: float
    margin: float
    other_contributions: float

    @property
    def refused(self) -> bool:
        """Whether the credit is refused."""
        return self.decision is Decision.REFUSE


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
    """The assessment, the threshold it was compared to, and where it comes from.

    Attributes
    ----------
    reply
        The API's own words, from which the same answer can be read again.
    """

    threshold: float
    origin: Origin
    reply: Mapping[str, Any] = field(repr=False, compare=False)


@reading("the answer")
def read_answer(content: Mapping[str, Any]) -> Answer:
    """Read the body of ``POST /v1/score``.

    Raises
    ------
    UnexpectedReplyError
        When a part of it is absent or of another kind.
    """
    return Answer(
        **assessment_fields(content),
        threshold=float(content["seuil"]),
        origin=read_origin(content["meta"]),
        reply=content,
    )


def read_origin(meta: Mapping[str, Any]) -> Origin:
    """Return where a reply comes from."""
    return Origin(
        version=str(meta["version_modele"]),
        seal=str(meta["empreinte"]),
        threshold_configured=meta["seuil_origine"] == "configuration",
        answered_at=str(meta["horodatage"]),
        computing_ms=float(meta["latence_ms"]),
        request_id=str(meta["id_requete"]),
    )


def assessment_fields(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of `Assessment` that a reply, or a row of a batch, holds."""
    return {
        "default_probability": float(content["probabilite_de_defaut"]),
        "decision": Decision(content["classe"]),
        "proposal": Outcome(content["proposition"]),
        "probability_range": _read_range(content["fourchette"]),
        "review": read_review(content["revue_humaine"]),
        "coverage": float(content["couverture"]),
        "missing": tuple(str(name) for name in content["valeurs_manquantes"]),
        "left_out": tuple(str(name) for name in content["valeurs_inconnues"]),
        "signals": tuple(
            Signal(str(one["champ"]), str(one["code"]), str(one["detail"])) for one in content["signalements"]
        ),
        "reasons": _read_reasons(content["explications_locales"]),
        "favourable": _read_reasons(content["elements_favorables"]),
        "base_value": float(content["valeur_de_base"]),
        "margin": float(content["marge"]),
        "other_contributions": float(content["autres_contributions"] or 0),
    }


def _read_reasons(content: Sequence[Mapping[str, Any]]) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            code=str(one["code"]),
            label=str(one["libelle"]),
            contribution=float(one["contribution"]),
            sentence=str(one["texte"]),
            better=None if one["mieux"] is None else str(one["mieux"]),
        )
        for one in content
    )


def _read_range(content: Mapping[str, Any] | None) -> tuple[float, float] | None:
    return None if content is None else (float(content["basse"]), float(content["haute"]))


def read_review(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Return why a person should decide, as sentences; none where none has to."""
    return tuple(str(one["texte"]) for one in content["motifs"]) if content["requise"] else ()
