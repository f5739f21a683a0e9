"""The trend page: the history of the indicators as curves, one HTML file that needs no network and no script."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from commandline.colophon import Colophon
from monitoring.config import PSI_BANDS, Level
from monitoring.report.wording import LEVELS, number, percent
from scoring import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from monitoring.report.history import HistoryRow

WIDTH, HEIGHT, MARGIN = 720, 170, 40
DAY = 86_400
_COLOURS = {Level.ALERT.value: "#b3261e", Level.WATCH.value: "#b26a00"}
_OTHERWISE = "#1b6e3c"
STYLE = """body{font:15px/1.5 system-ui,sans-serif;max-width:760px;margin:2rem auto;padding:0 1rem;color:#222}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ddd;padding:.3rem .5rem;text-align:left}
.table{overflow-x:auto}svg{width:100%;height:auto}h2{margin:1.6rem 0 .2rem;font-size:1.05rem}"""


@dataclass(frozen=True, slots=True)
class Curve:
    """One indicator over the reports.

    Attributes
    ----------
    limits
        Where *watch* and *alert* begin, drawn as lines.
    """

    title: str
    column: str
    told: Callable[[float], str]
    limits: tuple[float, ...] = ()


def _three_decimals(value: float) -> str:
    return number(value, 3)


_PSI_LIMITS = (PSI_BANDS.watch, PSI_BANDS.alert)
CURVES = (
    Curve("Part des variables en alerte", "share_in_alert", percent),
    Curve("PSI de la probabilité de défaut", "score_psi", _three_decimals, _PSI_LIMITS),
    Curve("PSI des variables, pondéré par leur importance", "weighted_psi", _three_decimals, _PSI_LIMITS),
    Curve("Coût attendu par demande", "expected_cost", _three_decimals),
    Curve("Coût constaté par demande", "realised_cost", _three_decimals),
    Curve("AUC attendue", "expected_auc", _three_decimals),
    Curve("AUC constatée", "realised_auc", _three_decimals),
    Curve("Taux de refus", "refusal_rate", percent),
    Curve("Disponibilité du service", "availability", percent),
)


# Of each version: an indicator, its title and how it is told.
_OF_VERSIONS: tuple[tuple[str, str, Callable[[float], str]], ...] = (
    ("expected_cost", "coût attendu", _three_decimals),
    ("realised_cost", "coût constaté", _three_decimals),
    ("expected_auc", "AUC attendue", _three_decimals),
    ("realised_auc", "AUC constatée", _three_decimals),
    ("score_psi", "PSI du score", _three_decimals),
    ("refusal_rate", "taux de refus", percent),
)


@dataclass(frozen=True, slots=True)
class Episode:
    """Reports in a row that gave the alarm.

    Attributes
    ----------
    ended
        First report after it that did not, or that another model had decided; empty while it lasts.
    days
        Time to react: from the first alarm to its end, or to the last report.
    """

    began: str
    ended: str
    days: float
    by_new_version: bool


def episodes(rows: Sequence[HistoryRow]) -> list[Episode]:
    """Return the alarms of a history, oldest first.

    A new version ends an alarm: someone has acted; if it is not over, a new one begins.
    """
    found: list[Episode] = []
    began: HistoryRow | None = None
    for row in rows:
        changed = began is not None and row.seal != began.seal
        if began is not None and (changed or row.level != Level.ALERT):
            found.append(Episode(began.period, row.period, _days(began.period, row.period), changed))
            began = None
        if began is None and row.level == Level.ALERT:
            began = row
    if began is not None:
        found.append(Episode(began.period, "", _days(began.period, rows[-1].period), by_new_version=False))
    return found


def _days(first: str, last: str) -> float:
    return (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds() / DAY


@dataclass(frozen=True, slots=True)
class VersionSpan:
    """Reports in a row about one version of the model.

    Attributes
    ----------
    rows
        Oldest first.
    """

    rows: tuple[HistoryRow, ...]

    def mean(self, column: str) -> float | None:
        """Return the mean of an indicator over the reports that have it."""
        values = [float(value) for row in self.rows if (value := getattr(row, column))]
        return sum(values) / len(values) if values else None


def version_spans(rows: Sequence[HistoryRow]) -> list[VersionSpan]:
    """Return the versions of a history in the order they decided, told apart by their seals."""
    return [VersionSpan(tuple(of_one)) for _, of_one in groupby(rows, key=lambda row: row.seal)]


def trend_page(rows: Sequence[HistoryRow]) -> str:
    """Return the page as HTML."""
    drawn = [_section(curve, rows) for curve in CURVES]
    origin = Colophon(__version__, f"modèle {rows[-1].version}")
    intro = (
        f"<h1>Tendance des indicateurs</h1><p>{html.escape(origin.line)}</p>"
        f"<p>{number(len(rows))} rapport(s), du {rows[0].period[:10]} au {rows[-1].period[:10]}. "
        "Un point par rapport : vert stable, orange à surveiller, rouge en alerte.</p>"
    )
    parts = [
        intro,
        "<h2>Versions du modèle</h2>",
        _versions_table(version_spans(rows)),
        *(section for section in drawn if section),
        "<h2>Alertes et temps de réaction</h2>",
        _episodes_table(episodes(rows)),
        "<h2>Tous les rapports</h2>",
        _reports_table(rows),
    ]
    head = f'<meta charset="utf-8"><title>Tendance des indicateurs</title>{origin.tags}<style>{STYLE}</style>'
    return f'<!doctype html><html lang="fr"><head>{head}</head><body>{"".join(parts)}</body></html>\n'


def _section(curve: Curve, rows: Sequence[HistoryRow]) -> str:
    points = [(row, float(getattr(row, curve.column))) for row in rows if getattr(row, curve.column)]
    if not points:
        return ""
    last = curve.told(points[-1][1])
    return f"<h2>{html.escape(curve.title)} : {last}</h2>{_drawing(curve, points)}"


def _drawing(curve: Curve, points: Sequence[tuple[HistoryRow, float]]) -> str:
    values = [value for _, value in points]
    shown = [limit for limit in curve.limits if limit <= 2 * max(values)]
    low, high = min(0.0, *values) if min(values) < 0.5 * max(values) else min(values), max(*values, *shown, 1e-9)
    span = (high - low) or 1.0

    def place(index: int, value: float) -> tuple[float, float]:
        across = MARGIN + (WIDTH - 2 * MARGIN) * index / max(len(points) - 1, 1)
        return across, HEIGHT - MARGIN / 2 - (HEIGHT - MARGIN) * (value - low) / span

    path = " ".join("{:.1f},{:.1f}".format(*place(index, value)) for index, value in enumerate(values))
    parts = [f'<polyline points="{path}" fill="none" stroke="#456" stroke-width="2"/>']
    for limit in shown:
        _, y = place(0, limit)
        parts.append(
            f'<line x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{y:.1f}" y2="{y:.1f}" stroke="#bbb" stroke-dasharray="4"/>'
        )
    for index in range(1, len(points)):
        if points[index][0].seal != points[index - 1][0].seal:
            x, _ = place(index, values[index])
            parts.append(_version_mark(x, points[index][0].version))
    for index, (row, value) in enumerate(points):
        x, y = place(index, value)
        tip = html.escape(f"{row.period[:10]} : {curve.told(value)}, {row.alerts or row.watches or 'stable'}")
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{_COLOURS.get(row.level, _OTHERWISE)}">'
            f"<title>{tip}</title></circle>"
        )
    ends = ((MARGIN, points[0][0], "start"), (WIDTH - MARGIN, points[-1][0], "end"))
    parts += [
        f'<text x="{x}" y="{HEIGHT - 2}" font-size="11" text-anchor="{anchor}">{row.period[:10]}</text>'
        for x, row, anchor in ends
    ]
    parts.append(f'<text x="2" y="12" font-size="11">{curve.told(high)}</text>')
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{html.escape(curve.title)}">{"".join(parts)}</svg>'
    )


def _version_mark(x: float, version: str) -> str:
    """Return the line from which on another version decided."""
    bottom = HEIGHT - MARGIN / 2
    return (
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{MARGIN / 2}" y2="{bottom}" stroke="#8a6" stroke-dasharray="2"/>'
        f'<text x="{x + 3:.1f}" y="{MARGIN / 2 + 8}" font-size="11">version {html.escape(version)}</text>'
    )


def _versions_table(spans: Sequence[VersionSpan]) -> str:
    """Return what each version came to, side by side."""
    head = ("version", "du", "au", "rapports", "en alerte", *(title for _, title, _ in _OF_VERSIONS))
    lines = [
        (
            f"{span.rows[0].version} ({span.rows[0].seal[:8]})",
            span.rows[0].period[:10],
            span.rows[-1].period[:10],
            number(len(span.rows)),
            number(sum(row.level == Level.ALERT for row in span.rows)),
            *("–" if (mean := span.mean(column)) is None else told(mean) for column, _, told in _OF_VERSIONS),
        )
        for span in spans
    ]
    return _table(head, lines)


def _reports_table(rows: Sequence[HistoryRow]) -> str:
    """Return every report, the newest first."""
    head = ("période", "version", "demandes", "niveau", "en alerte", "à surveiller")
    lines = [
        (row.period[:10], row.version, row.n_applications, _level(row), row.alerts or "–", row.watches or "–")
        for row in reversed(rows)
    ]
    return _table(head, lines)


def _level(row: HistoryRow) -> str:
    return LEVELS[Level(row.level)] if row.level in set(Level) else row.level


def _table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Return a table that a narrow screen can be moved over."""
    cells = ["".join(f"<td>{html.escape(cell)}</td>" for cell in line) for line in lines]
    titles = "".join(f'<th scope="col">{html.escape(title)}</th>' for title in head)
    body = "".join(f"<tr>{line}</tr>" for line in cells)
    return f'<div class="table" tabindex="0"><table><tr>{titles}</tr>{body}</table></div>'


def _episodes_table(found: Sequence[Episode]) -> str:
    if not found:
        return "<p>Aucune alerte.</p>"
    lines = [
        (
            one.began[:10],
            one.ended[:10] or "en cours",
            number(one.days, 1),
            "nouvelle version" if one.by_new_version else "retour au calme" if one.ended else "–",
        )
        for one in found
    ]
    return _table(("première alerte", "fin", "jours", "par"), lines)
