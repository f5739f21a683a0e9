"""Tell how often officers decide against the model, why, and who turned out right.

Exit status: 0, or 2 where the decisions or the outcomes cannot be read.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring.commands import CommandResult
from monitoring.report.files import written_bytes
from monitoring.report.officer_decisions import read_decisions, report_decisions
from monitoring.report.wording import number
from monitoring.windows.from_audit import told_outcomes
from monitoring.windows.outcome_files import matched_outcomes

if TYPE_CHECKING:
    import argparse

    from monitoring.report.officer_decisions import DecisionReport, GrantedAgainst
    from scoring.contract import Estimate


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument(
        "--decisions",
        type=Path,
        required=True,
        metavar="FILE.jsonl",
        help="what `python -m frontend.desk.export` wrote",
    )
    parser.add_argument(
        "--outcomes", type=Path, metavar="FILE.parquet", help="id_requete and TARGET, where defaults have become known"
    )
    parser.add_argument("--out", type=Path, metavar="FILE.json", help="the same as JSON")


def run(args: argparse.Namespace) -> CommandResult:
    """Print the report, and write it where that is asked for."""
    decisions = read_decisions(args.decisions)
    outcomes: dict[str, float] = {}
    if args.outcomes is not None:
        requests = {one.request for one in decisions}
        outcomes, _ = matched_outcomes(told_outcomes(args.outcomes), requests, source=args.outcomes.name)
    report = report_decisions(decisions, outcomes)
    if args.out is not None:
        # Estimates are models of pydantic, which asdict leaves as they are.
        text = json.dumps(asdict(report), ensure_ascii=False, indent=1, default=lambda one: one.model_dump())
        written_bytes(args.out, f"{text}\n".encode())
    return CommandResult(0, _lines(report))


def _lines(report: DecisionReport) -> tuple[str, ...]:
    reasons = ", ".join(f"{code} {number(times)}" for code, times in report.reasons.items()) or "aucun"
    lines = (
        f"{number(report.n)} décisions, écarts au modèle : {_share(report.override_rate)}.",
        (
            f"Écarts : {number(report.granted)} accords, {number(report.refused)} refus, "
            f"{number(report.countersigned)} à deux signatures ; motifs : {reasons}."
        ),
    )
    if report.known is None:
        return (*lines, "Aucune issue connue parmi les crédits accordés contre l’avis du modèle.")
    return (*lines, *_known_lines(report.known))


def _known_lines(known: GrantedAgainst) -> tuple[str, ...]:
    defaults, expected = _share(known.default_rate), _percent(known.expected)
    officer, model = number(known.officer_right), number(known.n - known.officer_right)
    return (
        f"Accordés contre l’avis du modèle, issue connue : {number(known.n)}.",
        f"Défauts : {defaults}, attendus par le modèle : {expected}.",
        f"L’agent a eu raison {officer} fois, le modèle {model}.",
        "Un refus n’a pas d’issue : qui avait raison n’y est pas observé.",
    )


def _share(share: Estimate) -> str:
    return f"{_percent(share.value)} ({_percent(share.low)} à {_percent(share.high)})"


def _percent(share: float) -> str:
    return f"{number(100 * share, 1)} %"
