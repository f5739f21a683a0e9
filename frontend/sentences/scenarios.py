"""What is said of a scenario: how far it moves the probability, and where along an input the decision changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frontend.sentences.fields import say_value
from frontend.wording.numerals import telling_decimals

if TYPE_CHECKING:
    from frontend.applications.scenarios import ProbabilityCurve
    from frontend.wording.words import Words


def say_change(probability: float, before: float, words: Words) -> str:
    """Tell a difference of probabilities in points.

    >>> from frontend.wording.words import words_of
    >>> say_change(0.08, 0.12, words_of("fr"))
    '−4,0 pt'
    """
    if probability == before:
        return words("what_if.same")
    change = probability - before
    return words("what_if.points", points=words.signed(change * 100, telling_decimals(change, 0)))


def say_crossings(curve: ProbabilityCurve, words: Words) -> str:
    """Tell where along the curve the decision changes."""
    crossings = curve.crossings()
    if curve.field.kind == "number" and crossings:
        told = ", ".join(f"≈ {say_value(curve.field, value, words)}" for value in crossings)
        return words("what_if.curve_crossings", values=told)
    if curve.points and not crossings:
        refused = curve.refuses(curve.points[0][1])
        return words("what_if.curve_same.refuse" if refused else "what_if.curve_same.accepte")
    return ""
