"""The section of ``docs/results.md`` on work of the real size: beside an earlier build, by size, and inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from documents.results.wording import table

if TYPE_CHECKING:
    from collections.abc import Mapping

type Figures = Mapping[str, Any]

# From so much on decimals say nothing.
_WHOLE = 100
_STEPS = ("features", "train", "score")
# What a row is called, and the part of the measure that it is.
_CONTESTS = {
    "train --effort quick": "train",
    "train --effort full --narrow": "train_full",
    "drift report, test set against training applications": "drift_report",
}


def scale_section(figures: Figures) -> str:
    """Return the section; empty where nothing was measured."""
    if not figures:
        return ""
    parts = [
        f"""## Work of the real size

Time and memory are those of whole processes, as the operating system tells them, over training applications of the
sample population; medians of runs that take turns with commit `{figures["earlier_commit"]}`, an earlier build.
`make bench` does not repeat it; `python -m benchmarks --only scale` does, `--parts` a part of it.""",
        _beside(figures),
        _requests(figures.get("requests", {})),
        _by_size(figures.get("by_size", {})),
        _inputs(figures.get("inputs", {})),
    ]
    return "\n\n".join(part for part in parts if part)


def _beside(figures: Figures) -> str:
    """Return what each step takes of both builds."""
    features = figures.get("features", {})
    contests = {
        "features from Parquet": (features, features.get("parquet")),
        "features from CSV": (features, features.get("csv")),
        "features from zipped CSV": (features, features.get("zipped_csv")),
        **{name: (figures.get(part), figures.get(part)) for name, part in _CONTESTS.items()},
    }
    rows = [
        [name, f"{part['applications']:,}", f"{part['runs']}", *_contest(one)]
        for name, (part, one) in contests.items()
        if part and one
    ]
    if not rows:
        return ""
    told = table(["", "applications", "runs", "earlier", "now", "wall time", "peak memory"], rows)
    if not features:
        return told
    plain = features["plain_pandas"]
    return f"""{told}

The preparation that notebooks write in plain pandas (means, extremes and sums of every number, no check) takes
{plain["wall_seconds"]:.1f} s and {plain["peak_memory_gib"]:.1f} GiB on the same CSV:
{features["times_faster_than_plain_pandas"]:.1f} times as long. Zipped CSV takes {features["zipped_csv_over_csv"]:.2f}
times as long as CSV."""


def _contest(one: Figures) -> list[str]:
    ratio = one["ratio"]
    return [
        *(
            f"{one[name]['wall_seconds']:.1f} s, {one[name]['peak_memory_gib']:.1f} GiB"
            for name in ("earlier", "present")
        ),
        f"{ratio['wall_seconds']:.2f}×",
        f"{ratio['peak_memory_gib']:.2f}×",
    ]


def _requests(figures: Figures) -> str:
    if not figures:
        return ""
    said = {
        "score_p50_ms": ("one score with reasons, median", "ms"),
        "score_p99_ms": ("one score with reasons, 99th percentile", "ms"),
        "batch_applications_a_second": ("applications a second in a batch", ""),
        "first_answer_ms": ("first answer, from the import on", "ms"),
    }
    rows = [
        [name, *(f"{_short(figures[build][key])} {unit}".strip() for build in ("earlier", "present")), f"{ratio:.2f}×"]
        for key, (name, unit) in said.items()
        for ratio in [figures["ratio"][key]]
    ]
    return table(["", "earlier", "now", "ratio"], rows)


def _short(number: float) -> str:
    """Return a number in about three digits, whole from a hundred on."""
    return f"{number:,.0f}" if number >= _WHOLE else f"{number:.3g}"


def _by_size(figures: Figures) -> str:
    """Return a table and a plot of what each step takes by size."""
    if not figures:
        return ""
    rows = [[name, f"{one['applications']:,}", *(_took(one[step]) for step in _STEPS)] for name, one in figures.items()]
    told = table(["size", "applications", *_STEPS], rows)
    sizes = ", ".join(f'"{one["applications"]:,}"' for one in figures.values())
    lines = "\n".join(
        f"  line [{', '.join(f'{one[step]["wall_seconds"]:.1f}' for one in figures.values())}]" for step in _STEPS
    )
    return f"""### Cost by size

{told}

Seconds by applications, one line each for {", ".join(_STEPS)}:

```mermaid
xychart-beta
  x-axis "applications" [{sizes}]
  y-axis "seconds"
{lines}
```"""


def _took(one: Figures) -> str:
    return f"{one['wall_seconds']:.1f} s, {one['peak_memory_gib']:.1f} GiB"


def _inputs(figures: Figures) -> str:
    if not figures:
        return ""
    parts = [
        f"{one['applications']:,} applications of development: {one['kept']} inputs are kept.\n\n"
        + table(
            ["inputs", "cost", "AUC", "cost above the best (s.e.)", "log loss above the best"],
            [
                [
                    f"{point['n_inputs']}",
                    f"{point['cost']:.4f}",
                    f"{point['auc']:.4f}",
                    f"{point['cost_above_best']:+.4f} ({point['cost_standard_error']:.4f})",
                    f"{point['log_loss_above_best']:+.5f}",
                ]
                for point in one["curve"]
            ],
        )
        for one in figures.values()
    ]
    return "\n\n".join(["### Inputs by size of the sample", *parts])
