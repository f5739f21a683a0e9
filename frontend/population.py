"""Where a value stands among the reference applications, from the contract's bins."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def quantile(bins: Mapping[str, Any], rank: float, *, low: float, high: float) -> float:
    """Return the value below which a share `rank` of the known values lies.

    Parameters
    ----------
    bins
        A numeric reference of the contract: ``edges`` and ``shares``, one share more than edges.
    low, high
        Where the two open bins are taken to end.

    >>> quantile({"edges": [10.0], "shares": [0.5, 0.5]}, 0.75, low=0.0, high=30.0)
    20.0
    """
    borders = _borders(bins, low=low, high=high)
    wanted = rank * sum(bins["shares"])
    passed = 0.0
    for share, start, end in zip(bins["shares"], borders, borders[1:], strict=False):
        if share and passed + share >= wanted:
            return float(start + (end - start) * (wanted - passed) / share)
        passed += share
    return float(borders[-1])


def share_below(bins: Mapping[str, Any], value: float, *, low: float, high: float) -> float:
    """Return the share of the known values that lie below `value`; the inverse of `quantile`.

    >>> share_below({"edges": [10.0], "shares": [0.5, 0.5]}, 20.0, low=0.0, high=30.0)
    0.75
    """
    borders = _borders(bins, low=low, high=high)
    passed = (0.0, *accumulate(bins["shares"]))
    if value >= borders[-1]:
        return 1.0
    for start, end, before, after in zip(borders, borders[1:], passed, passed[1:], strict=False):
        if value < end:
            within = max(0.0, value - start) / (end - start)
            return float((before + (after - before) * within) / passed[-1])
    return 1.0


def most_frequent(bins: Mapping[str, Any]) -> str:
    """Return the commonest category of a reference."""
    return str(max(bins["shares"], key=bins["shares"].__getitem__))


def _borders(bins: Mapping[str, Any], *, low: float, high: float) -> list[float]:
    edges = bins["edges"]
    return [min(low, *edges), *edges, max(high, *edges)]
