"""Markdown of the generated pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.contract import Estimate


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table.

    >>> print(table(["a"], [["1"]]))
    | a |
    |---|
    | 1 |
    """
    lines = [header, ["---"] * len(header), *rows]
    text = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return text.replace("| --- ", "|---").replace("--- |", "---|")


def say(estimate: Estimate) -> str:
    """Return a figure with its interval."""
    return f"{estimate.value:.4f} [{estimate.low:.4f}, {estimate.high:.4f}]"


def figures_of(measures: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the figures of a measure; none where it was not taken."""
    return measures.get(name, {}).get("figures") or {}
