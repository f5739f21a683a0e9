"""All requests and their partners, in the summary: what the profile counts, and what is declared absent by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commandline.markdown import table
from metrics.values import NotApplicable
from monitoring.report.wording import estimate, number, percent, percent_estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring.drift.all_requests import AllRequests
    from monitoring.drift.overrides import Overrides
    from monitoring.drift.partners import DeclarationMove, PartnerDeclarations
    from monitoring.windows.decision_files import DecisionReading
    from scoring.contract import Estimate

SHOWN_INPUTS, SHOWN_PARTNERS, SHOWN_REASONS = 4, 6, 5


def requests_parts(found: AllRequests | NotApplicable) -> list[str]:
    """Return what the profile of all requests says; nothing without one."""
    if isinstance(found, NotApplicable):
        return []
    covered = "" if isinstance(found.coverage, NotApplicable) else f" ({percent(found.coverage)} de celles du journal)"
    head = ("variable", "PSI", "manquants", "dites absentes", "tues", "inhabituelles")
    moved = sorted(found.inputs, key=lambda item: -item.psi)[:SHOWN_INPUTS]
    rows = [
        (
            f"`{item.name}`",
            number(item.psi, 3),
            f"{percent(item.missing_share.reference)} → {percent(item.missing_share.current)}",
            percent(item.declared_share),
            percent(item.left_out_share),
            f"{percent(item.unusual_share.reference)} → {percent(item.unusual_share.current)}",
        )
        for item in moved
    ]
    told = (
        f"Toutes les demandes, par leur profil : {number(found.n_applications)}{covered}, dont "
        f"{percent(found.refusal_rate)} de refus ; les variables qui ont le plus bougé :"
    )
    return [told, table(head, rows)]


def partners_parts(found: Sequence[PartnerDeclarations]) -> list[str]:
    """Return which partners declare more absent than others, or than before; nothing without partners."""
    if not found:
        return []
    head = (
        "partenaire",
        "demandes",
        "absences déclarées par demande",
        "au-dessus des autres",
        "depuis la période d’avant",
    )
    rows = [
        (
            f"`{one.partner}`",
            number(one.n_effective),
            number(one.mean_declared, 1),
            _move(one.beside_others),
            _move(one.beside_before),
        )
        for one in found[:SHOWN_PARTNERS]
    ]
    return ["Absences déclarées (`null`), par partenaire, la variable la plus en cause :", table(head, rows)]


def overrides_parts(found: Overrides | NotApplicable) -> list[str]:
    """Return how often officers decided against the proposal, and who was right; nothing without decisions."""
    if isinstance(found, NotApplicable):
        return []
    return ["## Les décisions des chargés de clientèle", *overrides_lines(found)]


def overrides_lines(found: Overrides) -> list[str]:
    """Return the sentences on officers' decisions, for the summary and for the command line."""
    first = list(found.by_reason.items())[:SHOWN_REASONS]
    reasons = ", ".join(f"{code} : {number(n)}" for code, n in first) or "–"
    decided = (
        f"{number(found.n_decisions)} dossiers décidés, dont {number(found.n_reviews)} mis à l’examen sans "
        f"proposition. Décisions contraires à la proposition : {_share(found.rate)} "
        f"({number(found.granted_against)} accords, {number(found.refused_against)} refus, "
        f"{number(found.countersigned)} à deux signatures ; par motif {reasons}). "
        f"Écarts à la classe du modèle, examens compris : {_share(found.departure_rate)}."
    )
    return [decided, _outcomes_line(found), _left_out(found.reading)]


def _outcomes_line(found: Overrides) -> str:
    told = (
        f"Issues connues de décisions contraires : {number(found.n_known)} ; l’issue donne raison au chargé de "
        f"clientèle : {_share(found.officer_right)}."
    )
    if not isinstance(found.granted_known, NotApplicable):
        granted = found.granted_known
        told += (
            f" Défauts des {number(granted.n)} accords donnés contre un refus proposé : "
            f"{percent_estimate(granted.default_rate)}, attendus par le modèle : {percent(granted.expected)}."
        )
    if not isinstance(found.excess_cost, NotApplicable):
        told += f" Coût au-dessus des propositions : {estimate(found.excess_cost)} par décision contraire."
    return f"{told} Un refus n’a pas d’issue : qui avait raison n’y est pas observé."


def _share(share: Estimate | NotApplicable) -> str:
    return share.reason if isinstance(share, NotApplicable) else percent_estimate(share)


def _left_out(reading: DecisionReading) -> str:
    return (
        f"Lignes écartées : {number(reading.repeated)} reprise(s) d’un même dossier, {number(reading.undecided)} sans "
        f"décision, {number(reading.unreadable)} illisible(s), {number(reading.outside_period)} hors de la période."
    )


def _move(move: DeclarationMove | NotApplicable) -> str:
    if isinstance(move, NotApplicable):
        return f"n. a. : {move.reason}"
    return f"`{move.name}` {percent(move.share.reference)} → {percent(move.share.current)}"
