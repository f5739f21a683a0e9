"""Figures as the English pages write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from commandline import markdown
from scoring.contract import Estimate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

NOT_MEASURED = "–"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table with the narrow rule of these pages.

    >>> print(table(["a"], [["1"]]))
    | a |
    |---|
    | 1 |
    """
    return markdown.table(head, rows, rule="---")


def say(estimate: Estimate) -> str:
    """Return a figure with its interval."""
    return f"{estimate.value:.4f} [{estimate.low:.4f}, {estimate.high:.4f}]"


def say_of(figures: Mapping[str, Any], *path: str) -> str:
    """Return the figure at a path with its interval; a dash where it was not measured."""
    found: Any = figures
    for name in path:
        found = found.get(name, {})
    return say(Estimate.model_validate(found)) if found else NOT_MEASURED


def say_counts(counts: Mapping[str, int]) -> str:
    """Return names with their counts, in one line.

    >>> say_counts({"application_train": 50_000, "application_test": 7_926})
    'application_train (50,000), application_test (7,926)'
    """
    return ", ".join(f"{name} ({count:,})" for name, count in counts.items())


def kept(holds: bool) -> str:  # noqa: FBT001  read as a sentence
    """Return whether a promise is kept, so that one that is not is seen."""
    return "kept" if holds else "**missed**"
