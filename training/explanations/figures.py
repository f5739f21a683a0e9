"""Figures of the explanations (the only importer of shap, for its plots: the values are the bundle's own)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np

mpl.use("Agg")  # before shap, whose plots go through pyplot

import matplotlib.pyplot as plt
import shap

from scoring.numerals import FRENCH_IN_PRINT
from training.explanations.lime_check import N_STRONGEST
from training.explanations.plots import ACCENT, SOFT, WARNING, in_french, new_axes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from training.explanations.cases import Case
    from training.explanations.overall import CostOfLosing, Explained

MOST_SHOWN = 15
_ENDS = {"Low": "basse", "High": "haute"}
N_DEPENDENCE = 6


def explanation_figures(
    explained: Explained, losing: Sequence[CostOfLosing], cases: Sequence[Case]
) -> dict[str, Figure]:
    """Return every figure by file name."""
    figures = {
        "importance.png": importance(explained),
        "essaim.png": beeswarm(explained),
        "permutation.png": permutation(losing),
    }
    strong = np.argsort(-explained.importance)[:N_DEPENDENCE]
    figures |= {f"dependance_{rank}.png": dependence(explained, int(index)) for rank, index in enumerate(strong, 1)}
    figures |= {f"cas_{rank}.png": case_figure(explained, case) for rank, case in enumerate(cases, 1)}
    return {name: in_french(figure) for name, figure in figures.items()}


def importance(explained: Explained) -> Figure:
    """Draw the mean absolute contribution of the strongest features."""
    return _by_shap(explained, "Importance globale (SHAP)", beeswarm=False)


def beeswarm(explained: Explained) -> Figure:
    """Draw each application's contribution of the strongest features, coloured by the value."""
    return _by_shap(explained, "Contributions, dossier par dossier (SHAP)", beeswarm=True)


def _by_shap(explained: Explained, title: str, *, beeswarm: bool) -> Figure:
    # The strongest alone: the sum of all others would be the longest bar, and squash those that are looked at.
    shown = np.argsort(-explained.importance)[:MOST_SHOWN]
    explanation = shap.Explanation(
        values=explained.contributions[:, shown],
        base_values=np.full(len(explained.features), explained.explainer.base_value),
        data=explained.features[:, shown],
        feature_names=[explained.labels[index] for index in shown],
    )
    figure, axes = plt.subplots(figsize=(10, 6), layout="constrained")
    if beeswarm:
        shap.plots.beeswarm(
            explanation, max_display=MOST_SHOWN, ax=axes, show=False, plot_size=None, color_bar_label="valeur"
        )
        axes.set_xlabel("contribution à la marge (log-odds)", fontsize=10)
    else:
        shap.plots.bar(explanation, max_display=MOST_SHOWN, ax=axes, show=False)
        axes.set_xlabel("contribution absolue moyenne (log-odds)", fontsize=10)
    # In shap's own size a long label leaves no room for the bars.
    axes.tick_params(axis="y", labelsize=9)
    _words_in_french(figure)
    axes.set_title(title, loc="left", fontsize=11)
    plt.close(figure)
    return figure


def _words_in_french(figure: Figure) -> None:
    """Say the words and numbers that shap writes by itself in French."""
    for axes in figure.axes:
        for text in axes.texts:
            text.set_text(FRENCH_IN_PRINT.rewritten(text.get_text()))
        for axis in (axes.xaxis, axes.yaxis):
            labels = [label.get_text() for label in axis.get_ticklabels()]
            said = [_ENDS.get(label, label) for label in labels]
            if said != labels:
                axis.set_ticks(axis.get_ticklocs(), labels=said)


def permutation(losing: Sequence[CostOfLosing]) -> Figure:
    """Draw what decisions cost more without each of the most costly inputs."""
    shown = list(losing[:MOST_SHOWN])[::-1]
    figure, axes = new_axes("Surcoût quand une entrée est mélangée", "coût par dossier en plus", "", size=(8.0, 5.5))
    arms = [one.excess.high - one.excess.value for one in shown]
    axes.barh([one.label for one in shown], [one.excess.value for one in shown], xerr=arms, color=ACCENT)
    return figure


def dependence(explained: Explained, feature: int) -> Figure:
    """Draw the contribution of one feature over its value."""
    label = explained.labels[feature]
    figure, axes = new_axes(label, "valeur", "contribution (log-odds)", size=(4.6, 3.2))
    values, contributions = explained.features[:, feature], explained.contributions[:, feature]
    _name_categories(axes, explained, feature)
    known = values[~np.isnan(values)]
    low, high = np.quantile(known, [0.005, 0.995]) if len(known) else (0.0, 1.0)
    inside = (values >= low) & (values <= high)
    axes.scatter(values[inside], contributions[inside], s=5, alpha=0.4, color=ACCENT, linewidths=0)
    missing = contributions[np.isnan(values)]
    if len(missing):
        axes.axhline(float(missing.mean()), color=WARNING, linestyle="--", linewidth=1, label="valeur inconnue")
        axes.legend(frameon=False, fontsize=8)
    return figure


def _name_categories(axes: Axes, explained: Explained, feature: int) -> None:
    """Write categories in the place of their codes."""
    (name, *others) = explained.contract.features[feature].inputs
    item = next(one for one in explained.contract.inputs if one.name == name)
    if item.categories and not others:
        axes.set_xticks(range(len(item.categories)), item.categories, rotation=30, ha="right", fontsize=7)


def case_figure(explained: Explained, case: Case) -> Figure:
    """Draw the exact contributions of one application beside LIME's weights."""
    order = np.argsort(-np.abs(case.by_input))[: 2 * N_STRONGEST][::-1]
    figure, axes = new_axes(case.title, "log-odds", "", size=(8.0, 4.0))
    places = np.arange(len(order))
    axes.barh(places + 0.2, case.by_input[order], height=0.38, color=ACCENT, label="exact (SHAP)")
    axes.barh(places - 0.2, case.lime.weights[order], height=0.38, color=SOFT, label="LIME")
    axes.set_yticks(places, [explained.contract.inputs[index].label.fr for index in order])
    axes.axvline(0, color="black", linewidth=0.8)
    axes.legend(frameon=False)
    return figure
