"""What the pages on drift show of its measures: the power of the alarms, and the drift of the real sample (French)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from commandline.markdown import table
from monitoring.checks.catalogue import CHECKS
from monitoring.checks.injection import INJECTIONS
from monitoring.checks.power import Detection
from monitoring.config import Level
from monitoring.report.power import power_table
from monitoring.report.wording import LEVELS, estimate, number, percent, percent_estimate, readable
from scoring.contract import Estimate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

type Figures = Mapping[str, Any]

NOT_GIVEN = "n. a."
ARROW = " → "


@dataclass(frozen=True, slots=True)
class LoudCheck:
    """A check that was not stable, in words.

    Attributes
    ----------
    worst
        Its worst figure, as the check is read.
    subjects
        The inputs concerned.
    """

    code: str
    title: str
    level: str
    worst: str
    subjects: tuple[str, ...]


def power_region(figures: Figures) -> str:
    """Return how many false alarms there are, and which drifts are detected."""
    told = (
        f"Fausses alertes : deux fenêtres sans demande commune, tirées de {number(figures['pool_rows'])} demandes de "
        "la population d’essai, donc sans dérive."
    )
    head = (
        "demandes (référence ; courante)",
        "rapports",
        "fausses alertes",
        "limite à 95\u00a0%",
        "autres que « stable »",
    )
    quiet = table(head, [_quiet_row(one) for one in figures["quiet"]])
    each = (
        f"Puissance : {number(figures['reports'])} rapports par ligne, {number(figures['reference_rows'])} demandes de "
        f"référence et {number(figures['current_rows'])} courantes."
    )
    return f"\n{told}\n\n{quiet}\n\n{each}\n\n{power_table(_detections(figures))}\n"


def _quiet_row(figures: Figures) -> tuple[str, ...]:
    return (
        f"{number(figures['reference_rows'])} ; {number(figures['current_rows'])}",
        number(figures["reports"]),
        f"{number(figures['false_alarms'])} ({percent(figures['false_alarms'] / figures['reports'])})",
        f"moins de {percent(figures['false_alarm_rate_below'])}",
        number(figures["not_stable"]),
    )


def _detections(figures: Figures) -> list[Detection]:
    titles = {one.key: one.title for one in INJECTIONS}
    return [
        Detection(
            key, titles[key], float(strength), figures["reports"], one["noticed"], one["alarmed"], tuple(one["codes"])
        )
        for key, strengths in figures["drifts"].items()
        for strength, one in strengths.items()
    ]


def real_region(figures: Figures) -> str:
    """Return what moved between the real tables: windows, checks, inputs, answers."""
    windows = (
        f"{number(figures['reference_rows'])} demandes de référence (`application_train`), "
        f"{number(figures['current_rows'])} courantes (`application_test`) ; seuil "
        f"{number(figures['decision_threshold'], 4)}. PSI pondéré par l’importance : "
        f"{number(figures['weighted_psi'], 3)}.{_separation(figures['separation'])}"
    )
    checks = [
        (one.code, one.title, one.level, one.worst, ", ".join(f"`{name}`" for name in one.subjects))
        for one in loud_checks(figures)
    ]
    parts = [
        windows,
        _segments(figures.get("segments")),
        _context(figures.get("context", [])),
        table(("code", "contrôle", "niveau", "pire mesure", "en cause"), checks),
        table(
            ("variable", "importance", "PSI", "distance", "médiane ou modalité", "manquants"),
            [_input(item) for item in figures["inputs"]],
        ),
        _answers(figures["answers"]),
        _estimated_against_realised(figures.get("estimated_against_realised")),
    ]
    return "\n" + "\n\n".join(part for part in parts if part) + "\n"


def loud_checks(figures: Figures) -> list[LoudCheck]:
    """Return the checks that are to be watched or alert, in the order of their codes."""
    found = ((check, figures["checks"].get(check.code)) for check in CHECKS)
    return [
        LoudCheck(
            code=check.code,
            title=check.title,
            level=LEVELS[Level(one["level"])],
            worst=percent(one["worst"]) if check.as_share else number(one["worst"], 3),
            subjects=tuple(one["subjects"]),
        )
        for check, one in found
        if one is not None and Level(one["level"]) in {Level.WATCH, Level.ALERT}
    ]


def _separation(found: Figures | None) -> str:
    if found is None:
        return ""
    give_aways = ", ".join(f"`{one['name']}` (−{number(one['auc_fall'], 3)})" for one in found["give_aways"])
    return f" Un classifieur distingue les deux fenêtres avec une AUC de {number(found['auc'], 3)}, par {give_aways}."


def _segments(found: Figures | None) -> str:
    """Say which segments moved and what moved inside the main one; nothing where none was measured."""
    if found is None:
        return ""
    shares = ", ".join(
        f"{value} {percent(share['reference'])}{ARROW}{percent(share['current'])}"
        for value, share in found["shares"].items()
    )
    inside = table(
        ("variable", "importance", "PSI", "distance", "médiane ou modalité", "manquants"),
        [_input(item) for item in found["inputs"]],
    )
    return f"Segments (`{found['column']}`) : {shares}. À l’intérieur de {found['main']} seul :\n\n{inside}"


def _context(columns: Sequence[Figures]) -> str:
    """Return the columns outside the model that moved most; nothing where none was measured."""
    if not columns:
        return ""
    rows = [
        (
            f"`{item['name']}`",
            number(item["psi"], 3),
            _mean(item) or _middle(item),
            f"{percent(item['missing_share']['reference'])}{ARROW}{percent(item['missing_share']['current'])}",
        )
        for item in columns
    ]
    moved = table(("colonne", "PSI", "moyenne ou modalité", "manquants"), rows)
    return f"Hors du modèle :\n\n{moved}\n\nLu par le modèle :"


def _mean(item: Figures) -> str:
    mean = item["mean"]
    return "" if mean is None else f"{readable(mean['reference'])}{ARROW}{readable(mean['current'])}"


def _input(item: Figures) -> tuple[str, ...]:
    missing = item["missing_share"]
    return (
        f"`{item['name']}`",
        percent(item["importance"]),
        number(item["psi"], 3),
        NOT_GIVEN if item["distance"] is None else number(item["distance"], 3),
        _middle(item),
        f"{percent(missing['reference'])}{ARROW}{percent(missing['current'])}",
    )


def _middle(item: Figures) -> str:
    """Say how the median moved; of a category, the share that moved most."""
    median, moved = item["median"], item["most_moved"]
    if median is not None:
        return f"{readable(median['reference'])}{ARROW}{readable(median['current'])}"
    if moved is None:
        return "–"
    return f"{moved['category']} : {percent(moved['share']['reference'])}{ARROW}{percent(moved['share']['current'])}"


def _answers(answers: Figures | None) -> str:
    if answers is None:
        return ""
    windows = [answers["reference"], answers["current"]]
    rows = [
        ["probabilité moyenne", *(_share(one["mean_probability"]) for one in windows)],
        ["taux de refus", *(_share(one["refusal_rate"]) for one in windows)],
        ["coût attendu par demande", *(_amount(one["cost"]) for one in windows)],
        ["AUC attendue", *(_amount(one["auc"]) for one in windows)],
        ["PSI de la probabilité", "", number(answers["psi"], 3)],
    ]
    return table(("", "référence", "courante"), rows)


def _estimated_against_realised(found: Figures | None) -> str:
    """Say how near the estimates without outcomes come to what came; nothing where it was not measured."""
    if found is None:
        return ""
    told = (
        f"Estimé sans les issues contre constaté, sur {number(found['chunks'])} tranches de "
        f"{number(found['rows'])} demandes de `application_train` dont l’issue est connue :"
    )
    head = ("", "estimé", "constaté", "écart absolu moyen", "constaté dans l’intervalle de l’estimé")
    rows = [
        (
            title,
            number(one["estimated"], 3),
            number(one["realised"], 3),
            number(one["mean_absolute_difference"], 3),
            percent(one["inside"]),
        )
        for title, one in (
            (title, found[key])
            for key, title in (("cost", "coût par demande"), ("auc", "AUC"), ("default_rate", "taux de défaut"))
        )
    ]
    return f"{told}\n\n{table(head, rows)}"


def _share(found: Figures) -> str:
    return percent_estimate(Estimate.model_validate(found))


def _amount(found: Figures | None) -> str:
    return NOT_GIVEN if found is None else estimate(Estimate.model_validate(found))
