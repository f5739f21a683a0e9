"""What is said of where a value stands among the reference applications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frontend.sentences.fields import say_label, say_value

if TYPE_CHECKING:
    from frontend.applications.form import Form
    from frontend.applications.reference import Position
    from frontend.wording.words import Words


def say_position(position: Position, form: Form, words: Words) -> str:
    """Tell where a value stands; a number that the form counts backwards is ranked backwards."""
    field = form.field(position.name)
    if field is None:
        return position.name
    label, value = say_label(field, words), say_value(field, position.value, words)
    if position.value is None:
        return words("decision.position_unknown", label=label, share=words.percent(position.missing_share, 0))
    if position.same is not None:
        return words("decision.position_same", label=label, value=value, share=words.percent(position.same, 0))
    rank = shown_rank(position, form)
    if rank is None:
        return words.pair(label, value)
    return words("decision.position_at", label=label, value=value, share=words.percent(rank, 0))


def shown_rank(position: Position, form: Form) -> float | None:
    """Return the share of applications below a value, as the form counts it."""
    field = form.field(position.name)
    if position.below is None or field is None:
        return None
    return 1 - position.below if field.scale.factor < 0 else position.below
