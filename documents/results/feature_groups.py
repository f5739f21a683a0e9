"""The section of ``docs/results.md`` on groups of features: what helped, and what did not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from documents.results.wording import table

if TYPE_CHECKING:
    from collections.abc import Mapping

type Figures = Mapping[str, Any]

_HEADER = ["inputs", "cost", "AUC", "cost less the first (s.e.)", "log loss less the first (s.e.)"]


def feature_groups_section(figures: Figures) -> str:
    """Return the section; empty where nothing was measured."""
    if not figures:
        return ""
    parts = [
        """## What groups of features bring

LightGBM with few trees, the same folds for every row, paired with the first row of its table; below zero is better.
`make bench` does not repeat it; `python -m benchmarks --only feature_groups` does.""",
        _part(
            "Sample population, all seven tables", "features without any group, and with", figures["sample_population"]
        ),
        _part(
            "Beside the public kernel of simple features, without what may not be asked",
            "columns",
            figures["simple_features_kernel"],
        ),
        _part("Ideas that the dictionary does not have", "all features, and with", figures["further_ideas"]),
        _part("Real applications, application table alone", "features", figures["real_applications"] or {}),
    ]
    return "\n\n".join(part for part in parts if part)


def _part(title: str, of: str, figures: Figures) -> str:
    if not figures:
        return ""
    rows = [
        [
            name,
            f"{one['n_inputs']}",
            f"{one['cost']:.4f}",
            f"{one['auc']:.4f}",
            f"{one['cost_difference']:+.4f} ({one['cost_standard_error']:.4f})",
            f"{one['log_loss_difference']:+.5f} ({one['log_loss_standard_error']:.5f})",
        ]
        for name, one in figures.items()
    ]
    return f"### {title}\n\n{table([of, *_HEADER], rows)}"
