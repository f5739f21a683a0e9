"""Figures of a trained model for the run: French, as the report and the notebooks show them too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import ScalarFormatter

from metrics.costs import expected_cost
from metrics.intervals import normal_mean
from metrics.quality import calibration_curve
from scoring.numerals import FRENCH, FRENCH_IN_PRINT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from scoring.contract import Estimate
    from scoring.fairness import Fairness
    from training.selection.pipeline import TrainedModel

INK, ACCENT, SOFT, WARNING = "#1f2933", "#0b6e99", "#9fb3c8", "#b4451f"
N_THRESHOLDS = 200


def run_figures(trained: TrainedModel, fairness: Fairness | None) -> dict[str, Figure]:
    """Return the figures of a run by file name."""
    probability, default = trained.champion.default_probability, trained.development.default
    threshold = trained.threshold.threshold
    figures = {
        "couts_par_seuil.png": cost_curve(probability, default, threshold=threshold),
        "calibration.png": reliability(probability, default, threshold=threshold),
        "candidats.png": candidates(trained),
    }
    figures |= {} if fairness is None else {"equite.png": refusals_by_group(fairness)}
    return {name: in_french(figure) for name, figure in figures.items()}


class _FrenchTicks(ScalarFormatter):
    """Writes what matplotlib would, with a decimal comma; its own way asks for a locale that may not be installed."""

    def __call__(self, value: float, place: int | None = None) -> str:
        """Return the label of a tick."""
        return FRENCH_IN_PRINT.rewritten(super().__call__(value, place))


def in_french(figure: Figure) -> Figure:
    """Return a figure with the numbers of its axes in French form; names stay as they are."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if isinstance(axis.get_major_formatter(), ScalarFormatter):
                axis.set_major_formatter(_FrenchTicks())
    return figure


def new_axes(title: str, x: str, y: str, *, size: tuple[float, float] = (7.0, 4.2)) -> tuple[Figure, Axes]:
    """Return an empty figure in the house's look."""
    figure = Figure(figsize=size, layout="constrained")
    axes = figure.subplots()
    figure.suptitle(title, x=0.01, ha="left", color=INK, fontsize=11)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color=SOFT, alpha=0.3)
    return figure, axes


def cost_curve(default_probability: np.ndarray, default: np.ndarray, *, threshold: float) -> Figure:
    """Draw the cost per application over the thresholds, and where the threshold was set."""
    figure, axes = new_axes("Coût par dossier selon le seuil", "seuil de refus", "coût par dossier")
    thresholds = np.linspace(0, min(1.0, 4 * threshold), N_THRESHOLDS)
    costs = [expected_cost(default_probability, default, threshold=float(one)) for one in thresholds]
    axes.plot(thresholds, costs, color=ACCENT)
    axes.axvline(threshold, color=WARNING, linestyle="--", label=f"seuil {FRENCH.say(threshold, '.4f')}")
    axes.legend(frameon=False)
    return figure


def reliability(default_probability: np.ndarray, default: np.ndarray, *, threshold: float) -> Figure:
    """Draw the default rate over the probability that was announced, in bins of equal size."""
    figure, axes = new_axes("Probabilité annoncée et défaut observé", "probabilité moyenne", "taux de défaut")
    bins = calibration_curve(default_probability, default)
    announced, rates = [one.mean_probability for one in bins], [one.default_rate for one in bins]
    observed = [one.value for one in rates]
    axes.errorbar(
        announced, observed, _arms(rates), fmt="o", color=ACCENT, markersize=4, label="vingtièmes des dossiers"
    )
    top = max(*announced, *observed)
    axes.plot([0, top], [0, top], color=SOFT, label="calibration parfaite")
    axes.axvline(threshold, color=WARNING, linestyle="--", label="seuil de refus")
    axes.legend(frameon=False)
    return figure


def candidates(trained: TrainedModel) -> Figure:
    """Draw the out-of-fold cost of each candidate with its interval."""
    ranked = sorted(trained.assessed, key=lambda one: -one.cost)
    size = (7.0, 1.4 + 0.35 * len(ranked))
    figure, axes = new_axes("Coût hors échantillon des candidats", "coût par dossier", "", size=size)
    errors = _arms([normal_mean(one.costs) for one in ranked])
    colours = [ACCENT if one is trained.champion else SOFT for one in ranked]
    names = [one.candidate.name for one in ranked]
    axes.barh(names, [one.cost for one in ranked], xerr=errors, color=colours, ecolor=INK)
    return figure


def refusals_by_group(fairness: Fairness) -> Figure:
    """Draw the refusal rate of each judged group, and the rate among those who repaid."""
    groups = [group for attribute in fairness.attributes for group in attribute.judged][::-1]
    figure, axes = new_axes(
        "Refus par groupe (jeu de test)", "part des dossiers", "", size=(7.0, 1.4 + 0.4 * max(len(groups), 1))
    )
    places = np.arange(len(groups))
    for offset, colour, name, label in (
        (0.16, ACCENT, "refusal_rate", "refusés"),
        (-0.16, WARNING, "false_refusal_rate", "refusés parmi ceux qui ont remboursé"),
    ):
        estimates = [getattr(group, name) for group in groups]
        axes.errorbar(
            [one.value for one in estimates], places + offset, xerr=_arms(estimates), fmt="o", color=colour, label=label
        )
    axes.set_yticks(places, [group.label for group in groups])
    axes.legend(frameon=False)
    return figure


def _arms(estimates: list[Estimate]) -> np.ndarray:
    """Return the lengths of the arms of the error bars, shape ``(2, n)``."""
    return np.array([[one.value - one.low for one in estimates], [one.high - one.value for one in estimates]])
