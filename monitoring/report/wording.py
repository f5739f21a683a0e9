"""French numbers and words of the summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring.checks.checks import Action
from monitoring.config import Level
from scoring.numerals import DAYS_A_YEAR, FRENCH_IN_REPORTS, TWO_YEARS

if TYPE_CHECKING:
    from scoring.contract import Estimate

# Unit of the contract, negative before the application.
DAYS = "jours"

LEVELS = {
    Level.NOT_APPLICABLE: "non applicable",
    Level.STABLE: "stable",
    Level.WATCH: "à surveiller",
    Level.ALERT: "alerte",
}

ACTIONS = {
    Action.INVESTIGATE_FEED: (
        "Vérifier le flux de données : comparer à la source les variables citées (unité, codage, alimentation) avant "
        "toute décision sur le modèle."
    ),
    Action.INVESTIGATE_POPULATION: (
        "Étudier la population : rapprocher l’écart d’un changement d’offre, de canal ou de saison ; le laisser sous "
        "surveillance s’il s’explique et ne coûte rien."
    ),
    Action.ASK_OFFICERS: (
        "Revoir les décisions contraires à la proposition, motif par motif, avec ceux qui les prennent : "
        "ce qu’ils voient et que le modèle ne lit pas, ou ce qu’ils laissent passer."
    ),
    Action.ASK_PARTNER: (
        "Interroger le partenaire : une absence déclarée est une déclaration ; demander comment il la recueille, et "
        "rapprocher quelques dossiers de leurs pièces."
    ),
    Action.RECALIBRATE: (
        "Recalibrer le seuil : dès que des issues sont connues, comparer défauts prévus et constatés et proposer un "
        "nouveau seuil."
    ),
    Action.RETRAIN: "Réentraîner sur des demandes récentes et comparer au modèle en place avant de le promouvoir.",
    Action.ROLL_BACK: (
        "Revenir à la version précédente si l’écart date de la dernière mise en service "
        "(cahier d’exploitation, « Revenir en moins de cinq minutes ») ; sinon chercher la panne dans les journaux."
    ),
}


def number(value: float, decimals: int = 0) -> str:
    """Return a number the French way.

    >>> number(1234.5, 1).replace("\u00a0", " ")
    '1 234,5'
    """
    return FRENCH_IN_REPORTS.say(value, f",.{decimals}f")


def readable(value: float) -> str:
    """Return a value with as many decimals as its size asks for.

    >>> readable(0.51234), readable(-14.2), readable(250.0)
    ('0,512', '-14,2', '250')
    """
    size = abs(value)
    return number(value, 3 if size < 1 else 1 if size < 100 else 0)  # noqa: PLR2004


def measured(before: float, after: float, unit: str) -> str:
    """Return a movement in its unit; what lies years before the application is told in years.

    >>> measured(-15810.0, -15482.0, "jours")
    '43,3 → 42,4 ans avant la demande'
    >>> measured(-200.0, -180.0, "jours"), measured(0.51, 0.5, "")
    ('-200 → -180 jours', '0,510 → 0,500')
    """
    if unit == DAYS and max(before, after) <= -TWO_YEARS:
        before, after, unit = -before / DAYS_A_YEAR, -after / DAYS_A_YEAR, "ans avant la demande"
    return f"{readable(before)} → {readable(after)} {unit}".rstrip()


def percent(share: float) -> str:
    """Return a share as a percentage.

    >>> percent(0.0815).replace("\u00a0", " ")
    '8,2 %'
    """
    return FRENCH_IN_REPORTS.percent(share, ",.1f")


def estimate(value: Estimate, decimals: int = 3) -> str:
    """Return a value with its interval."""
    return f"{number(value.value, decimals)} [{number(value.low, decimals)} ; {number(value.high, decimals)}]"


def percent_estimate(value: Estimate) -> str:
    """Return a share with its interval, as percentages."""
    return f"{percent(value.value)} [{percent(value.low)} ; {percent(value.high)}]"
