"""The section of ``docs/results.md`` on soundness: what it costs, and what it holds against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from documents.results.wording import table

if TYPE_CHECKING:
    from collections.abc import Mapping

type Figures = Mapping[str, Any]

_ROWS = {
    "kept": "as served: directions kept, nothing that may not be asked",
    "without_directions": "free to turn the wrong way",
}


def soundness_section(figures: Figures) -> str:
    """Return the section; empty where nothing was measured."""
    if not figures:
        return ""
    parts = [_price(figures.get("price", {})), _attacks(figures["attacks"])]
    return "\n\n".join(part for part in parts if part)


def _price(figures: Figures) -> str:
    if not figures:
        return ""
    rows = [
        [
            _ROWS.get(name, name.replace("with ", "with `") + "`"),
            f"{one['cost']:.4f}",
            f"{one['auc']:.4f}",
            _gap(one["cost_to_kept"], 4),
            _gap(one["log_loss_to_kept"], 5),
        ]
        for name, one in figures.items()
    ]
    header = ["LightGBM, all inputs of the application table", "cost", "AUC", "cost less that served", "log loss less"]
    return f"""### What soundness costs

On the real applications, out of fold on the same folds, paired (standard error); below zero the change would be
better. `make bench` does not repeat it; `python -m benchmarks --only soundness` does.

{table(header, rows)}"""


def _gap(one: Figures, digits: int) -> str:
    return f"{one['mean']:+.{digits}f} ({one['standard_error']:.{digits}f})"


def _attacks(figures: Figures) -> str:
    left_out = [
        [f"{count} field{'s' if int(count) > 1 else ''} left out, the most useful first", *_turned(one)]
        for count, one in figures["left_out"].items()
    ]
    rows = [
        *left_out,
        ["any one category that next to nobody has", *_turned(figures["rare_category"])],
        ["any one absence declared (a lie on record)", *_turned(figures["declared_absent"])],
    ]
    worst = max(figures["worse"].items(), key=lambda pair: pair[1])
    bare, reviews = figures["reviews_gaps_left_out"], figures["reviews"]
    judged = figures["applications"]
    return f"""### What a refusal can be turned into

{figures["refusals"]} refusals among {judged:,} fresh applications of the sample population, by the committed bundle. A
refusal counts by the best that an attack brings: an acceptance, or one that no person would look at.

{table(["attack", "accepted", "accepted without a person"], rows)}

Made worse in any of {len(figures["worse"])} ways whose direction is declared, the share of refusals whose probability
falls is {worst[1]:.1%} at most. With their gaps declared, {reviews["ensemble"] / judged:.1%} of the applications go to
a person; with their gaps left out, {bare["reviewed"] / bare["judged"]:.1%}."""


def _turned(one: Figures) -> list[str]:
    return [f"{one['accepted']:.1%}", f"{one['granted']:.1%}"]
