"""What is said of an answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from frontend.wording.numerals import NARROW_SPACE, telling_decimals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frontend.api.answers import Answer, Reason
    from frontend.applications.form import Form
    from frontend.applications.standing import Standing
    from frontend.wording.words import Words

from frontend.sentences.fields import say_label, say_value


def say_connection(address: str, words: Words) -> str:
    """Tell where the answers come from."""
    return words("page.remote", address=address) if address else words("page.local")


def say_decision(*, refused: bool, words: Words) -> str:
    """Return the decision in two words."""
    return words("decision.refused" if refused else "decision.accepted")


def say_decision_briefly(*, refused: bool, words: Words) -> str:
    """Return the decision in one word."""
    return words("decision.refused_short" if refused else "decision.accepted_short")


def say_comparison(answer: Answer, words: Words) -> str:
    """Tell the probability against the threshold, with decimals enough to see the difference."""
    decimals = telling_decimals(answer.default_probability, answer.threshold)
    return words(
        "decision.above" if answer.refused else "decision.below",
        probability=words.percent(answer.default_probability, decimals),
        threshold=words.percent(answer.threshold, decimals),
    )


def say_band(band: Sequence[float], words: Words) -> str:
    """Tell what the grey band of the figure is."""
    low, high = (words.percent(bound) for bound in band)
    return words("decision.band", low=low, high=high)


def say_change(probability: float, before: float, words: Words) -> str:
    """Tell a difference of probabilities in points.

    >>> from frontend.wording.words import words_of
    >>> say_change(0.08, 0.12, words_of("fr"))
    '−4,0 pt'
    """
    if probability == before:
        return words("what_if.same")
    points = (probability - before) * 100
    told = words.fixed(abs(points), telling_decimals(probability - before, 0))
    return words("what_if.points", sign="+" if points > 0 else "−", points=told)


def say_reason_heading(reason: Reason, words: Words) -> str:
    """Return the short form of a reason; arrow and sign tell its direction without colour."""
    return say_step(reason.label, reason.contribution, words)


def say_step(label: str, contribution: float, words: Words) -> str:
    """Return one step of the waterfall."""
    arrow, sign = ("▲", "+") if contribution > 0 else ("▼", "−")
    return f"{arrow} {sign}{words.fixed(abs(contribution), 2)}  {label}"


def say_direction(label: str, contribution: float, words: Words) -> str:
    """Tell whether something raises or lowers the risk."""
    return words("decision.raises" if contribution > 0 else "decision.lowers", label=label)


def say_standing(standing: Standing, form: Form, words: Words) -> str:
    """Tell where a value stands; a number that the form counts backwards is ranked backwards."""
    field = form.field(standing.name)
    if field is None:
        return standing.name
    label, value = say_label(field, words), say_value(field, standing.value, words)
    if standing.value is None:
        return words("decision.position_unknown", label=label, share=words.percent(standing.missing_share, 0))
    if standing.same is not None:
        return words("decision.position_same", label=label, value=value, share=words.percent(standing.same, 0))
    rank = shown_rank(standing, form)
    if rank is None:
        return words.pair(label, value)
    return words("decision.position_at", label=label, value=value, share=words.percent(rank, 0))


def shown_rank(standing: Standing, form: Form) -> float | None:
    """Return the share of applications below a value, as the form counts it."""
    field = form.field(standing.name)
    if standing.below is None or field is None:
        return None
    return 1 - standing.below if field.scale.factor < 0 else standing.below


def say_instant(iso: str, words: Words) -> str:
    """Return a moment of ISO 8601 as a date and a time.

    >>> from frontend.wording.words import words_of
    >>> say_instant("2026-11-21T05:42:12+00:00", words_of("fr"))
    '21/11/2026 à 05:42:12 UTC'
    """
    try:
        moment = datetime.fromisoformat(iso).astimezone(UTC)
    except ValueError:
        return iso
    return words("decision.at", date=moment.strftime(words("decision.date_format")), time=f"{moment:%H:%M:%S}")


def say_milliseconds(duration: float, words: Words) -> str:
    """Return a duration."""
    return f"{words.number(duration, 1)}{NARROW_SPACE}ms"
