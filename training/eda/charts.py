"""The drawings of the report, each an SVG that is put into the page; the only module that draws with matplotlib."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from scoring.numerals import FRENCH_IN_PRINT
from training.wording import say_count, say_decimal

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

BLUE, RED, GREY, PALE = "#1f5a8a", "#b3402a", "#6b7280", "#c9d6e3"
_WIDTH = 7.2
_TAIL = 0.995


def rate_chart(rates: pd.DataFrame, title: str, overall: float) -> str:
    """Draw default rates by group with their 95 % intervals, beside the rate of all."""
    figure, axes = _axes(title, height=0.9 + 0.27 * len(rates))
    place = np.arange(len(rates))
    # Arrays: of a series of one, matplotlib would make a number, of which pandas warns.
    mean, low, high = (rates[name].to_numpy() for name in ("mean", "low", "high"))
    axes.barh(place, mean, color=PALE, height=0.72)
    axes.errorbar(mean, place, xerr=[mean - low, high - mean], fmt="o", color=BLUE, markersize=3.5, linewidth=1.1)
    axes.axvline(overall, color=RED, linewidth=1, linestyle="--")
    _label(axes, [f"{name}  (n = {say_count(size)})" for name, size in zip(rates.index, rates["size"], strict=True)])
    _percent_axis(axes)
    axes.set_xlabel("taux de défaut (trait : intervalle à 95 % ; pointillé : ensemble)", fontsize=8, color=GREY)
    return _svg(figure)


def share_chart(shares: pd.DataFrame, title: str, of: str) -> str:
    """Draw shares as pairs of bars, train and test; `of` says what they are shares of."""
    figure, axes = _axes(title, height=1.0 + 0.25 * len(shares))
    place = np.arange(len(shares))
    for offset, name, color in ((-0.19, "train", BLUE), (0.19, "test", RED)):
        if name in shares and shares[name].notna().any():
            axes.barh(place + offset, shares[name].fillna(0).to_numpy(), height=0.36, color=color, label=name)
    _label(axes, list(shares.index))
    _percent_axis(axes)
    axes.set_xlabel(of, fontsize=8, color=GREY)
    axes.legend(fontsize=8, frameon=False, loc="lower right")
    return _svg(figure)


def value_chart(values: pd.Series, title: str, unit: str) -> str:
    """Draw numbers by name, such as stability indices, with the usual marks 0.10 and 0.25."""
    figure, axes = _axes(title, height=1.0 + 0.25 * len(values))
    place = np.arange(len(values))
    axes.barh(place, values.to_numpy(), color=BLUE, height=0.7)
    for mark in (0.10, 0.25):
        if values.max() > mark / 2:
            axes.axvline(mark, color=RED, linewidth=1, linestyle="--")
    _label(axes, list(values.index))
    axes.xaxis.set_major_formatter(lambda value, _: _tick(value))
    axes.set_xlabel(f"{unit} (pointillés : 0,10 et 0,25)", fontsize=8, color=GREY)
    return _svg(figure)


def distribution_chart(rows: pd.DataFrame, name: str, title: str) -> str:
    """Draw a number's distribution for repaid credits and for defaults, the extreme half per cent left aside."""
    figure, axes = _axes(title, height=2.4)
    values = rows[name]
    low, high = values.quantile(1 - _TAIL), values.quantile(_TAIL)
    edges = np.linspace(low, high if high > low else low + 1, 41)
    for outcome, color, label in ((0.0, BLUE, "remboursé"), (1.0, RED, "défaut")):
        kept = values[rows["TARGET"] == outcome]
        axes.hist(kept, bins=edges.tolist(), density=True, histtype="stepfilled", alpha=0.35, color=color, label=label)
    axes.set_xlabel(f"valeur de {name} (hauteur : densité, chaque groupe fait 1)", fontsize=8, color=GREY)
    axes.set_yticks([])
    axes.xaxis.set_major_formatter(lambda value, _: _tick(value))
    axes.legend(fontsize=8, frameon=False)
    return _svg(figure)


def matrix_chart(matrix: pd.DataFrame, title: str) -> str:
    """Draw correlations as squares, from white to blue."""
    figure, axes = _axes(title, height=1.2 + 0.26 * len(matrix))
    axes.imshow(matrix.fillna(0), cmap="Blues", vmin=0, vmax=1, aspect="auto")
    _label(axes, list(matrix.index))
    axes.invert_yaxis()
    axes.set_xticks(np.arange(len(matrix)), list(matrix.columns), rotation=60, ha="right", fontsize=7)
    values = matrix.to_numpy(float)
    for row, column in np.ndindex(*values.shape):
        value = float(values[row, column])
        axes.text(
            column,
            row,
            "–" if np.isnan(value) else say_decimal(value, 2),
            ha="center",
            va="center",
            fontsize=6.5,
            color=_ink(value),
        )
    return _svg(figure)


def _ink(value: float) -> str:
    return "white" if value > 0.6 else "#1f2937"  # noqa: PLR2004  where white reads better on the blue


def _axes(title: str, *, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(_WIDTH, height), layout="constrained")
    axes = figure.add_subplot()
    label, _, name = title.partition("\n")
    axes.set_title(f"{label}\n{name}" if name else label, fontsize=9.5, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8)
    return figure, axes


def _label(axes: Axes, names: list[str]) -> None:
    axes.set_yticks(np.arange(len(names)), names, fontsize=7.5)
    axes.invert_yaxis()


def _percent_axis(axes: Axes) -> None:
    axes.xaxis.set_major_formatter(lambda value, _: FRENCH_IN_PRINT.percent(value, "g"))
    axes.set_xlim(left=0)


def _tick(value: float) -> str:
    return FRENCH_IN_PRINT.say(value, "g")


def _svg(figure: Figure) -> str:
    """Return the figure as an SVG element without the header that names outside documents."""
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    text = file.getvalue()
    element = text[text.index("<svg") :]
    return re.sub(r"<metadata>.*?</metadata>", "", element, flags=re.DOTALL)
