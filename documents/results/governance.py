"""The sections of ``docs/results.md`` on second opinions: a card beside the trees, and what asking again takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from documents.results.wording import kept, say_of, table

if TYPE_CHECKING:
    from collections.abc import Mapping

type Figures = Mapping[str, Any]

_POPULATIONS = {"sample_population": "sample population", "real_sample": "real applications"}
_JUDGED = {"trees": "trees", "scorecard": "scorecard"}
# What was promised of a replay of a hundred thousand records, and of the slow end of answers with a shadow.
REPLAY_SECONDS, REPLAY_RECORDS = 60, 100_000
SHADOW_RATIO = 1.15


def scorecard_section(figures: Figures) -> str:
    """Return the section on the card; empty where nothing was measured."""
    if not figures:
        return ""
    rows = [row for name, said in _POPULATIONS.items() if name in figures for row in _rows(said, figures[name])]
    header = ["", "", "applications", "cost", "AUC"]
    return f"""### A scorecard beside the trees

Out of fold on the same folds, all inputs that may be asked, LightGBM and the card each with its usual settings; the
difference is paired, application by application (`python -m benchmarks --only scorecard`).

{table(header, rows)}"""


def _rows(said: str, figures: Figures) -> list[list[str]]:
    n = f"{figures['n_applications']:,}"
    judged = [
        [said, name, n, say_of(figures, one, "cost"), say_of(figures, one, "auc")] for one, name in _JUDGED.items()
    ]
    gap = figures["card_less_trees"]
    return [*judged, [said, "scorecard less trees", n, _signed(gap["cost"]), _signed(gap["auc"])]]


def _signed(one: Figures) -> str:
    return f"{one['value']:+.4f} [{one['low']:+.4f}, {one['high']:+.4f}]"


def second_opinion_section(figures: Figures) -> str:
    """Return the section on what a second opinion takes; empty where nothing was measured."""
    if not figures:
        return ""
    replay, shadow, rules = figures["replay"], figures["shadow"], figures["rules"]
    promised = REPLAY_SECONDS * replay["records"] / REPLAY_RECORDS
    rows = [
        [
            f"replay of {replay['records']:,} recorded decisions",
            f"{replay['seconds']:.1f} s",
            f"at most {promised:.0f} s: {kept(replay['seconds'] <= promised)}",
        ],
        [
            f"shadow for {shadow['share']:.0%} of the requests, 99th percentile of the answers",
            _slower(shadow, "p99"),
            f"at most {SHADOW_RATIO:.2f} times: {kept(shadow['p99_ratio'] <= SHADOW_RATIO)}",
        ],
        [
            "the same, median",
            _slower(shadow, "p50"),
            "",
        ],
        [
            f"the {rules['rules']} rules of `lambda/regles.json`, one application",
            f"{rules['us_an_application']:.0f} µs, {rules['rules_a_ms']:,.0f} rules a millisecond",
            "",
        ],
    ]
    return f"""## What a second opinion takes

On the committed bundle and its golden applications, one thread (`python -m benchmarks --only governance`).

{table(["", "measured", "promised"], rows)}"""


def _slower(shadow: Figures, share: str) -> str:
    before, after = shadow["alone_ms"][share], shadow["with_shadow_ms"][share]
    return f"{before:.2f} to {after:.2f} ms, {shadow[f'{share}_ratio']:.2f} times"
