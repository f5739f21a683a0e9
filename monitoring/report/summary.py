"""The one-page French summary: what moved, how much, does it matter, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commandline.markdown import table
from metrics.values import NotApplicable, Pair
from monitoring.checks.catalogue import level_of_psi
from monitoring.checks.checks import overall_level
from monitoring.config import Level
from monitoring.report.summary_context import context_parts, segments_parts
from monitoring.report.summary_outcomes import auc_of, outcomes_part, vintages_table
from monitoring.report.summary_parts import (
    rare_part,
    reading_lines,
    rules_part,
    separation_line,
    service_section,
)
from monitoring.report.summary_requests import overrides_parts, partners_parts, requests_parts
from monitoring.report.wording import (
    ACTIONS,
    LEVELS,
    estimate,
    measured,
    number,
    percent,
    percent_estimate,
)
from scoring.numerals import FRENCH_IN_REPORTS

if TYPE_CHECKING:
    from monitoring.checks.checks import CheckResult
    from monitoring.drift.inputs import InputDrift
    from monitoring.report.result import DriftReport
    from scoring.contract import Estimate

SHOWN_INPUTS = 8


def summary(report: DriftReport) -> str:
    """Return the summary as Markdown."""
    parts = (
        _heading(report),
        _what_moved(report),
        _does_it_matter(report),
        *overrides_parts(report.drift.overrides),
        service_section(report.drift.service),
        _what_to_do(report),
        _checks(report),
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def _heading(report: DriftReport) -> str:
    drift = report.drift
    return "\n".join(
        (
            f"# {title(report)}",
            "",
            model_line(report),
            (
                f"Demandes : {number(drift.reference.n_applications)} de référence, "
                f"{number(drift.current.n_applications)} courantes ; calculé le {report.created_at}."
            ),
            *reading_lines(drift.reading),
            "",
            f"**Conclusion : {conclusion(report)}**",
        )
    )


def title(report: DriftReport) -> str:
    """Return what is compared with what."""
    return f"Dérive de {report.drift.current.source} par rapport à {report.drift.reference.source}"


def model_line(report: DriftReport) -> str:
    """Return which model decided, and from where on it refuses."""
    model = report.model
    return f"Modèle {model.name}, version {model.version}, seuil {number(model.decision_threshold, 4)}."


def conclusion(report: DriftReport) -> str:
    """Return the verdict in one sentence."""
    by_level = {level: [item.code for item in report.checks if item.level is level] for level in Level}
    level = overall_level(report.checks)
    if level is Level.NOT_APPLICABLE:
        return f"aucune, car {report.checks[0].reason}."
    if level is Level.STABLE and report.blind_in_a_row:
        return (
            f"aucune : sous {number(report.config.seeing_rows)} demandes, un écart de la taille d’une alerte reste "
            f"dans ce que le hasard explique ({number(report.blind_in_a_row)} rapport(s) de suite) ; les faits, eux, "
            "sont en ordre."
        )
    if level is Level.STABLE:
        return "rien n’a bougé de façon notable."
    told = [
        f"{len(by_level[loud])} contrôle(s) {words} ({', '.join(by_level[loud])})"
        for loud, words in ((Level.ALERT, "en alerte"), (Level.WATCH, "à surveiller"))
        if by_level[loud]
    ]
    return " et ".join(told) + "."


def _what_moved(report: DriftReport) -> str:
    """Return the inputs whose movement weighs most; the level is that of their PSI, as in MON001."""
    drift, psi = report.drift, report.config.psi
    levels = {item.name: level_of_psi(report.checks, item.name) for item in drift.inputs}
    weighed = sorted(drift.inputs, key=lambda item: -item.importance * item.psi)[:SHOWN_INPUTS]
    moved = sum(level.is_raised for level in levels.values())
    intro = (
        f"{moved} variable(s) sur {len(drift.inputs)} ont un PSI d’au moins {number(psi.watch, 2)} que le hasard "
        f"n’explique pas ; PSI pondéré par l’importance : {number(drift.weighted_psi, 3)} ; "
        f"{percent(report.importance_in_alert)} de l’importance du modèle repose sur des variables en alerte. Les "
        "variables dont le mouvement pèse le plus :"
    )
    head = ("variable", "importance", "PSI", "distance", "référence → courante", "manquants")
    moved_table = table(head, [_input_row(item, levels[item.name]) for item in weighed])
    return "\n\n".join(
        [
            "## Ce qui a bougé",
            *segments_parts(drift.segments),
            intro,
            moved_table,
            *context_parts(drift.context, report.config),
            separation_line(drift.separation),
            *requests_parts(drift.requests),
            *partners_parts(drift.partners),
            rules_part(drift.rules),
            *([rare] if (rare := rare_part(drift.inputs)) else []),
            _shown_by_evidently(report),
        ]
    )


def _shown_by_evidently(report: DriftReport) -> str:
    """Say what `report.html` is made of, as its distances differ from those of all rows."""
    shown = report.evidently
    if shown is None:
        return ""
    before, after = shown.rows
    left_out = (
        f" Sans aucune valeur dans une fenêtre, donc absentes de ce fichier : {', '.join(shown.without_values)}."
        if shown.without_values
        else ""
    )
    return (
        f"`report.html` reprend ces mesures et ce verdict et montre {len(shown.columns)} colonnes sur un tirage "
        f"de {number(before)} et {number(after)} demandes.{left_out}"
    )


def _input_row(item: InputDrift, level: Level) -> tuple[str, ...]:
    return (
        f"{item.label} (`{item.name}`)",
        percent(item.importance),
        f"{number(item.psi, 3)} ({LEVELS[level]})",
        _distance(item),
        _change(item),
        _shares(item.missing_share),
    )


def _distance(item: InputDrift) -> str:
    return "n. a." if isinstance(item.distance, NotApplicable) else number(item.distance, 3)


def _change(item: InputDrift) -> str:
    if item.median is not None:
        return f"médiane {measured(item.median.reference, item.median.current, item.unit)}"
    if item.most_moved is not None:
        return f"{item.most_moved.category} {_shares(item.most_moved.share)}"
    return "aucune valeur"


def _shares(pair: Pair) -> str:
    return f"{percent(pair.reference)} → {percent(pair.current)}"


def _does_it_matter(report: DriftReport) -> str:
    predictions = report.drift.predictions
    if isinstance(predictions, NotApplicable):
        return f"## Est-ce grave\n\nNon applicable : {predictions.reason}."
    before, after = predictions.reference, predictions.current
    rows = [
        ("probabilité moyenne", percent_estimate(before.mean_probability), percent_estimate(after.mean_probability)),
        ("taux de refus", percent_estimate(before.refusal_rate), percent_estimate(after.refusal_rate)),
        ("coût attendu par demande", estimate(before.estimated.cost), estimate(after.estimated.cost)),
        ("taux de défaut, si seul le mélange a changé", "", _shifted(predictions.shifted_default_rate)),
        ("AUC attendue", auc_of(before.estimated), auc_of(after.estimated)),
    ]
    note = (
        f"PSI de la probabilité : {number(predictions.psi, 3)} par rapport à la référence, "
        f"{number(predictions.psi_since_modelling, 3)} depuis la modélisation. Coût et AUC sont estimés sans les "
        "issues : ils supposent des probabilités calibrées et ne voient pas un changement du lien entre variables et "
        "défaut. Une référence qui a servi à l’apprentissage paraît un peu meilleure qu’elle n’est."
    )
    head = ("", f"référence ({before.source})", "courante")
    parts = ["## Est-ce grave", table(head, rows), note, outcomes_part(predictions), vintages_table(predictions)]
    return "\n\n".join(part for part in parts if part)


def _shifted(rate: Estimate | NotApplicable) -> str:
    return f"n. a. : {rate.reason}" if isinstance(rate, NotApplicable) else percent_estimate(rate)


def _what_to_do(report: DriftReport) -> str:
    lines = [
        f"- {text} ({', '.join(asking)})"
        for action, text in ACTIONS.items()
        if (asking := [item.code for item in report.checks if item.action is action])
    ]
    return "\n".join(["## Que faire", "", *(lines or ["- Rien de plus que le prochain rapport."])])


def _checks(report: DriftReport) -> str:
    rows = [
        (item.code, item.title, _level_since(item, report), _worst(item), _subjects(item)) for item in report.checks
    ]
    told = table(("code", "contrôle", "niveau", "pire mesure (limites)", "en cause"), rows)
    alpha = percent(report.config.false_alarm_rate)
    return (
        f"## Contrôles\n\n{told}\n\nUn niveau demande un écart aussi grand que sa limite et que le hasard n’explique "
        f"pas : p-valeur corrigée de toutes les mesures du rapport (Holm) sous {alpha}. Chaque code est expliqué dans "
        "`docs/monitoring.md`."
    )


def _level_since(item: CheckResult, report: DriftReport) -> str:
    since = report.since.get(item.code, "")
    return f"{LEVELS[item.level]} (depuis le {since[:10]})" if since else LEVELS[item.level]


def _worst(item: CheckResult) -> str:
    if item.worst is None:
        return "–"
    told = percent if item.as_share else lambda value: number(value, 3)
    limits = f"{_limit(item.bands.watch, item)} ; {_limit(item.bands.alert, item)}"
    return f"{told(item.worst)} ({limits})"


def _limit(value: float, item: CheckResult) -> str:
    return FRENCH_IN_REPORTS.percent(value, "g") if item.as_share else number(value, 2)


def _subjects(item: CheckResult) -> str:
    if item.reason:
        return item.reason
    named = [finding.subject for finding in item.findings if finding.subject]
    more = f" et {len(named) - 3} autre(s)" if len(named) > 3 else ""  # noqa: PLR2004
    return ", ".join(f"`{name}`" for name in named[:3]) + more
