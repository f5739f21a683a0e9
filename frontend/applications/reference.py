"""Where a value stands among the reference applications, from the contract's bins."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frontend.applications.form import Value

N_STRONG_INPUTS = 8


@dataclass(frozen=True, slots=True)
class Position:
    """One value of an application among those of the reference.

    Attributes
    ----------
    value
        In the contract's unit; None where it is unknown.
    below, same
        Share of the known values that lie below a number, or share of the applications with the same category; None
        where the question makes no sense.
    missing_share
        Share of the reference applications that do not know it either.
    """

    name: str
    value: Value
    below: float | None
    same: float | None
    missing_share: float


def positions(
    contract: Mapping[str, Any], application: Mapping[str, Value], *, n_inputs: int = N_STRONG_INPUTS
) -> tuple[Position, ...]:
    """Return where an application stands on the inputs that matter most."""
    weights, references = contract["coverage"]["weights"], contract["reference"]["inputs"]
    known = [item for item in contract["inputs"] if item["name"] in references]
    strongest = sorted(known, key=lambda item: -weights[item["name"]])[:n_inputs]
    return tuple(_position(item, references[item["name"]], application.get(item["name"])) for item in strongest)


def usual_ends(item: Mapping[str, Any], bins: Mapping[str, Any]) -> tuple[float, float]:
    """Return where the open bins of a number are taken to end: its usual range, or its outermost edges."""
    edges = bins["edges"] or [0.0]
    low = edges[0] if item["usual_low"] is None else item["usual_low"]
    high = edges[-1] if item["usual_high"] is None else item["usual_high"]
    return low, high


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


def _position(item: Mapping[str, Any], bins: Mapping[str, Any], value: Value) -> Position:
    name, missing_share = item["name"], float(bins["missing_share"])
    if value is None:
        return Position(name, None, None, None, missing_share)
    if bins["kind"] == "category":
        return Position(name, value, None, _share_of(bins, value), missing_share)
    if isinstance(value, str):
        return Position(name, value, None, None, missing_share)
    low, high = usual_ends(item, bins)
    return Position(name, value, share_below(bins, value, low=low, high=high), None, missing_share)


def _share_of(bins: Mapping[str, Any], value: Value) -> float:
    """Return the share of a category; flags are written as numbers, with or without decimals."""
    same = [share for key, share in bins["shares"].items() if key == str(value) or _as_number(key) == value]
    return float(sum(same))


def _as_number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _borders(bins: Mapping[str, Any], *, low: float, high: float) -> list[float]:
    edges = bins["edges"]
    return [min(low, *edges), *edges, max(high, *edges)]
