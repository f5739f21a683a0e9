"""What the API answers: field names and descriptions are what French clients read."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from scoring.contract import Identity, Quality  # noqa: TC001  pydantic resolves annotations at run time
from scoring.decision import Decision, Outcome  # noqa: TC001  the same
from scoring.review import ReviewMotive  # noqa: TC001  the same


class _Reply(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LocalExplanation(_Reply):
    """Ce qu'un thème fait au risque, par une raison du catalogue."""

    code: str = Field(description="Code de la raison au catalogue (docs/motifs.md) ; il ne change jamais de sens.")
    theme: str = Field(description="Code du thème, ou du groupe de thèmes s'ils sont trop nombreux à peser autant.")
    libelle: str = Field(description="Libellé du thème ou du groupe, dans la langue demandée.")
    contribution: float = Field(
        description="Somme du thème dans le log de la cote du défaut ; positive, elle augmente le risque."
    )
    sens: Literal["augmente", "diminue"] = Field(description="Effet sur le risque estimé.")
    texte: str = Field(description="La raison en phrases, avec la valeur dans son unité.")
    mieux: str | None = Field(description="Ce qui serait mieux ; null pour ce qui diminue le risque.")
    variable: str = Field(description="Variable du modèle qui pèse le plus dans le thème, dans le même sens.")
    valeur: float | int | str | None = Field(description="Valeur de la demande ; null si elle est inconnue.")


class ReviewReasonReply(_Reply):
    """Un motif d'examen par une personne."""

    code: ReviewMotive
    texte: str


class HumanReview(_Reply):
    """La demande doit-elle être examinée par une personne, et pourquoi."""

    requise: bool = Field(description="Vrai si la machine ne doit pas décider seule.")
    motifs: list[ReviewReasonReply] = Field(description="Pourquoi ; vide si la revue n'est pas requise.")


class Signal(_Reply):
    """Une remarque sur un champ, qui n'empêche pas l'évaluation."""

    champ: str
    code: Literal["valeur_inhabituelle", "categorie_rare", "incoherente", "champ_inconnu", "champ_retire"]
    detail: str


class Meta(_Reply):
    """D'où vient la réponse."""

    version_modele: str = Field(description="Nom et version du modèle au registre.")
    empreinte: str = Field(description="SHA-256 du bundle servi : contrat, modèle, tables et dossiers de contrôle.")
    seuil_origine: Literal["contrat", "configuration"] = Field(
        description="« configuration » si l'exploitant a remplacé le seuil ou les coûts du contrat."
    )
    cout_faux_negatif: float = Field(description="Coût d'un défaut accordé.")
    cout_faux_positif: float = Field(description="Coût d'un bon dossier refusé.")
    horodatage: str = Field(description="Instant de la réponse, ISO 8601, UTC.")
    latence_ms: float = Field(description="Durée du traitement dans la fonction, en millisecondes.")
    id_requete: str = Field(description="Identifiant de la requête, à citer en cas de question.")


class ProbabilityRange(_Reply):
    """Entre quelles probabilités se trouve la réponse, quoi que valent les champs dont la demande ne dit rien."""

    basse: float = Field(ge=0, le=1)
    haute: float = Field(ge=0, le=1)


class PolicyRuleReply(_Reply):
    """Une règle de la politique du prêteur qui a son mot à dire."""

    code: str
    genre: Literal["exclusion", "capacite", "renvoi"]
    effet: Outcome = Field(description="Ce que la règle fait de la demande : refus, ou examen par une personne.")
    inconnue: bool = Field(description="Vrai si une donnée dont la règle a besoin manque : une personne décide.")
    texte: str


class PolicyReply(_Reply):
    """Ce que disent les règles de la politique du prêteur ; la plus stricte l'emporte, quel que soit leur ordre."""

    version: str = Field(description="Version des règles ; vide si elles n'ont pas pu être lues.")
    empreinte: str = Field(description="SHA-256 des règles.")
    resultat: Outcome = Field(description="accord : aucune règle ne s'applique, le modèle décide.")
    regles: list[PolicyRuleReply]


class Assessment(_Reply):
    """Ce que le modèle dit d'une demande."""

    probabilite_de_defaut: float = Field(ge=0, le=1, description="Probabilité de défaut, calibrée.")
    classe: Decision = Field(description="Décision : refuse si la probabilité atteint le seuil.")
    proposition: Outcome = Field(
        description="Ce qui est proposé à une personne : accord, examen (un motif empêche la machine de décider seule) "
        "ou refus. Un refus n'est prononcé que par une personne."
    )
    fourchette: ProbabilityRange | None = Field(
        description="Présente si la demande ne dit rien d'un champ facultatif ; null si elle dit tout."
    )
    couverture: float = Field(
        ge=0, le=1, description="Part du dossier qui est renseignée, pondérée par l'importance des données."
    )
    valeurs_manquantes: list[str] = Field(description="Champs déclarés sans valeur (null).")
    valeurs_inconnues: list[str] = Field(description="Champs dont la demande ne dit rien.")
    signalements: list[Signal] = Field(
        description="Valeurs inhabituelles, catégories rares, valeurs qui ne vont pas ensemble et champs inconnus."
    )
    revue_humaine: HumanReview
    valeur_de_base: float = Field(description="Marge d'un demandeur moyen, en log de la cote.")
    marge: float = Field(description="Log de la cote du défaut ; base + contributions de tous les thèmes.")
    points: int | None = Field(
        description="La marge sur l'échelle de points du contrat, arrondie ; null si le contrat n'en a pas."
    )
    politique: PolicyReply | None = Field(
        description="Règles du prêteur qui s'appliquent, et ce qu'elles font de la proposition ; null sans règles."
    )
    contributions_par_theme: dict[str, float] = Field(
        description="Somme de chaque thème, en log de la cote ; vide si aucune raison n'est demandée."
    )
    explications_locales: list[LocalExplanation] = Field(
        description="Raisons principales, la plus forte d'abord, quatre au plus : d'un refus, ce qui augmente le "
        "risque et rien d'autre ; d'une acceptation, ce qui l'augmente et ce qui le diminue."
    )
    elements_favorables: list[LocalExplanation] = Field(
        description="Ce qui diminue le risque et n'est pas parmi les raisons principales, le plus fort d'abord."
    )
    autres_contributions: float | None = Field(
        description="Somme de ce qui augmente le risque et n'est pas listé, jamais négative, et jamais plus grande que "
        "la plus grande raison dès que trois raisons sont permises ; null si aucune raison n'est demandée."
    )


class ScoreReply(Assessment):
    """Probabilité de défaut, décision et raisons d'une demande."""

    seuil: float = Field(description="Seuil de refus en vigueur.")
    meta: Meta


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
    problemes_omis: int = Field(default=0, description="Problèmes au-delà de ceux qui sont listés.")


class ScoredRow(Assessment):
    """Une demande du lot qui a été évaluée."""

    index: int = Field(description="Place de la demande dans le lot, à partir de 0.")
    statut: Literal["evaluee"] = "evaluee"


class RefusedRow(_Reply):
    """Une demande du lot qui n'a pas pu être évaluée."""

    index: int
    statut: Literal["non_evaluee"] = "non_evaluee"
    problemes: list[FieldProblemReply]
    problemes_omis: int


class BatchCounts(_Reply):
    """Combien de demandes ont été évaluées, et avec quelle décision."""

    demandes: int
    evaluees: int
    non_evaluees: int
    accepte: int
    refuse: int
    revue_humaine: int


class BatchReply(_Reply):
    """Réponses à un lot, dans l'ordre des demandes."""

    resultats: list[ScoredRow | RefusedRow]
    compte: BatchCounts
    seuil: float
    meta: Meta


class Change(_Reply):
    """Une valeur à changer."""

    champ: str
    libelle: str
    avant: float
    apres: float


class Offer(_Reply):
    """Ce qui serait demandé, en entier ; null si aucun champ ne le dit."""

    montant: float | None
    apport: float | None = Field(description="Prix moins montant ; 0 si le crédit couvre le prix.")
    duree_mois: float | None = Field(description="Montant rapporté à l'échéance, sans les intérêts.")
    echeance: float | None
    prix: float | None


class LeverProposal(_Reply):
    """Une offre : un changement avec lequel le modèle accepterait la demande, et tout ce qui va plus loin."""

    leviers: list[str] = Field(description="Noms des leviers du contrat qui sont actionnés.")
    texte: str
    offre: Offer
    changements: list[Change]
    probabilite_de_defaut: float = Field(ge=0, le=1, description="Probabilité de la demande ainsi changée.")
    classe: Decision
    proposition: Outcome
    revue_humaine: HumanReview


class LeversReply(_Reply):
    """Les plus petits changements réalistes avec lesquels la demande serait acceptée."""

    probabilite_de_defaut: float = Field(ge=0, le=1, description="Probabilité de la demande telle quelle.")
    classe: Decision = Field(description="Décision sur la demande telle quelle.")
    seuil: float
    resultat: Literal["deja_acceptee", "trouve", "aucun_a_portee"]
    texte: str
    propositions: list[LeverProposal] = Field(description="Le plus petit changement d'abord.")
    candidats_evalues: int = Field(description="Nombre de demandes modifiées que le modèle a évaluées.")
    meta: Meta


class TriedRule(_Reply):
    """Ce qu'une règle essayée fait des demandes."""

    code: str
    genre: Literal["exclusion", "capacite", "renvoi"]
    appliquee: int = Field(description="Demandes pour lesquelles elle vaut.")
    inconnue: int = Field(description="Demandes auxquelles il manque une donnée dont elle a besoin.")


class TrialReply(_Reply):
    """Ce que des règles à l'essai feraient de demandes, à côté de ce qui est en vigueur."""

    demandes: int
    evaluees: int = Field(description="Demandes conformes au contrat et assez complètes pour être évaluées.")
    avant: dict[Outcome, int] = Field(description="Propositions sous les règles en vigueur.")
    apres: dict[Outcome, int] = Field(description="Propositions sous les règles à l'essai.")
    changees: int = Field(description="Demandes dont la proposition change.")
    regles: list[TriedRule]
    meta: Meta


class RuleReply(_Reply):
    """La règle de décision en vigueur."""

    seuil: float
    origine: Literal["contrat", "configuration"]
    cout_faux_negatif: float
    cout_faux_positif: float
    zone_de_revue: tuple[float, float]
    seuil_du_contrat: float
    couverture_minimale: float


class Limits(_Reply):
    """Limites de cette instance."""

    octets_par_requete: int
    demandes_par_lot: int
    dossiers_par_lot: int
    lignes_par_table: int = Field(description="Lignes d'une table d'un dossier, au plus.")
    heures_par_cle: int | None = Field(
        description="Heures pendant lesquelles une clé d'idempotence rend la même réponse ; null : aucune n'est admise."
    )
    raisons: int = Field(description="Raisons principales qu'une réponse liste au plus.")
    decimales: int | None = Field(
        description="Décimales d'une probabilité (une de moins pour une log-cote) ; null : rien n'est arrondi."
    )
    champs_inconnus: Literal["ignore", "report", "refuse"]


class ModelReply(_Reply):
    """Le modèle servi : version, règle, qualité et empreintes."""

    version_modele: str
    empreinte: str
    schema_du_contrat: str
    identite: Identity
    decision: RuleReply
    qualite: Quality
    fichiers: dict[str, str] = Field(description="SHA-256 de chaque fichier du bundle.")
    limites: Limits


class Health(_Reply):
    """État de la fonction."""

    statut: Literal["ok"]
    version: str = Field(description="Version du logiciel qui répond.")
    version_modele: str
    execution: str = Field(description="Identifiant de l'entraînement dont vient le modèle.")
