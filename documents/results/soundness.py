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
    "before": "free, gaps as they are, everything asked that was asked before",
}
_MODELS = {"before": "before", "kept": "as served"}
_ROWS_JUDGED = {"out_of_fold": "out of fold", "hold_out": "kept apart"}


def soundness_section(figures: Figures) -> str:
    """Return the section; empty where nothing was measured."""
    if not figures:
        return ""
    price = figures.get("price", {})
    parts = [
        _price(price.get("changes", {})),
        _quality(price.get("quality", {})),
        _attacks(figures["attacks"], "the sample population", "the committed bundle"),
        _attacks(figures.get("real_attacks", {}), "the real ones", "a bundle trained on others of them"),
    ]
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


def _quality(figures: Figures) -> str:
    if not figures:
        return ""
    rows = [
        [
            _ROWS_JUDGED[judged],
            said,
            f"{figures[model][judged]['n_applications']:,}",
            *(_estimate(figures[model][judged][name]) for name in ("cost", "auc", "brier", "calibration_error")),
        ]
        for judged in _ROWS_JUDGED
        for model, said in _MODELS.items()
    ]
    header = ["real applications", "LightGBM", "rows", "cost", "AUC", "Brier score", "calibration error"]
    return f"""### Before and after soundness

The same rows, folds and settings, 95 % intervals; the rows kept apart were in no choice.

{table(header, rows)}"""


def _estimate(one: Figures) -> str:
    return f"{one['value']:.4f} [{one['low']:.4f}, {one['high']:.4f}]"


def _gap(one: Figures, digits: int) -> str:
    return f"{one['mean']:+.{digits}f} ({one['standard_error']:.{digits}f})"


def _attacks(figures: Figures, population: str, model: str) -> str:
    if not figures:
        return ""
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
    return f"""### What a refusal can be turned into: {population}

{figures["refusals"]} refusals among {judged:,} fresh applications of {population}, by {model}. A refusal counts by
the best that an attack brings: an acceptance, or one that no person would look at.

{table(["attack", "accepted", "accepted without a person"], rows)}

Made worse in any of {len(figures["worse"])} ways whose direction is declared, the share of refusals whose probability
falls is {worst[1]:.1%} at most. With their gaps declared, {reviews["ensemble"] / judged:.1%} of the applications go to
a person; with their gaps left out, {bare["reviewed"] / bare["judged"]:.1%}."""


def _turned(one: Figures) -> list[str]:
    return [f"{one['accepted']:.1%}", f"{one['granted']:.1%}"]
