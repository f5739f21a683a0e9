"""Explanations: exact, chosen by rule, and honest about what LIME says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.builders.judged import as_table
from training.explanations.cases import Case, application_of, choose_cases
from training.explanations.figures import MOST_SHOWN
from training.explanations.overall import Explained, explain_overall, permutation_importance
from training.explanations.report import Report, make_report

if TYPE_CHECKING:
    import pyarrow as pa

    from scoring.bundle import Bundle
    from scoring.service import ScoringService
    from training.features.dataset import LabelledDataset
    from training.features.feature_space import FeatureSpace

# LIME and shap's plots warn of their own dependencies.
pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning", "ignore::UserWarning")


@pytest.fixture(scope="module")
def rows(new_dataset: LabelledDataset, small_space: FeatureSpace) -> pa.Table:
    """Return applications the model has not seen."""
    return as_table(new_dataset, small_space)


@pytest.fixture(scope="module")
def explained(bundle: Bundle, rows: pa.Table) -> Explained:
    """Return them explained by the small trees."""
    return explain_overall(bundle, rows)


@pytest.fixture(scope="module")
def cases(explained: Explained) -> list[Case]:
    """Return the chosen applications."""
    return choose_cases(explained)


@pytest.fixture(scope="module")
def report(bundle: Bundle, rows: pa.Table) -> Report:
    """Return the whole report."""
    return make_report(bundle, rows, title="Explications de la version 1")


def test_contributions_add_up_to_the_margin(explained: Explained) -> None:
    """What is drawn is what the model did: base value and contributions sum to the log-odds."""
    margin = explained.model.score(explained.rows[: len(explained.features)]).margin

    assert explained.contributions.sum(axis=1) + explained.explainer.base_value == pytest.approx(margin, abs=1e-9)


def test_losing_what_decides_costs_most(explained: Explained) -> None:
    """The external scores drive the risk of the small population; a flag that means nothing costs nothing."""
    losing = {one.name: one.excess for one in permutation_importance(explained)}

    assert "EXT_SOURCE" in next(iter(losing))
    assert losing["EXT_SOURCE_2"].low > 0
    assert losing["FLAG_PHONE"].value == pytest.approx(0, abs=0.02)


def test_cases_are_what_they_are_called(cases: list[Case], explained: Explained) -> None:
    """Clear, borderline and surprising cases have the decision and the outcome that their title says."""
    threshold = explained.contract.decision.threshold
    told = {case.title: (case.decision, case.defaulted) for case in cases}

    assert told["Acceptation nette"] == ("accepte", False)
    assert told["Refus net"] == ("refuse", True)
    assert told["Surprise : accepté sans hésiter, et en défaut"] == ("accepte", True)
    assert told["Surprise : refusé sans hésiter, et remboursé"] == ("refuse", False)
    assert abs(cases[2].default_probability - threshold) < 0.02


def test_reasons_of_a_case_are_those_the_service_gives(explained: Explained, service: ScoringService) -> None:
    """The report quotes the sentences that the applicant would read."""
    values = explained.rows[int(np.argsort(explained.default_probability)[-1])]
    scored = service.score(application_of(explained, values))

    assert scored.default_probability == pytest.approx(float(explained.default_probability.max()))


def test_contributions_by_input_keep_the_sum(cases: list[Case], explained: Explained) -> None:
    """Spreading a derivation over its inputs loses nothing."""
    for case in cases:
        margin = np.log(case.default_probability / (1 - case.default_probability))
        assert case.by_input.sum() + explained.explainer.base_value == pytest.approx(margin, abs=1e-9)


def test_lime_check_is_counted_not_claimed(cases: list[Case]) -> None:
    """The word on the disagreement follows from the two lists of weights."""
    for case in cases:
        strongest = [set(np.argsort(-np.abs(one), kind="stable")[:5]) for one in (case.lime.weights, case.by_input)]
        assert case.lime.shared == len(strongest[0] & strongest[1])
        assert case.lime.verdict.startswith(f"{case.lime.shared} des 5")


def test_lime_agrees_on_the_whole(cases: list[Case]) -> None:
    """LIME, asked about the same model, points the same way, most of the time."""
    assert np.median([case.lime.rank_correlation for case in cases]) > 0.3


def test_report_stands_alone(report: Report) -> None:
    """The page loads nothing: every figure is inside it, and it links to no other place."""
    sources = re.findall(r'(?:src|href)="([^"]{0,30})', report.html)

    assert len(sources) == len(report.figures)
    assert all(source.startswith("data:image/png;base64,") for source in sources)


def test_report_says_its_figures_in_french(report: Report) -> None:
    """Numbers have a comma, and the summary's are in the page."""
    assert f"{report.summary.agreement:.2f}".replace(".", ",") in report.html
    assert "Qui est refusé" in report.html


def test_figures_are_in_french_and_show_nothing_that_squashes_them(report: Report, explained: Explained) -> None:
    """Decimal commas on every axis and bar; the strongest features alone, never the sum of all others."""
    for name, figure in report.figures.items():
        figure.canvas.draw()
        told = [
            label.get_text() for axes in figure.axes for label in (*axes.get_xticklabels(), *axes.get_yticklabels())
        ]
        told += [text.get_text() for axes in figure.axes for text in axes.texts]
        assert not [one for one in told if re.search(r"\d\.\d", one)], name
        assert not [one for one in told if "other features" in one or "autres variables" in one], name
    bars = report.figures["importance.png"].axes[0].patches

    assert len(bars) == min(MOST_SHOWN, len(explained.labels))
    assert max(bar.get_width() for bar in bars) == pytest.approx(explained.importance.max())


def test_the_page_tells_its_origin(report: Report) -> None:
    """Author, version of the software and of the model, and the day stand under the title."""
    assert re.search(r"Prêt à dépenser · modèle [^·]+, du \d\d/\d\d/\d{4} · logiciel \d", report.html)
