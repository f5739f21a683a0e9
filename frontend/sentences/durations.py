"""Reasons as people count: a date and the years since are one reason, told as the duration it is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from frontend.api.answers import Reason
from frontend.applications.form import durations_by_input
from frontend.sentences.fields import say_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frontend.api.answers import Answer
    from frontend.applications.form import Form, Value
    from frontend.wording.words import Words


def as_durations(
    answer: Answer, contract: Mapping[str, Any], form: Form, application: Mapping[str, Value], words: Words
) -> Answer:
    """Return the answer with each date that the contract also counts in years told as that, for instance an age.

    Where the model reads both, their contributions are added: the sum of all reasons stays what it was.
    """
    reasons = {reason.feature: reason for reason in answer.reasons}
    for name, duration in durations_by_input(contract).items():
        field = form.field(name)
        if name not in reasons or field is None:
            continue
        parts = [reasons.pop(one) for one in (name, duration["name"]) if one in reasons]
        contribution = sum(part.contribution for part in parts)
        template = words.of(duration["raises" if contribution > 0 else "lowers"])
        told = template.format(valeur=say_value(field, application.get(name), words))
        reasons[name] = Reason(duration["name"], words.of(duration["label"]), contribution, told)
    return replace(answer, reasons=tuple(sorted(reasons.values(), key=lambda one: -abs(one.contribution))))


def importance_by_label(contract: Mapping[str, Any], words: Words) -> list[tuple[str, float]]:
    """Return labels with their share of the importance, a date under the duration that the contract counts it in."""
    counted = durations_by_input(contract)
    shares: dict[str, float] = {}
    for feature in contract["features"]:
        label = words.of(counted.get(feature["name"], feature)["label"])
        shares[label] = shares.get(label, 0.0) + feature["importance"]
    return list(shares.items())
