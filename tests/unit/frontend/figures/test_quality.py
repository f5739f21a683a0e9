"""What the model was measured to do, drawn."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from frontend.figures.quality import (
    N_IMPORTANT_FEATURES,
    calibration_figure,
    cost_figure,
    fairness_figure,
    importance_figure,
)
from frontend.wording.words import words_of
from tests.unit.frontend.readers import spaced, texts_of

if TYPE_CHECKING:
    from frontend.figures.chart import Theme


def test_costs_stand_beside_the_baselines(contract: dict[str, Any], theme: Theme) -> None:
    """Every baseline of the contract is drawn, known to the page or not."""
    figure = cost_figure(contract["quality"], theme=theme)

    assert texts_of(figure.spec) == ["Ce modèle : 0,500", "Tout accepter : 0,810", "autre_chose : 0,600"]


def test_only_the_strongest_features_are_drawn(theme: Theme) -> None:
    """A long list is cut, strongest first."""
    written = texts_of(importance_figure([(f"variable {rank}", rank / 1000) for rank in range(40)], theme=theme).spec)

    assert len(written) == N_IMPORTANT_FEATURES
    assert written[0].endswith("variable 39")


def test_calibration_counts_the_groups_it_keeps(evidence: dict[str, Any], theme: Theme) -> None:
    """How many predictions lie in their interval is said in words."""
    figure = calibration_figure(evidence["calibration"], theme=theme)

    assert re.search(r"en 10 groupes : (10|9|8) ont la prédiction", figure.alternative)


def test_a_group_too_small_to_judge_says_so(evidence: dict[str, Any], theme: Theme) -> None:
    """Its bar is no finding."""
    figure = fairness_figure(evidence["fairness"]["attributes"][0], theme=theme)

    assert [spaced(text) for text in texts_of(figure.spec)] == [
        "femmes : 20,0 %",
        "autres (trop petit pour conclure) : 20,0 %",
    ]


def test_names_and_values_are_set_as_the_language_sets_them(contract: dict[str, Any], theme: Theme) -> None:
    """A French colon stands apart, an English one does not."""
    english = replace(theme, words=words_of("en"))

    assert "Ce modèle : 0,500" in texts_of(cost_figure(contract["quality"], theme=theme).spec)
    assert "This model: 0.500" in texts_of(cost_figure(contract["quality"], theme=english).spec)
