"""What the API answers: field names and descriptions are what French clients read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from scoring.decision import Decision  # noqa: TC001  pydantic resolves annotations at run time

if TYPE_CHECKING:
    from scoring.service import Reason


class _Reply(BaseModel):
    model_config = ConfigDict(frozen=True)


class LocalExplanation(_Reply):
    """Une raison principale de la réponse."""

    variable: str = Field(description="Nom de la variable du modèle.")
    libelle: str = Field(description="Libellé en français.")
    valeur: float | int | str | None = Field(description="Valeur de la demande ; null si elle est inconnue.")
    contribution: float = Field(
        description="Part dans le log de la cote du défaut ; positive, elle augmente le risque."
    )
    sens: Literal["augmente", "diminue"] = Field(description="Effet sur le risque estimé.")
    texte: str = Field(description="La raison en une phrase.")

    @classmethod
    def of(cls, reason: Reason) -> LocalExplanation:
        """Word one reason for the reply."""
        return cls(
            variable=reason.feature,
            libelle=reason.label,
            valeur=reason.value,
            contribution=reason.contribution,
            sens="augmente" if reason.contribution > 0 else "diminue",
            texte=reason.sentence,
        )


class Meta(_Reply):
    """D'où vient la réponse."""

    version_modele: str = Field(description="Nom et version du modèle au registre.")
    horodatage: str = Field(description="Instant de la réponse, ISO 8601, UTC.")
    latence_ms: float = Field(description="Durée du traitement dans la fonction, en millisecondes.")
    id_requete: str = Field(description="Identifiant de la requête, à citer en cas de question.")


class ScoreReply(_Reply):
    """Probabilité de défaut, décision et raisons d'une demande."""

    probabilite_de_defaut: float = Field(ge=0, le=1, description="Probabilité de défaut, calibrée.")
    classe: Decision = Field(description="Décision : refuse si la probabilité atteint le seuil.")
    seuil: float = Field(ge=0, le=1, description="Seuil qui minimise le coût métier.")
    explications_locales: list[LocalExplanation] = Field(description="Raisons principales, la plus forte d'abord.")
    meta: Meta


class Health(_Reply):
    """État de la fonction."""

    statut: Literal["ok"]
    version_modele: str
    execution: str = Field(description="Identifiant de l'entraînement dont vient le modèle.")


class FieldProblemReply(_Reply):
    """Un problème d'un champ."""

    champ: str
    code: str
    detail: str
    recu: object = None


class Problem(_Reply):
    """Erreur au format RFC 9457."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    id_requete: str
    problemes: list[FieldProblemReply] = Field(default_factory=list)
