"""What is said of a decision and of its reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frontend.api.answers import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frontend.api.answers import Answer, Reason
    from frontend.wording.words import Words

_PROPOSALS = {
    Outcome.GRANT: "decision.proposal_grant",
    Outcome.REVIEW: "decision.proposal_review",
    Outcome.REFUSE: "decision.proposal_refuse",
}
_BRIEFLY = {
    Outcome.GRANT: "decision.brief_grant",
    Outcome.REVIEW: "decision.brief_review",
    Outcome.REFUSE: "decision.brief_refuse",
}


def say_proposal(proposal: Outcome, words: Words) -> str:
    """Return what is proposed, as a title."""
    return words(_PROPOSALS[proposal])


def say_proposal_briefly(proposal: Outcome, words: Words) -> str:
    """Return what is proposed, under a heading that says that it is a proposal."""
    return words(_BRIEFLY[proposal])


def say_range(probability_range: tuple[float, float], words: Words) -> str:
    """Tell between which probabilities the answer lies while something is unknown."""
    low, high = (words.percent(end) for end in probability_range)
    return words("decision.range", low=low, high=high)


def say_decision_briefly(*, refused: bool, words: Words) -> str:
    """Return the decision in one word."""
    return words("decision.refused_short" if refused else "decision.accepted_short")


def say_probability(answer: Answer, words: Words) -> str:
    """Tell the probability against the threshold, with decimals enough to see the difference."""
    probability, threshold = words.percents_apart(answer.default_probability, answer.threshold)
    return words("decision.above" if answer.refused else "decision.below", probability=probability, threshold=threshold)


def say_reason(reason: Reason, words: Words) -> str:
    """Return a reason and, where it raises the risk, what would be better."""
    return (
        reason.sentence
        if reason.better is None
        else words("decision.better", why=reason.sentence, better=reason.better)
    )


def say_threshold(threshold: float, words: Words) -> str:
    """Return the label of a threshold in a figure."""
    return words("decision.threshold", threshold=words.percent(threshold))


def say_band(band: Sequence[float], words: Words) -> str:
    """Tell what the grey band of the figure is."""
    low, high = (words.percent(bound) for bound in band)
    return words("decision.band", low=low, high=high)


def say_step(label: str, contribution: float, words: Words) -> str:
    """Return one step of the waterfall; arrow and sign tell its direction without colour."""
    arrow = "▲" if contribution > 0 else "▼"
    return f"{arrow} {words.signed(contribution, 2)}  {label}"


def say_direction(label: str, contribution: float, words: Words) -> str:
    """Tell whether something raises or lowers the risk."""
    return words("decision.raises" if contribution > 0 else "decision.lowers", label=label)
