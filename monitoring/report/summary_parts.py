"""Parts of the summary that only some reports have: audit records, separation, rules, service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commandline.markdown import table
from metrics.values import NotApplicable
from monitoring.report.wording import number, percent
from scoring.records import NEAR_THRESHOLD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics.values import Measured
    from monitoring.drift.domain_classifier import Separation
    from monitoring.drift.inputs import InputDrift
    from monitoring.drift.rules import RuleShares
    from monitoring.windows.audit_records import WindowReading
    from monitoring.windows.outcome_files import OutcomeReading
    from monitoring.windows.service_log import ServiceDay, ServiceHealth

NOT_APPLICABLE = "n. a."
SHOWN_RULES = 8
SHOWN_ABSENCES = 3


def reading_lines(reading: WindowReading | None) -> list[str]:
    """Say what the audit files held, and what was left out of them; nothing for a window that was a table."""
    if reading is None:
        return []
    left_out = [
        f"{number(count)} {what}"
        for count, what in (
            (reading.unreadable_lines, "ligne(s) illisible(s)"),
            (reading.incomplete, "enregistrement(s) incomplet(s)"),
            (reading.duplicates, "doublon(s) d’une même demande"),
            (reading.contradictions, "doublon(s) contradictoire(s)"),
            (sum(reading.other_versions.values()), f"d’un autre paquet ({', '.join(reading.other_versions)})"),
            (reading.clock_skew, "sans heure valable ou venu(s) du futur"),
            (reading.outside_period, "hors de la période"),
            (reading.unsampled, "de moments où seuls les cas proches du seuil étaient gardés"),
            (reading.repeated_applicants, "d’un demandeur revenu, dont seule la dernière demande compte"),
        )
        if count
    ]
    cut = f" Fichier(s) coupé(s) : {', '.join(reading.cut_files)}." if reading.cut_files else ""
    told = (
        f"{number(reading.kept)} enregistrements d’audit du {reading.first} au {reading.last}, "
        f"{number(reading.files)} fichier(s). {_weighed(reading)} Écartés : {', '.join(left_out) or 'aucun'}.{cut}"
    )
    if reading.widened_from:
        told += f" Trop peu de demandes depuis le {reading.widened_from[:10]} : la fenêtre commence plus tôt."
    return [told, *_threshold_lines(reading), *_absence_lines(reading), *_outcome_lines(reading.outcomes)]


def _weighed(reading: WindowReading) -> str:
    """Say for how many applications the records stand."""
    if reading.n_effective == reading.kept:
        return f"Chacun représente le même nombre de demandes, {number(reading.stands_for)} en tout."
    least, largest = (percent(share) for share in (reading.least_share, reading.largest_share))
    share = least if least == largest else f"de {least} à {largest}"
    near = reading.weighed[NEAR_THRESHOLD]
    return (
        f"Pondérés par l’inverse de leur probabilité d’inclusion (loin du seuil : {share}), ils représentent "
        f"{number(reading.stands_for)} demandes ; {number(near.records)} sont proches du seuil et en représentent "
        f"{number(near.applications)}. Nombre efficace : {number(reading.n_effective)}."
    )


def _threshold_lines(reading: WindowReading) -> list[str]:
    """Say which decisions were taken at another threshold than the contract's."""
    if not reading.overridden:
        return []
    shares = ", ".join(
        f"{number(float(threshold), 4)} pour {percent(n / reading.n_effective)}"
        for threshold, n in reading.overridden.items()
    )
    return [f"Seuil imposé par l’environnement de l’API, au lieu de celui du contrat : {shares} des demandes."]


def _absence_lines(reading: WindowReading) -> list[str]:
    """Say of which inputs most applications say nothing, apart from those that declare there is none."""
    n = reading.n_effective
    most = sorted(reading.absences.items(), key=lambda one: -one[1].left_out)[:SHOWN_ABSENCES]
    told = [
        f"`{name}` {percent(one.left_out / n)} tues, {percent(one.declared / n)} dites absentes"
        for name, one in most
        if one.left_out
    ]
    return [f"Données tues (clé absente de la demande) : {' ; '.join(told)}."] if told else []


def _outcome_lines(outcomes: OutcomeReading | None) -> list[str]:
    """Say what the file of outcomes held; nothing where none was given."""
    if outcomes is None:
        return []
    return [
        (
            f"Issues : {number(outcomes.rows)} ligne(s), {number(outcomes.matched)} rapprochée(s), dont "
            f"{number(outcomes.mended)} par un identifiant remis en forme ; {number(outcomes.duplicates)} doublon(s), "
            f"{number(outcomes.unmatched)} sans demande dans la fenêtre, "
            f"{number(outcomes.not_known_yet)} pas encore connue(s)."
        )
    ]


def separation_line(separation: Separation | NotApplicable) -> str:
    """Say how well all inputs together tell the windows apart, and by which of them."""
    if isinstance(separation, NotApplicable):
        return f"Séparation des deux fenêtres : non applicable, {separation.reason}."
    by = ", ".join(f"`{item.name}` (−{number(item.auc_fall, 3)})" for item in separation.give_aways) or "aucune"
    return (
        f"Un classifieur distingue les deux fenêtres avec une AUC de {number(separation.auc, 3)} (0,5 : il ne les "
        f"distingue pas) ; variables qui trahissent la fenêtre courante, et AUC perdue sans elles : {by}."
    )


def rare_part(inputs: Sequence[InputDrift]) -> str:
    """Say which inputs bear categories that the contract calls rare; nothing where none does."""
    told = [
        f"`{item.name}` {percent(item.rare_share.reference)} → {percent(item.rare_share.current)}"
        for item in inputs
        if item.rare_share.reference or item.rare_share.current
    ]
    return f"Modalités rares (lues comme manquantes, vues par une personne) : {' ; '.join(told)}." if told else ""


def rules_part(rules: Sequence[RuleShares]) -> str:
    """Say which rules across fields applications of either window break, those broken most now first."""
    broken = [one for one in rules if one.broken_share.reference or one.broken_share.current]
    if not broken:
        return f"Règles entre champs : aucune des {number(len(rules))} n’est enfreinte dans ces fenêtres."
    rows = [
        (f"`{one.code}`", one.severity, percent(one.broken_share.reference), percent(one.broken_share.current))
        for one in sorted(broken, key=lambda one: -one.broken_share.current)[:SHOWN_RULES]
    ]
    told = (
        f"Règles entre champs : {number(len(broken))} sur {number(len(rules))} sont enfreintes ; les plus enfreintes :"
    )
    return f"{told}\n\n{table(('règle', 'gravité', 'référence', 'courante'), rows)}"


def service_section(service: ServiceHealth | NotApplicable) -> str:
    """Return the service by version and day; nothing without log files."""
    if isinstance(service, NotApplicable):
        return ""
    head = (
        "version, jour",
        "requêtes",
        "disponibilité",
        "échecs",
        "rejets",
        "p50 / p95 / p99 (ms)",
        "démarrages",
        "refus",
    )
    return "## Le service\n\n" + table(head, [_day_row(day) for day in service.days])


def _day_row(day: ServiceDay) -> tuple[str, ...]:
    latency = day.latency
    times = (
        NOT_APPLICABLE
        if isinstance(latency, NotApplicable)
        else " / ".join(number(value, 1) for value in (latency.p50, latency.p95, latency.p99))
    )
    return (
        f"{day.version}, {day.day}",
        number(day.requests),
        _share(day.availability),
        _counts(day.failures),
        _counts(day.rejections),
        times,
        f"{number(day.cold_starts)} + {number(day.restores)} reprise(s)",
        _share(day.refusal_rate),
    )


def _share(share: Measured) -> str:
    return NOT_APPLICABLE if isinstance(share, NotApplicable) else percent(share)


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{code} : {number(count)}" for code, count in counts.items()) or "0"
