"""Charts and their text alternatives."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from frontend.api.answers import read_answer
from frontend.applications.form import read_form
from frontend.applications.simulator import cheapest, everybody, simulate
from frontend.applications.standing import standings
from frontend.figures.curves import Curve, crossings, curve_figure, say_crossings
from frontend.figures.policy import cost_curve, segment_figure, sensitivity_figure
from frontend.figures.quality import (
    N_IMPORTANT_FEATURES,
    calibration_figure,
    cost_figure,
    fairness_figure,
    importance_figure,
)
from frontend.figures.reasons import standing_figure, waterfall
from frontend.figures.risk import gauge, histogram
from frontend.views.drawing import DARK, LIGHT
from frontend.wording.words import words_of

if TYPE_CHECKING:
    from frontend.figures.chart import Figure, Pen, Spec

BAND = (0.085, 0.095)


def texts_of(spec: Spec) -> list[str]:
    """Return every text that a chart writes."""
    charts = [spec, *(layer for layer in spec["layer"] if "data" in layer)]
    rows = [row for chart in charts for row in chart["data"]["values"]]
    return [str(row["text"]) for row in rows if "text" in row]


def a_gauge(probability: float, pen: Pen) -> Figure:
    """Return the gauge of a probability."""
    return gauge(probability, 0.09, BAND, alternative="dit", refused=probability >= 0.09, pen=pen)


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.1)."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.1)."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("ink", "paper"), [LIGHT, DARK])
def test_text_and_marks_stand_out_in_both_themes(ink: str, paper: str) -> None:
    """WCAG AA: 4.5 to 1 for text, 3 to 1 for marks that carry meaning."""
    from frontend.figures.chart import LOWERS_RISK, RAISES_RISK, REVIEW  # noqa: PLC0415  read where they are judged

    assert contrast(ink, paper) >= 4.5
    assert all(contrast(mark, paper) >= 3 for mark in (LOWERS_RISK, RAISES_RISK, REVIEW))


def test_risk_reads_without_colour(pen: Pen) -> None:
    """Probability, threshold and both sides are written on the bar."""
    written = " ".join(texts_of(a_gauge(0.123, pen).spec))

    assert all(word in written for word in ("12,3", "seuil 9,0", "accepté", "refusé"))


def test_a_certain_default_stays_on_the_scale(pen: Pen) -> None:
    """The axis ends at one at the most, and never before the bar."""
    assert a_gauge(1.0, pen).spec["encoding"]["x"]["scale"]["domain"] == [0, 1.0]


def test_numbers_on_axes_are_written_in_the_language(pen: Pen) -> None:
    """Ticks have the reader's decimal mark and the space before the percent sign."""
    number = a_gauge(0.1, pen).spec["config"]["locale"]["number"]

    assert (number["decimal"], number["percent"]) == (",", "\u202f%")


def test_no_mark_speaks_for_itself(pen: Pen) -> None:
    """A screen reader hears the figure's sentence, not fifty rectangles."""
    assert all(layer["mark"]["aria"] is False for layer in a_gauge(0.1, pen).spec["layer"])


def test_the_waterfall_goes_from_the_average_to_this_application(answer_body: dict[str, Any], pen: Pen) -> None:
    """Each bar starts where the one before it ended, and the last ends at the margin."""
    answer = read_answer(answer_body)

    figure = waterfall(answer, pen=pen)

    bars = [row for row in figure.spec["data"]["values"] if "stop" in row]
    assert [bar["start"] for bar in bars] == pytest.approx([answer.base_value, -2.1, -2.2])
    assert bars[-1]["stop"] == pytest.approx(answer.margin)
    assert "Âge diminue le risque" in figure.alternative


def test_steps_tell_their_direction_by_arrow_and_sign(answer_body: dict[str, Any], pen: Pen) -> None:
    """Direction is in the text, in the API's order."""
    written = texts_of(waterfall(read_answer(answer_body), pen=pen).spec)

    steps = [text for text in written if text[0] in "▲▼"]
    assert steps == ["▲ +0,40  Score externe 1", "▼ −0,10  Âge", "▲ +0,24  Autres données"]


def test_no_reason_is_no_error(answer_body: dict[str, Any], pen: Pen) -> None:
    """A constant model has nothing to explain."""
    answer_body |= {"explications_locales": [], "autres_contributions": None, "marge": -2.5}

    spec = waterfall(read_answer(answer_body), pen=pen).spec

    json.dumps(spec, allow_nan=False)
    assert [text for text in texts_of(spec) if text[0] in "▲▼"] == []


def test_standings_are_marks_or_shares(contract: dict[str, Any], pen: Pen) -> None:
    """A number has its rank, a category its share, and an unknown says so."""
    application = {"AMT_CREDIT": 300_000.0, "NAME_JOB": "Working"}

    figure = standing_figure(standings(contract, application), read_form(contract), pen=pen)

    rows = {row["text"].partition(" :")[0]: row for row in figure.spec["data"]["values"]}
    assert rows["Montant du crédit"]["at"] == pytest.approx(0.5)
    assert rows["NAME_JOB".lower()]["same"] == pytest.approx(0.7)
    assert "inconnu" in figure.alternative


@pytest.mark.parametrize("threshold", [0.09, 0.1, 1 / 11])
def test_no_bar_holds_both_accepted_and_refused(pen: Pen, threshold: float) -> None:
    """The threshold is an edge, and every application is in one bar."""
    probabilities = [0.0, threshold - 1e-12, threshold, threshold + 1e-12, 0.4, 1.0]

    rows = histogram(probabilities, threshold, pen=pen).spec["data"]["values"]

    assert sum(row["n"] for row in rows) == len(probabilities)
    assert sum(row["n"] for row in rows if row["start"] < threshold - 1e-9) == 2


def test_a_batch_of_the_safe_has_a_histogram_too(pen: Pen) -> None:
    """No application at the threshold is no error."""
    assert "0,0" in histogram([0.01, 0.02], 0.09, pen=pen).alternative


def a_curve(contract: dict[str, Any], name: str, points: list[tuple[Any, float]], here: Any) -> Curve:  # noqa: ANN401  a value of the contract
    """Return a curve along an input, which started from where it is."""
    field = read_form(contract).field(name)
    assert field is not None
    return Curve(field, points, 0.09, BAND, here, here)


def test_a_curve_is_drawn_in_the_units_of_the_form(contract: dict[str, Any], pen: Pen) -> None:
    """Days before the application become years, from young to old."""
    curve = a_curve(contract, "DAYS_BIRTH", [(-20_000.0, 0.05), (-10_000.0, 0.12)], -10_000.0)

    figure = curve_figure(curve, pen=pen)

    assert [round(row["x"], 1) for row in figure.spec["data"]["values"]] == [27.4, 54.8]
    assert "12,0" in figure.alternative


def test_a_curve_says_where_the_decision_changes(contract: dict[str, Any], pen: Pen) -> None:
    """The first value on the other side; where there is none, that."""
    curve = a_curve(contract, "EXT_SOURCE_1", [(0.1, 0.2), (0.5, 0.08), (0.9, 0.07)], 0.1)

    assert crossings(curve) == [0.5]
    assert "0,5" in say_crossings(curve, pen)
    flat = a_curve(contract, "EXT_SOURCE_1", [(0.1, 0.2), (0.5, 0.18)], 0.1)
    assert say_crossings(flat, pen) == pen.words("what_if.curve_same.refuse")


def test_categories_are_bars_with_their_decision(contract: dict[str, Any], pen: Pen) -> None:
    """The scenario's own is marked by a sign, not by a colour."""
    figure = curve_figure(a_curve(contract, "NAME_JOB", [("Working", 0.08), ("Pensioner", 0.1)], "Working"), pen=pen)

    assert texts_of(figure.spec)[0].replace("\u202f", " ") == "● salarié : 8,0 %, accepté"


def test_costs_stand_beside_the_baselines(contract: dict[str, Any], pen: Pen) -> None:
    """Every baseline of the contract is drawn, known to the page or not."""
    figure = cost_figure(contract["quality"], pen=pen)

    assert texts_of(figure.spec) == ["Ce modèle : 0,500", "Tout accepter : 0,810", "autre_chose : 0,600"]


def test_only_the_strongest_features_are_drawn(pen: Pen) -> None:
    """A long list is cut, strongest first."""
    written = texts_of(importance_figure([(f"variable {rank}", rank / 1000) for rank in range(40)], pen=pen).spec)

    assert len(written) == N_IMPORTANT_FEATURES
    assert written[0].endswith("variable 39")


def test_calibration_counts_the_groups_it_keeps(evidence: dict[str, Any], pen: Pen) -> None:
    """How many predictions lie in their interval is said in words."""
    figure = calibration_figure(evidence["calibration"], pen=pen)

    assert re.search(r"en 10 groupes : (10|9|8) ont la prédiction", figure.alternative)


def test_a_group_too_small_to_judge_says_so(evidence: dict[str, Any], pen: Pen) -> None:
    """Its bar is no finding."""
    figure = fairness_figure(evidence["fairness"]["attributes"][0], pen=pen)

    assert [text.replace("\u202f", " ") for text in texts_of(figure.spec)] == [
        "femmes : 20,0 %",
        "autres (trop petit pour conclure) : 20,0 %",
    ]


def test_the_cost_curve_names_its_least(evidence: dict[str, Any], pen: Pen) -> None:
    """The best threshold and the simulated one are said with their costs; intervals only where they belong."""
    simulator = evidence["simulator"]
    policies = simulate(everybody(simulator), simulator["edges"], false_negative_cost=10, false_positive_cost=1)
    best = cheapest(policies)

    figure = cost_curve(policies, (), chosen=policies[0], best=best, pen=pen)

    assert pen.words.percent(best.threshold) in figure.alternative
    assert figure.spec["layer"][0]["data"]["values"] == []


def test_segments_and_ratios_are_told(evidence: dict[str, Any], pen: Pen) -> None:
    """Their charts have sentences with their figures."""
    simulator = evidence["simulator"]
    policy = simulate(everybody(simulator), simulator["edges"], false_negative_cost=10, false_positive_cost=1)[8]

    segments = segment_figure([("salarié", policy)], "Métier", pen=pen)
    ratios = sensitivity_figure(evidence["ratios"], 0.09, pen=pen)

    assert f"salarié : {pen.words.percent(policy.refusal_rate)}" in segments.alternative
    assert "10 → 9,1" in ratios.alternative


def test_names_and_values_are_set_as_the_language_sets_them(contract: dict[str, Any], pen: Pen) -> None:
    """A French colon stands apart, an English one does not."""
    english = replace(pen, words=words_of("en"))

    assert "Ce modèle : 0,500" in texts_of(cost_figure(contract["quality"], pen=pen).spec)
    assert "This model: 0.500" in texts_of(cost_figure(contract["quality"], pen=english).spec)
