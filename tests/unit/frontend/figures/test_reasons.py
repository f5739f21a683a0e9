"""From the average applicant to this one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from frontend.api.answers import read_answer
from frontend.figures.reasons import waterfall
from tests.unit.frontend.readers import texts_of

if TYPE_CHECKING:
    from frontend.figures.chart import Theme


def test_the_waterfall_goes_from_the_average_to_this_application(answer_body: dict[str, Any], theme: Theme) -> None:
    """Each bar starts where the one before it ended, and the last ends at the margin."""
    answer = read_answer(answer_body)

    figure = waterfall(answer, theme=theme)

    bars = [row for row in figure.spec["data"]["values"] if "stop" in row]
    assert [bar["start"] for bar in bars] == pytest.approx([answer.base_value, -2.1, -2.2])
    assert bars[-1]["stop"] == pytest.approx(answer.margin)
    assert "Âge diminue le risque" in figure.alternative


def test_steps_tell_their_direction_by_arrow_and_sign(answer_body: dict[str, Any], theme: Theme) -> None:
    """Direction is in the text, in the API's order."""
    written = texts_of(waterfall(read_answer(answer_body), theme=theme).spec)

    steps = [text for text in written if text[0] in "▲▼"]
    assert steps == ["▲ +0,40  Scores externes", "▼ −0,10  Âge", "▲ +0,24  Autres thèmes"]


def test_no_reason_is_no_error(answer_body: dict[str, Any], theme: Theme) -> None:
    """A constant model has nothing to explain."""
    answer_body |= {"explications_locales": [], "elements_favorables": [], "autres_contributions": None, "marge": -2.5}

    spec = waterfall(read_answer(answer_body), theme=theme).spec

    json.dumps(spec, allow_nan=False)
    assert [text for text in texts_of(spec) if text[0] in "▲▼"] == []
