"""Sample applicants made from the contract alone: nobody real is among them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from frontend.api.answers import Assessment
from frontend.api.errors import FrontendError
from frontend.applications.form import MONEY, application_of, entries_of
from frontend.applications.reference import most_frequent, quantile, usual_ends
from frontend.wording.words import words_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from frontend.api.batches import BatchAnswer, RowAnswer
    from frontend.api.client import ScoringClient
    from frontend.applications.form import Form, Value

type Item = Mapping[str, Any]
type Application = dict[str, Value]

TYPICAL, BORDERLINE, REFUSED, INCOMPLETE = "typical", "borderline", "refused", "incomplete"
# The API's word for a signal on values that do not fit together.
INCOHERENT = "incoherente"
MEDIAN = 0.5
# What more than half of the applicants do not have, a typical one does not have either.
USUALLY_ABSENT = 0.5
# The strongest inputs are moved together from bad to good, in every combination of directions.
N_MOVED = 3
_RUNGS = tuple(rung / 20 for rung in range(1, 20))
# Values that do not go together are left out one at a time, and the model is asked again so often.
_MOST_MENDINGS = 5
# Far enough above the threshold that nobody would call it borderline, and still an ordinary refusal.
_CLEAR_REFUSAL = 2.0
_SIGNIFICANT_DIGITS = 3
_COUNT = "nombre"


@dataclass(frozen=True, slots=True)
class Sample:
    """A made-up applicant; `key` names it in the locales."""

    key: str
    application: Mapping[str, Value]


def make_samples(contract: Mapping[str, Any], form: Form, client: ScoringClient) -> tuple[Sample, ...]:
    """Return the applicants the page offers.

    Which application is typical, borderline or refused depends on the model, so the model is asked, once, about many
    variations of the one in the middle of everything. Where it cannot be asked, the latter is typical and the others
    are not offered.
    """
    found = _found(contract, form, client) or {TYPICAL: _as_entered(form, _applicant(contract, {}))}
    found[INCOMPLETE] = _with_gaps(contract, found[TYPICAL])
    return tuple(Sample(key, application) for key, application in found.items())


def _found(contract: Mapping[str, Any], form: Form, client: ScoringClient) -> dict[str, Application]:
    """Return the variations with the median probability, the threshold's, and a clear refusal's."""
    ladder = [_as_entered(form, application) for application in _variations(contract)]
    try:
        ladder, answer = _answered(contract, ladder, client)
    except FrontendError:
        return {}
    scored = [
        (application, row.default_probability)
        for application, row in zip(ladder, answer.rows, strict=True)
        if isinstance(row, Assessment) and not any(signal.code == INCOHERENT for signal in row.signals)
    ]
    median = quantile(contract["reference"]["probability"], MEDIAN, low=0.0, high=1.0)
    wanted = {TYPICAL: median, BORDERLINE: answer.threshold, REFUSED: _CLEAR_REFUSAL * answer.threshold}
    return {
        key: min(scored, key=lambda pair: abs(pair[1] - probability))[0]
        for key, probability in wanted.items()
        if scored
    }


def _answered(
    contract: Mapping[str, Any], ladder: list[Application], client: ScoringClient
) -> tuple[list[Application], BatchAnswer]:
    """Return the answers to the applications, without the values that the API says contradict others.

    Each input is usual by itself, which does not make all of them go together.
    """
    answer = client.score_batch(ladder)
    for _ in range(_MOST_MENDINGS):
        mended = [_mended(contract, one, row) for one, row in zip(ladder, answer.rows, strict=True)]
        if mended == ladder:
            break
        ladder, answer = mended, client.score_batch(mended)
    return ladder, answer


def _mended(contract: Mapping[str, Any], application: Application, row: RowAnswer) -> Application:
    """Declare absent what weighs least of the optional values that a refusal names."""
    if isinstance(row, Assessment):
        return application
    optional = {item["name"] for item in contract["inputs"] if not item["required"]}
    named = [one.field for one in row.problems if one.field in optional and application.get(one.field) is not None]
    if not named:
        return application
    lightest = min(named, key=contract["coverage"]["weights"].__getitem__)
    return {**application, lightest: None}


def _as_entered(form: Form, application: Application) -> Application:
    """Return the application as the form would send it: its numbers are those that people read there."""
    words = words_of("fr")
    return application_of(form, entries_of(form, application, words), words)


def _variations(contract: Mapping[str, Any]) -> Sequence[Application]:
    """Return the typical applicant with the strongest numbers at every rank, rising or falling."""
    weights, references = contract["coverage"]["weights"], contract["reference"]["inputs"]
    numbers = [
        item["name"]
        for item in contract["inputs"]
        # Amounts go together: moving one alone would make an application that nobody sends.
        if item["kind"] == "number" and item["unit"] != MONEY and item["name"] in references
    ]
    moved = sorted(numbers, key=lambda name: -weights[name])[:N_MOVED]
    return [
        _applicant(contract, {name: rung if rises else 1 - rung for name, rises in zip(moved, rising, strict=True)})
        for rising in product((True, False), repeat=len(moved))
        for rung in _RUNGS
    ]


def _with_gaps(contract: Mapping[str, Any], typical: Application) -> Application:
    """Declare absent what matters least until a person would have to look, but not so much that nobody is scored."""
    weights, floor = contract["coverage"]["weights"], contract["coverage"]["floor"]
    wanted = contract["review"]["coverage_below"]
    required = {item["name"] for item in contract["inputs"] if item["required"]}
    left = dict(typical)
    given = [name for name, value in typical.items() if value is not None]
    coverage = sum(weights[name] for name in given)
    for name in sorted(given, key=weights.__getitem__):
        if coverage < wanted:
            break
        if name not in required and coverage - weights[name] >= floor:
            coverage -= weights[name]
            left[name] = None
    return left


def _applicant(contract: Mapping[str, Any], ranks: Mapping[str, float]) -> Application:
    """Return the applicant with each input at its rank among the reference applications, the middle unless said."""
    references = contract["reference"]["inputs"]
    values = {item["name"]: _value(item, references.get(item["name"]), ranks) for item in contract["inputs"]}
    return {name: value for name, value in values.items() if value is not None}


def _value(item: Item, bins: Mapping[str, Any] | None, ranks: Mapping[str, float]) -> Value:
    if bins is None:
        return _without_reference(item)
    if not item["required"] and item["name"] not in ranks and bins["missing_share"] > USUALLY_ABSENT:
        return None
    if item["kind"] == "category":
        return most_frequent(bins)
    if bins["kind"] == "category":
        return int(float(most_frequent(bins)))
    low, high = usual_ends(item, bins)
    number = quantile(bins, ranks.get(item["name"], MEDIAN), low=low, high=high)
    if item["kind"] == "flag" or item["unit"] == _COUNT:
        return round(number)
    return _within_bounds(item, float(f"{number:.{_SIGNIFICANT_DIGITS}g}"))


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
