"""Charts and their text alternatives."""

from __future__ import annotations

import json
from typing import Any

from frontend.answers import read_answer
from frontend.figures import N_IMPORTANT_FEATURES, cost_figure, importance_figure, reasons_figure, risk_figure

INK = "#000000"


def texts_of(spec: dict[str, Any]) -> list[str]:
    """Return every text that a chart writes."""
    charts = [spec, *(layer for layer in spec["layer"] if "data" in layer)]
    rows = [row for chart in charts for row in chart["data"]["values"]]
    return [str(row["text"]) for row in rows if "text" in row]


def test_risk_reads_without_colour(answer_body: dict[str, Any]) -> None:
    """Probability, threshold and both sides are written on the bar, and said in the alternative."""
    figure = risk_figure(read_answer(answer_body), (0.085, 0.095), ink=INK)

    written = " ".join(texts_of(figure.spec))
    assert all(word in written for word in ("12,3", "seuil 9,0", "accepté", "refusé"))
    assert "12,3" in figure.alternative


def test_a_certain_default_stays_on_the_scale(answer_body: dict[str, Any]) -> None:
    """The axis ends at one at the most, and never before the bar."""
    answer_body["probabilite_de_defaut"] = 1.0
    spec = risk_figure(read_answer(answer_body), (0.085, 0.095), ink=INK).spec

    assert spec["encoding"]["x"]["scale"]["domain"] == [0, 1.0]


def test_reasons_tell_their_direction_by_arrow_and_sign(answer_body: dict[str, Any]) -> None:
    """Direction is in the text, in the API's order; the alternative says it in words."""
    figure = reasons_figure(read_answer(answer_body).reasons, ink=INK)

    assert texts_of(figure.spec) == ["▲ +0,40  Score externe 1", "▼ −0,10  Âge"]
    assert "Âge diminue le risque" in figure.alternative


def test_no_reason_is_no_error() -> None:
    """A constant model has nothing to explain."""
    json.dumps(reasons_figure((), ink=INK).spec, allow_nan=False)


def test_costs_stand_beside_the_baselines(contract: dict[str, Any]) -> None:
    """Every baseline of the contract is drawn, known to the page or not."""
    figure = cost_figure(contract["quality"], ink=INK)

    assert texts_of(figure.spec) == ["Ce modèle : 0,500", "Tout accepter : 0,810", "autre_chose : 0,600"]


def test_only_the_strongest_features_are_drawn() -> None:
    """A long list is cut, strongest first."""
    figure = importance_figure([(f"variable {rank}", rank / 1000) for rank in range(40)], ink=INK)

    written = texts_of(figure.spec)
    assert len(written) == N_IMPORTANT_FEATURES
    assert written[0].endswith("variable 39")
