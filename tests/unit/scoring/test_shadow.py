"""The shadow: asked for its share, within its time, and never heard by anybody but the log."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from scoring.shadow import Shadow

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scoring.features import Value
    from scoring.service import ScoringService

LONG = 1e6
BUDGET = 0.15


@pytest.fixture
def shadow(linear_bundle_dir: Path) -> Shadow:
    """Return the regression in the shadow of the trees, asked for every request."""
    return Shadow.open(linear_bundle_dir, share=1.0, budget=BUDGET)


def test_challenger_says_its_word_to_the_log(
    shadow: Shadow, service: ScoringService, linear_service: ScoringService, request_of: Callable[..., dict[str, Value]]
) -> None:
    """Decision, agreement and distance are those of the challenger asked by itself."""
    application = request_of()
    scored = service.score(application)
    told = shadow.ask("r", application, scored, answer_ms=LONG)
    alone = linear_service.score(application)

    assert told is not None
    assert (told["classe"], told["classe_ombre"]) == (scored.decision.value, alone.decision.value)
    assert told["accord"] == (scored.decision is alone.decision)
    assert told["ecart_de_probabilite"] == round(alone.default_probability - scored.default_probability, 6)


def test_slow_challenger_is_left_out_and_tried_again(
    shadow: Shadow, service: ScoringService, request_of: Callable[..., dict[str, Value]]
) -> None:
    """It takes no more than its share of an answer; tried again, it is in no answer of the slowest hundredth."""
    application = request_of()
    scored = service.score(application)
    shadow.estimate_ms = 1e9
    answers = [shadow.ask(str(number), application, scored, answer_ms=40.0) for number in range(300)]
    asked = [place for place, one in enumerate(answers) if one is not None]

    assert asked[0] >= 100
    assert answers[asked[0]]["laissees"] == asked[0]  # type: ignore[index]
    assert asked[1] == asked[0] + 1, "one slow moment is forgotten"
    shadow.estimate_ms = 41.0
    assert shadow.ask("r", application, scored, answer_ms=40.0) is None


def test_challenger_that_is_always_slow_is_next_to_never_asked(
    shadow: Shadow,
    service: ScoringService,
    request_of: Callable[..., dict[str, Value]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Three times over its budget each time, it stays out of the slowest hundredth of the answers."""
    application = request_of()
    scored = service.score(application)
    monkeypatch.setattr("scoring.shadow._timed", lambda *_: (0.5, 3 * BUDGET * 10.0))
    answers = [shadow.ask(str(number), application, scored, answer_ms=10.0) for number in range(2000)]

    assert sum(one is not None for one in answers[1:]) < len(answers) / 100


def test_quick_answer_has_time_for_it_among_slower_ones(
    shadow: Shadow, service: ScoringService, request_of: Callable[..., dict[str, Value]]
) -> None:
    """What keeps an answer within nine in ten of the last is no delay that the slow end would show."""
    application = request_of()
    scored = service.score(application)
    shadow.estimate_ms, shadow.share = 5.0, 0.0
    for _ in range(100):
        shadow.ask("r", application, scored, answer_ms=20.0)
    shadow.share = 1.0

    assert shadow.ask("quick", application, scored, answer_ms=10.0) is not None
    shadow.estimate_ms = 5.0
    assert shadow.ask("slow", application, scored, answer_ms=19.0) is None


def test_challenger_that_fails_is_a_word_in_the_log(
    shadow: Shadow, service: ScoringService, request_of: Callable[..., dict[str, Value]]
) -> None:
    """A category that it does not know is no failure of the request, and no value is told."""
    told = shadow.ask("r", request_of(OCCUPATION_TYPE="Astronaut"), service.score(request_of()), answer_ms=LONG)

    assert told is not None
    assert told["erreur"] == "KeyError"
    assert "Astronaut" not in json.dumps(told)


def test_share_of_none_asks_nobody(
    linear_bundle_dir: Path, service: ScoringService, request_of: Callable[..., dict[str, Value]]
) -> None:
    """Without a share the challenger is silent."""
    shadow = Shadow.open(linear_bundle_dir, share=0.0, budget=BUDGET)

    assert shadow.ask("r", request_of(), service.score(request_of()), answer_ms=LONG) is None
