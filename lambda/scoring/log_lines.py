"""The words of the log: what a line tells of, the fields that are read back from it, and what hashes a person in it.

The function writes them, monitoring reads them; each stands here once.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Event(StrEnum):
    """What a line tells of."""

    START = "demarrage"
    SCORE = "score"
    BATCH = "lot"
    DOSSIER = "dossier"
    DOSSIER_BATCH = "lot_de_dossiers"
    LEVERS = "leviers"
    REPEATED = "repetition"
    READ = "lecture"
    REFUSED = "requete_refusee"
    FAILED = "erreur"
    AUDIT = "audit"
    PROFILE = "profil"
    SHADOW = "ombre"
    TRIAL = "essai_de_regles"
    KEY_UNREAD = "cle_non_lue"


ANSWERED: Final = (Event.SCORE, Event.BATCH, Event.DOSSIER, Event.DOSSIER_BATCH, Event.LEVERS)

EVENT: Final = "evenement"
MOMENT: Final = "horodatage"
REQUEST: Final = "id_requete"
MODEL_VERSION: Final = "version_modele"
SEAL: Final = "empreinte"
FUNCTION: Final = "Fonction"
FUNCTION_VERSION: Final = "Version"
AUDITED_SHARE: Final = "part_auditee"
DECISION: Final = "classe"
LATENCY: Final = "latence_ms"
STATUS: Final = "statut"
CODE: Final = "code"
CODES: Final = "codes"
REFUSED_FIELDS: Final = "champs_refuses"

# The variable with the key of the identifiers' hashes, and its fewest characters.
HASH_KEY: Final = "AUDIT_HASH_KEY"
SHORTEST_KEY: Final = 16
