"""The form, from the contract: which fields, in which order, in which units, and back to what the API reads."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frontend.wording.words import Words

type Value = float | int | str | None
type Text = Mapping[str, str]

N_PRINCIPAL_FIELDS = 12
DAYS_A_YEAR = 365.25
# From two years on, people count in years.
LONG_DAYS = 730
MONEY = "monnaie"
MARKS = {"note", "rang", "retard"}
_PERCENT = {"part", "points d’écart"}
_WITHOUT_UNIT = {"nombre", "ratio", "indice", "oui ou non"}


@dataclass(frozen=True, slots=True)
class Scale:
    """How a number of the contract is shown: ``shown = raw * factor``.

    Attributes
    ----------
    unit
        Unit it is shown in, as the locales know it; empty when it has none.
    before
        True for a moment, counted backwards from the application.
    top
        Both ends of a scale of marks, as the contract writes them (``0–1``).
    sign
        What follows an amount: the contract's currency, in French and in English.
    counted
        True for a number of things.
    """

    factor: float
    unit: str
    decimals: int
    whole: bool = False
    before: bool = False
    top: str = ""
    counted: bool = False
    sign: Text | None = None

    def show(self, raw: float) -> float:
        """Return a raw number as people count it."""
        return raw * self.factor

    def raw(self, shown: float) -> float:
        """Return what the contract counts; days are whole."""
        number = shown / self.factor
        return (round(number) if self.whole else number) or 0


@dataclass(frozen=True, slots=True)
class FormField:
    """One input of the contract, as the form asks for it.

    Attributes
    ----------
    label, missing, category_labels
        In French and in English.
    minimum, maximum, usual_low, usual_high
        As shown, in the unit of `scale`; None where the contract has none.
    importance
        Share of the model's importance that comes from this input: its weight in the coverage.
    """

    name: str
    table: str
    kind: str
    label: Text
    required: bool
    missing: Text
    category_labels: Mapping[str, Text]
    scale: Scale
    minimum: float | None
    maximum: float | None
    usual_low: float | None
    usual_high: float | None
    importance: float

    def to_contract(self, entry: Value, words: Words) -> Value:
        """Return what is sent for an entry: text that is not a number goes as it is, for the API to refuse."""
        if entry is None or entry == "":
            return None
        if self.kind != "number" or not isinstance(entry, str):
            return entry
        shown = self._read(entry, words)
        return entry if shown is None else self.scale.raw(shown)

    def _read(self, entry: str, words: Words) -> float | None:
        """Return the number somebody wrote, with or without the currency."""
        sign = self.scale.sign
        return words.read(entry if sign is None else entry.strip().removesuffix(words.of(sign)))

    def to_entry(self, value: Value, words: Words) -> Value:
        """Return what the form shows for a value of the contract."""
        if self.kind != "number":
            return value
        if value is None:
            return ""
        return value if isinstance(value, str) else words.number(self.scale.show(value), self.scale.decimals)

    def tidy(self, entry: Value, words: Words) -> Value:
        """Return an entry as the form would have written it."""
        if self.kind != "number" or not isinstance(entry, str):
            return entry
        shown = self._read(entry, words)
        # Three decimals more than usual: tidying must not change what is sent.
        return entry if shown is None else words.number(shown, self.scale.decimals + 3)


@dataclass(frozen=True, slots=True)
class Form:
    """All fields: the principal ones in the contract's order, the others by table."""

    principal: tuple[FormField, ...]
    others: Mapping[str, tuple[FormField, ...]]

    @property
    def fields(self) -> tuple[FormField, ...]:
        """Every field, principal ones first."""
        return self.principal + tuple(field for group in self.others.values() for field in group)

    def field(self, name: str) -> FormField | None:
        """Return the field of an input."""
        return next((field for field in self.fields if field.name == name), None)


def read_form(contract: Mapping[str, Any], *, n_principal: int = N_PRINCIPAL_FIELDS) -> Form:
    """Return the form of a contract; an input that is required is never hidden among the others."""
    weights = contract["coverage"]["weights"]
    counted = durations_by_input(contract)
    sign = contract["conventions"]["currency"]
    fields = [
        _field(item, weights[item["name"]], counted.get(item["name"], {}).get("label"), sign)
        for item in contract["inputs"]
    ]
    strongest = sorted(fields, key=lambda field: (-field.required, -field.importance))[:n_principal]
    shown = {field.name for field in strongest}
    # Income, credit, goods … read best in the order the data has them; importance chose which come first.
    principal = tuple(field for field in fields if field.name in shown)
    others: dict[str, tuple[FormField, ...]] = {}
    for field in fields:
        if field.name not in shown:
            others[field.table] = (*others.get(field.table, ()), field)
    return Form(principal, others)


def application_of(form: Form, entries: Mapping[str, Value], words: Words) -> dict[str, Value]:
    """Return the application to send; a required field left empty is left out, so that the API asks for it."""
    values = {field.name: field.to_contract(entries.get(field.name), words) for field in form.fields}
    required = {field.name for field in form.fields if field.required}
    return {name: value for name, value in values.items() if value is not None or name not in required}


def entries_of(form: Form, application: Mapping[str, Value], words: Words) -> dict[str, Value]:
    """Return what the form shows for an application; absent values are unknown."""
    return {field.name: field.to_entry(application.get(field.name), words) for field in form.fields}


def durations_by_input(contract: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the features that are one input in years, by input: people give their age, not their days since birth."""
    return {
        feature["inputs"][0]: feature
        for feature in contract["features"]
        if len(feature["inputs"]) == 1 and feature["unit"] == "ans" and feature["name"] != feature["inputs"][0]
    }


def as_in_contract(item: Mapping[str, Any]) -> FormField:
    """Return an input as a file has it: counted and bounded as the contract does."""
    plain = _field({**item, "unit": ""}, 0.0)
    return replace(plain, scale=Scale(1, "", 3))


def _field(
    item: Mapping[str, Any], importance: float, better_label: Text | None = None, sign: Text | None = None
) -> FormField:
    scale = scale_of(item, sign)
    if better_label and scale.unit == "ans":
        # The label of a duration says what is counted; only that of a date needs "before the application".
        scale = Scale(scale.factor, scale.unit, scale.decimals, scale.whole)
    minimum, maximum = _shown_range(scale, item["minimum"], item["maximum"])
    usual_low, usual_high = _shown_range(scale, item["usual_low"], item["usual_high"])
    return FormField(
        name=item["name"],
        table=item["table"],
        kind=item["kind"],
        label=better_label or item["label"],
        required=item["required"],
        missing=item["missing"],
        category_labels=dict(zip(item["categories"], item["category_labels"], strict=True)),
        scale=scale,
        minimum=minimum,
        maximum=maximum,
        usual_low=usual_low,
        usual_high=usual_high,
        importance=importance,
    )


def scale_of(item: Mapping[str, Any], sign: Text | None = None) -> Scale:
    """Return how an input is shown: days and months before the application as positive, long ones in years.

    A share is shown in percent, an amount with the currency's `sign`.
    """
    unit = str(item["unit"])
    if unit in {"jours", "mois"}:
        return _scale_of_time(item, unit)
    if unit == MONEY:
        return Scale(1, unit, 2, sign=sign)
    if unit in _PERCENT:
        return Scale(100, unit, 1)
    mark, _, ends = unit.partition(" ")
    if mark in MARKS:
        return Scale(1, mark, 3, top=ends)
    return Scale(1, "" if unit in _WITHOUT_UNIT else unit, 3, counted=unit == "nombre")


def _scale_of_time(item: Mapping[str, Any], unit: str) -> Scale:
    before = item["maximum"] is not None and item["maximum"] <= 0
    towards = -1 if before else 1
    usual = [abs(bound) for bound in (item["usual_low"], item["usual_high"]) if bound is not None]
    if unit == "jours" and max(usual, default=0) >= LONG_DAYS:
        return Scale(towards / DAYS_A_YEAR, "ans", 1, whole=True, before=before)
    return Scale(towards, unit, 1, before=before)


def _shown_range(scale: Scale, low: float | None, high: float | None) -> tuple[float | None, float | None]:
    """Return two bounds as shown, in rising order and rounded inwards: what the help says is allowed is allowed."""
    if scale.factor < 0:
        low, high = high, low
    step = 10**scale.decimals
    return (
        None if low is None else math.ceil(round(scale.show(low) * step, 6)) / step,
        None if high is None else math.floor(round(scale.show(high) * step, 6)) / step,
    )
