"""When a person should decide, and the words for it."""

from __future__ import annotations

import pytest

from scoring.contract import ReviewPolicy
from scoring.decision import DecisionCosts, DecisionRule
from scoring.review import Reviewer, ReviewMotive, Seen, say_motive

POLICY = ReviewPolicy(coverage_below=0.5, unusual_above=1, shares={}, method="given")
RULE = DecisionRule(0.1, DecisionCosts(10, 1), (0.08, 0.12), "contrat")
CLEAR = {"default_probability": 0.3, "coverage": 0.9, "n_unusual": 0, "n_incoherent": 0, "has_rare": False}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ()),
        ({"default_probability": 0.1}, (ReviewMotive.CLOSE,)),
        ({"coverage": 0.4999}, (ReviewMotive.INCOMPLETE,)),
        ({"coverage": 0.5, "n_unusual": 1}, ()),
        ({"n_unusual": 2}, (ReviewMotive.UNUSUAL,)),
        ({"n_incoherent": 1}, (ReviewMotive.INCOHERENT,)),
        ({"has_rare": True}, (ReviewMotive.RARE,)),
        ({"hinges": True}, (ReviewMotive.UNKNOWN,)),
        (
            {
                "default_probability": 0.12,
                "coverage": 0.1,
                "n_unusual": 9,
                "n_incoherent": 2,
                "has_rare": True,
                "hinges": True,
            },
            tuple(ReviewMotive),
        ),
    ],
)
def test_every_motive_is_found_where_it_holds(changes: dict[str, float], expected: tuple[ReviewMotive, ...]) -> None:
    """They are independent of one another, and all that hold are told."""
    assert expected == Reviewer(POLICY, RULE).motives(Seen(**(CLEAR | changes)))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_motive_has_its_sentence(language: str) -> None:
    """As many sentences as motives."""
    told = {say_motive(motive, language) for motive in ReviewMotive}

    assert len(told) == len(ReviewMotive)
    assert all(sentence.endswith(".") for sentence in told)
