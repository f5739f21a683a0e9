"""Sample applicants made from the contract alone: nobody real is among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from frontend.population import most_frequent, quantile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from frontend.form import Value

type Item = Mapping[str, Any]

MEDIAN = 0.5
LOW = 0.1
HIGH = 0.9
# What more than half of the applicants do not have, a typical one does not have either.
USUALLY_ABSENT = 0.5
_SIGNIFICANT_DIGITS = 3
_COUNT = "nombre"


@dataclass(frozen=True, slots=True)
class Sample:
    """A made-up applicant; `key` names it in `frontend.wording`."""

    key: str
    application: Mapping[str, Value]


def make_samples(contract: Mapping[str, Any]) -> tuple[Sample, ...]:
    """Return the applicants the page offers, each a variation on the typical one."""
    rank_of_sample: dict[str, Callable[[Item], float]] = {
        "typique": lambda _: MEDIAN,
        "notes_fortes": lambda item: HIGH if _is_rating(item) else MEDIAN,
        "notes_faibles": lambda item: LOW if _is_rating(item) else MEDIAN,
        "petits_montants": lambda item: LOW if _is_money(item) else MEDIAN,
        "gros_montants": lambda item: HIGH if _is_money(item) else MEDIAN,
    }
    varied = [Sample(key, _applicant(contract, rank)) for key, rank in rank_of_sample.items()]
    required = {item["name"] for item in contract["inputs"] if item["required"]}
    typical = varied[0].application
    return (*varied, Sample("incomplet", {name: value for name, value in typical.items() if name in required}))


def _applicant(contract: Mapping[str, Any], rank: Callable[[Item], float]) -> dict[str, Value]:
    references = contract["reference"]["inputs"]
    values = {item["name"]: _value(item, references.get(item["name"]), rank(item)) for item in contract["inputs"]}
    return {name: value for name, value in values.items() if value is not None}


def _value(item: Item, bins: Mapping[str, Any] | None, rank: float) -> Value:
    if bins is None:
        return _without_reference(item)
    if not item["required"] and rank == MEDIAN and bins["missing_share"] > USUALLY_ABSENT:
        return None
    if item["kind"] == "category":
        return most_frequent(bins)
    if bins["kind"] == "category":
        return int(float(most_frequent(bins)))
    low, high = _ends(item, bins)
    number = quantile(bins, rank, low=low, high=high)
    if item["kind"] == "flag" or item["unit"] == _COUNT:
        return round(number)
    return _within_bounds(item, float(f"{number:.{_SIGNIFICANT_DIGITS}g}"))


def _ends(item: Item, bins: Mapping[str, Any]) -> tuple[float, float]:
    edges = bins["edges"] or [0.0]
    low = edges[0] if item["usual_low"] is None else item["usual_low"]
    high = edges[-1] if item["usual_high"] is None else item["usual_high"]
    return low, high


def _within_bounds(item: Item, number: float) -> float:
    """Bring back a number that rounding took over a bound."""
    if item["minimum"] is not None:
        number = max(number, item["minimum"])
    return number if item["maximum"] is None else min(number, item["maximum"])


def _without_reference(item: Item) -> Value:
    """Give a required input some allowed value, and leave the others unknown."""
    if not item["required"]:
        return None
    return item["categories"][0] if item["kind"] == "category" else item["minimum"] or 0


def _is_money(item: Item) -> bool:
    return bool(item["unit"] == "EUR")


def _is_rating(item: Item) -> bool:
    return str(item["unit"]).startswith("note")
