"""The page of a replay, in French: what a committee reads before a candidate decides about anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.decision import Outcome
from training.bundle.candidate_replay import NOT_JUDGED
from training.wording import percent, say_count, say_decimal, say_estimate

if TYPE_CHECKING:
    from training.bundle.candidate_replay import CandidateReplay, Judged, Swap

_OUTCOMES = (*(one.value for one in Outcome), NOT_JUDGED)


def replay_page(replay: CandidateReplay) -> str:
    """Return the page as Markdown."""
    parts = [_head(replay), _flows(replay), _judged(replay.judged), _segments(replay), _absent(replay)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(replay: CandidateReplay) -> str:
    swap = replay.everybody
    told = (
        f"{replay.candidate}, seuil {say_decimal(replay.threshold)}. {say_count(swap.n)} enregistrements, pondérés "
        f"par la part auditée : ils représentent {say_count(round(swap.total))} demandes."
    )
    kinds = (
        ("inchangées", swap.unchanged),
        ("refusées, qui seraient acceptées", swap.swapped_in),
        ("acceptées, qui seraient refusées", swap.swapped_out),
    )
    rows = [f"| {label} | {say_count(round(count))} | {percent(count / swap.total)} |" for label, count in kinds]
    rates = f"Taux d’acceptation : {percent(swap.acceptance_before)}, puis {percent(swap.acceptance_after)}."
    title = "# Rejeu d’un candidat sur les décisions enregistrées"
    return "\n".join([title, "", told, "", "| décisions | demandes | part |", "|---|---|---|", *rows, "", rates])


def _flows(replay: CandidateReplay) -> str:
    rows = [
        _row(before, *(say_count(round(replay.flows.get((before, after), 0.0))) for after in _OUTCOMES))
        for before in _OUTCOMES[:-1]
    ]
    head = _row("proposition d’alors", *_OUTCOMES)
    return "\n".join(["## Propositions", "", head, "|---" * (len(_OUTCOMES) + 1) + "|", *rows])


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _judged(judged: Judged | None) -> str:
    if judged is None:
        return "## Coût\n\nAucune issue connue : le coût n’est pas mesuré."
    told = (
        f"Sur {say_count(judged.n)} décisions dont l’issue est connue ({say_count(judged.n_defaults)} défauts) : "
        f"{say_decimal(judged.before)} par demande, puis {say_decimal(judged.after)} ; écart "
        f"{say_estimate(judged.difference)}."
    )
    rates = [
        f"Taux de défaut de celles qui {what} : {percent(rate)}."
        for what, rate in (
            ("seraient acceptées", judged.default_rate_swapped_in),
            ("seraient refusées", judged.default_rate_swapped_out),
        )
        if rate is not None
    ]
    warning = "L’issue d’une demande refusée n’est connue que si le crédit a été accordé malgré le refus."
    return "\n\n".join(["## Coût", told, *rates, warning])


def _segments(replay: CandidateReplay) -> str:
    rows = [
        _segment(attribute, group, swap)
        for attribute, groups in replay.segments.items()
        for group, swap in groups.items()
    ]
    if not rows:
        return ""
    head = "| attribut | groupe | enregistrements | acceptées avant | acceptées après | entrent | sortent |"
    return "\n".join(["## Par segment et par groupe protégé", "", head, "|---|---|---|---|---|---|---|", *rows])


def _segment(attribute: str, group: str, swap: Swap) -> str:
    shares = (
        swap.acceptance_before,
        swap.acceptance_after,
        swap.swapped_in / swap.total,
        swap.swapped_out / swap.total,
    )
    return _row(f"`{attribute}`", group, say_count(swap.n), *map(percent, shares))


def _absent(replay: CandidateReplay) -> str:
    if not replay.absent:
        return ""
    rows = [f"- `{name}` : {say_count(count)}" for name, count in sorted(replay.absent.items())]
    said = "Données du candidat que des enregistrements n’ont pas, lues comme inconnues :"
    return "\n".join(["## Données absentes", "", said, "", *rows])
