"""Every French sentence of the page that does not come from the contract or the API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from frontend.errors import (
    ApiAsleepError,
    ApiFailedError,
    ApiUnreachableError,
    ApplicationRefusedError,
    BundleUnusableError,
    FrontendError,
    KeyRefusedError,
    QuotaReachedError,
    UnexpectedReplyError,
)
from frontend.numerals import NARROW_SPACE, say_fixed, say_number, say_percent, telling_decimals

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from frontend.answers import Answer, Reason
    from frontend.errors import FieldProblem
    from frontend.form import FormField

TITLE = "Prêt à dépenser"
SUBTITLE = "Évaluer une demande de crédit et comprendre la décision"
TAB_FILE, TAB_DECISION, TAB_MODEL = "Dossier", "Décision", "Modèle"
WAKING_UP = "L’API se réveille : la première réponse peut prendre quelques secondes…"
SCORING = "Évaluation du dossier…"
RETRY = "Réessayer"
UNKNOWN = "inconnu"
CHOOSE = "à choisir"
SUBMIT = "Évaluer le dossier"
SAMPLE_CHOICE = "Partir d’un dossier fictif"
SAMPLE_FILL = "Remplir le formulaire"
SAMPLE_HELP = "Dossiers fabriqués à partir des répartitions du contrat ; aucun n’est celui d’une personne réelle."
CLEAR = "Vider le formulaire"
PRINCIPAL = "Ce qui compte le plus"
REQUIRED_LEGEND = r"\* champ obligatoire. Les autres peuvent rester vides, si la réponse est inconnue."
NO_DECISION = f"Aucune décision pour l’instant. Remplissez le dossier, puis « {SUBMIT} »."
STALE = f"Le dossier a été modifié depuis cette décision ; « {SUBMIT} » pour la mettre à jour."
MODEL_CHANGED = "Le modèle a été remplacé pendant votre visite ; la page a relu son contrat."
ORIGIN = "Traçabilité"
CONTRIBUTION_NOTE = (
    "Le poids d’une raison est sa part dans le logarithme de la cote du défaut ; positif, il augmente le risque."
)
FLAG_ANSWERS: dict[object, str] = {1: "oui", 0: "non", None: UNKNOWN}

SAMPLES = {
    "typique": "Valeurs médianes",
    "notes_fortes": "Notes élevées",
    "notes_faibles": "Notes faibles",
    "petits_montants": "Petits montants",
    "gros_montants": "Gros montants",
    "incomplet": "Dossier incomplet",
}
_TABLES = {
    "application": "La demande",
    "bureau": "Crédits dans d’autres établissements",
    "bureau_balance": "Suivi mensuel des crédits dans d’autres établissements",
    "previous_application": "Demandes précédentes",
    "POS_CASH_balance": "Suivi des crédits précédents",
    "installments_payments": "Paiement des échéances",
    "credit_card_balance": "Cartes de crédit",
}
BASELINES = {
    "logistic_regression": "Régression logistique",
    "accepter_tout": "Tout accepter",
    "refuser_tout": "Tout refuser",
}
QUALITY = {
    "cost": "Coût par dossier",
    "auc": "AUC",
    "accuracy": "Exactitude",
    "brier": "Score de Brier",
    "calibration_error": "Erreur de calibration",
    "mean_probability": "Probabilité moyenne prédite",
}
_TROUBLES: dict[type[FrontendError], str] = {
    ApiUnreachableError: "L’API est injoignable. Vérifiez l’adresse (API_URL) et le réseau, puis réessayez.",
    ApiAsleepError: "L’API n’a pas répondu à temps ; elle se réveille peut-être. Réessayez dans quelques secondes.",
    KeyRefusedError: "L’API refuse la clé. Vérifiez API_KEY dans les secrets de la page ou l’environnement.",
    UnexpectedReplyError: "La réponse n’est pas celle attendue : l’API est sans doute plus récente que cette page.",
}
_KEPT = "Rien de ce que vous avez saisi n’est perdu."


def say_connection(address: str) -> str:
    """Tell where the answers come from."""
    if address:
        return f"Réponses de l’API distante {address}"
    return "Démonstration : l’API tourne dans cette page, avec le modèle livré"


def say_trouble(error: FrontendError) -> str:
    """Tell what happened and what to do about it."""
    return f"{_trouble(error)} {_KEPT}"


def _trouble(error: FrontendError) -> str:
    if isinstance(error, QuotaReachedError):
        wait = f"dans {error.retry_after} s" if error.retry_after else "un peu plus tard"
        return f"Le quota de requêtes est atteint. Réessayez {wait}."
    if isinstance(error, ApiFailedError):
        cited = f" ; citez la requête {error.request_id} au support" if error.request_id else ""
        return f"L’API a échoué (statut {error.status}){cited}."
    if isinstance(error, BundleUnusableError):
        return f"Le modèle livré ne peut pas être chargé : {error}."
    return _TROUBLES.get(type(error), "La demande n’a pas abouti.")


def say_refusal(error: ApplicationRefusedError, fields: Sequence[FormField]) -> str:
    """Name every field to correct."""
    label_of = {field.name: field.label for field in fields}
    names = [label_of.get(problem.field, problem.field or problem.detail) for problem in error.problems]
    count = "Un champ est" if len(names) == 1 else f"{len(names)} champs sont"
    return f"{count} à corriger : {', '.join(names)}."


def say_problem(problem: FieldProblem, field: FormField) -> str:
    """Word a problem in the units of the form; the API's own sentence where it needs no translation."""
    if problem.code == "SCR103":
        return f"Valeur hors limites ; admis : {say_range(field.minimum, field.maximum, field)}."
    if problem.code == "SCR102":
        return "Ce n’est pas un nombre ; écrivez par exemple 450 000 ou 0,53."
    return problem.detail


def say_label(field: FormField) -> str:
    """Return the caption of a field: label, unit, and a star when it is required."""
    unit = f" ({field.scale.unit})" if field.scale.unit else ""
    return f"{field.label}{unit}{' *' if field.required else ''}"


def say_help(field: FormField) -> str:
    """Tell what is allowed, what is usual, and what leaving the field empty means."""
    sentences = []
    if field.minimum is not None or field.maximum is not None:
        sentences.append(f"Admis : {say_range(field.minimum, field.maximum, field)}.")
    if field.usual_low is not None or field.usual_high is not None:
        sentences.append(f"Habituel : {say_range(field.usual_low, field.usual_high, field)}.")
    if not field.required:
        sentences.append(f"Vide : {field.missing}.")
    return " ".join([*sentences, f"Nom au contrat : `{field.name}`."])


def say_range(low: float | None, high: float | None, field: FormField) -> str:
    """Return a range in the unit of the form."""
    bounds = [None if bound is None else say_number(bound, field.scale.decimals) for bound in (low, high)]
    unit = f"{NARROW_SPACE}{field.scale.unit}" if field.scale.unit else ""
    if bounds[0] is None:
        return f"au plus {bounds[1]}{unit}"
    return f"au moins {bounds[0]}{unit}" if bounds[1] is None else f"de {bounds[0]} à {bounds[1]}{unit}"


def say_group(table: str, fields: Sequence[FormField]) -> str:
    """Return the title of a group of further fields."""
    return f"{_TABLES.get(table, table)} ({len(fields)})"


def say_decision(answer: Answer) -> str:
    """Return the decision in two words."""
    return "Crédit refusé" if answer.refused else "Crédit accepté"


def say_comparison(answer: Answer) -> str:
    """Tell the probability against the threshold, with decimals enough to see the difference."""
    decimals = telling_decimals(answer.default_probability, answer.threshold)
    probability = say_percent(answer.default_probability, decimals)
    threshold = say_percent(answer.threshold, decimals)
    side = "atteint" if answer.refused else "reste sous"
    return f"La probabilité de défaut, {probability}, {side} le seuil de refus, {threshold}."


def say_rank(share: float) -> str:
    """Tell where the applicant stands among the reference applications."""
    return f"Ce dossier est plus risqué que {say_percent(share, 0)} des dossiers de référence."


def say_review(band: Sequence[float]) -> str:
    """Tell that the machine alone should not decide."""
    low, high = (say_percent(bound) for bound in band)
    return f"Trop proche du seuil pour décider par la machine seule ({low} à {high}) : une revue humaine est requise."


def say_band(band: Sequence[float]) -> str:
    """Tell what the grey band of the figure is."""
    low, high = (say_percent(bound) for bound in band)
    return f"Bande grise, de {low} à {high} : trop proche du seuil, à revoir par une personne."


def say_reason_heading(reason: Reason) -> str:
    """Return the short form of a reason; arrow and sign tell its direction without colour."""
    arrow = "▲" if reason.raises_risk else "▼"
    sign = "+" if reason.raises_risk else "−"
    return f"{arrow} {sign}{say_fixed(abs(reason.contribution), 2)}  {reason.label}"


def say_reasons(reasons: Sequence[Reason]) -> str:
    """Return the text alternative of the reasons' figure."""
    told = [f"{one.label} {'augmente' if one.raises_risk else 'diminue'} le risque" for one in reasons]
    return f"Raisons principales, la plus forte d’abord : {' ; '.join(told)}."


def say_instant(iso: str) -> str:
    """Return a moment of ISO 8601 as a date and a time.

    >>> say_instant("2026-11-21T05:42:12+00:00")
    '21/11/2026 à 05:42:12 UTC'
    """
    try:
        return f"{datetime.fromisoformat(iso).astimezone(UTC):%d/%m/%Y à %H:%M:%S} UTC"
    except ValueError:
        return iso


def say_milliseconds(duration: float) -> str:
    """Return a duration."""
    return f"{say_number(duration, 1)} ms"


def say_measured_on(n_applications: int, default_rate: float) -> str:
    """Tell what the figures were measured on."""
    return (
        f"Sur {say_number(n_applications, 0)} dossiers mis de côté avant l’apprentissage, "
        f"dont {say_percent(default_rate)} en défaut."
    )


def say_policy(policy: Mapping[str, Any]) -> str:
    """Tell the threshold, what it was chosen for, and how sure it is."""
    low, high = (say_percent(bound) for bound in policy["threshold_interval"])
    agreement = "est dans" if policy["bayes_within_interval"] else "n’est pas dans"
    return (
        f"Un crédit est refusé quand la probabilité de défaut atteint **{say_percent(policy['threshold'])}** "
        f"(intervalle à 95 % : {low} à {high}). Ce seuil rend le coût le plus faible : un défaut accordé coûte "
        f"{say_number(policy['false_negative_cost'], 1)}, un bon client refusé "
        f"{say_number(policy['false_positive_cost'], 1)}. Le seuil théorique d’un modèle parfaitement calibré, "
        f"{say_percent(policy['bayes_threshold'])}, {agreement} cet intervalle."
    )


def say_parity(parity: Mapping[str, Any]) -> str:
    """Tell how the served model was compared with the trained one."""
    rows, changed = say_number(parity["n_applications"], 0), parity["changed_decisions"]
    return f"{rows} dossiers comparés à l’entraînement, {changed} décision changée"
