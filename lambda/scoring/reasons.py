"""Reasons in words: which variable, its value in its unit, and what it does to the risk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scoring.wording import Language, say_category, say_flag, say_text, say_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scoring.contract import Contract, Input
    from scoring.explanation import Contribution
    from scoring.features import Value


@dataclass(frozen=True, slots=True)
class Reason:
    """One principal reason, in the words of the contract.

    Attributes
    ----------
    value
        What the applicant has: the input's own value, or the derivation's.
    contribution
        Log-odds; positive raises the risk.
    """

    feature: str
    label: str
    value: Value
    contribution: float
    sentence: str


class Narrator:
    """Words reasons and values by the contract."""

    def __init__(self, contract: Contract) -> None:
        self._features = contract.features
        self._inputs = {item.name: item for item in contract.inputs}
        self._labels = {
            item.name: dict(zip(item.categories, item.category_labels, strict=True)) for item in contract.inputs
        }

    def reason(
        self, contribution: Contribution, application: Mapping[str, Value], row: np.ndarray, language: Language
    ) -> Reason:
        """Return one reason; `row` holds the model's columns, shape ``(n_features,)``."""
        feature = self._features[contribution.feature]
        template = say_text(feature.raises if contribution.value > 0 else feature.lowers, language)
        if feature.expression is None:
            item = self._inputs[feature.inputs[0]]
            value = application.get(item.name)
            said = self.say_input(item, value, language)
        else:
            derived = float(row[contribution.feature])
            value = None if np.isnan(derived) else derived
            said = say_value(value, feature.unit, language)
        label = say_text(feature.label, language)
        return Reason(feature.name, label, value, contribution.value, template.format(valeur=said))

    def say_input(self, item: Input, value: Value, language: Language) -> str:
        """Return the value of an input in words; what is absent is said as what its absence means."""
        if value is None:
            return say_text(item.missing, language)
        if isinstance(value, str):
            return say_category(say_text(self._labels[item.name][value], language), language)
        if item.kind == "flag":
            return say_flag(value, language)
        return say_value(value, item.unit, language)
