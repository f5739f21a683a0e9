"""What the routes of dossiers answer beside an assessment; field names and descriptions are what clients read."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from scoring.http.reply_schemas import Assessment, BatchCounts, Meta, RefusedRow, ScoreReply

RemarkCode = Literal["posterieure_a_la_demande", "hors_limites", "sans_credit", "mois_en_double"]


class _Reply(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RemarkReply(_Reply):
    """Ce qui a été relevé dans une table, et ce qui en a été fait."""

    code: RemarkCode
    nombre: int = Field(description="Lignes concernées.")
    exemple: str = Field(description="Place de la première, comme « bureau[3].DAYS_CREDIT ».")
    texte: str


class HistoryReply(_Reply):
    """Ce qu'il est advenu des lignes d'une table."""

    table: str
    etat: Literal["lue", "vide", "inconnue"] = Field(
        description="« vide » : il n'y a rien ; « inconnue » : la table n'a pas été donnée, on n'en sait rien."
    )
    lignes_lues: int
    lignes_ecartees: int = Field(description="Lignes qui ne comptent pour rien ; les remarques disent pourquoi.")
    remarques: list[RemarkReply]


class _Computed(_Reply):
    historiques: list[HistoryReply] = Field(description="Les six tables d'historique, dans leur ordre.")
    variables: dict[str, float | int | str | None] | None = Field(
        description="Avec « variables=oui » : les données d'entrée calculées, telles que POST /v1/score les attend ; "
        "celles d'une table inconnue n'y sont pas."
    )


class DossierReply(ScoreReply, _Computed):
    """Probabilité de défaut, décision et raisons d'un dossier brut."""


class ScoredDossier(Assessment, _Computed):
    """Un dossier du lot qui a été évalué."""

    index: int = Field(description="Place du dossier dans le lot, à partir de 0.")
    statut: Literal["evaluee"] = "evaluee"


class DossierBatchReply(_Reply):
    """Réponses à un lot de dossiers, dans leur ordre."""

    resultats: list[ScoredDossier | RefusedRow]
    compte: BatchCounts
    seuil: float
    meta: Meta
