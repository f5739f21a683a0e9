"""The report: one self-contained HTML page in French, its figures inside it, and its main figures as numbers."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel, ConfigDict

from commandline.colophon import Colophon
from scoring import __version__
from scoring.contract import Estimate  # noqa: TC001  pydantic resolves annotations at run time
from training.candidates.labels import french_labels
from training.explanations.cases import choose_cases
from training.explanations.figures import MOST_SHOWN, explanation_figures
from training.explanations.lime_check import N_STRONGEST
from training.explanations.overall import explain_overall, permutation_importance
from training.fairness.distances import group_distances
from training.wording import DISTANCES, percent, percent_estimate, say_count, say_decimal, say_estimate, say_signed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from matplotlib.figure import Figure

    from scoring.bundle import Bundle
    from training.explanations.cases import Case
    from training.explanations.overall import CostOfLosing, Explained

TEMPLATES = Path(__file__).parent
N_LISTED = 10
DPI = 110


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class RankedInput(_Frozen):
    """One input or feature with its measure."""

    label: str
    value: Estimate


class ExplanationSummary(_Frozen):
    """The figures of the report that other documents quote.

    Attributes
    ----------
    strongest
        Labels of the features of most weight, with their share of all contributions.
    costliest
        Inputs whose loss costs most, per application.
    agreement
        Median over the cases of the rank correlation between LIME and the exact attributions.
    shared
        Mean over the cases of how many of the five strongest inputs are the same.
    lime_fit
        Median R² of LIME's local models.
    """

    n_explained: int
    strongest: tuple[tuple[str, float], ...]
    costliest: tuple[RankedInput, ...]
    n_cases: int
    agreement: float
    shared: float
    lime_fit: float
    opposed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A rendered report with what it was made of."""

    html: str
    figures: dict[str, Figure]
    summary: ExplanationSummary


def make_report(bundle: Bundle, hold_out: pa.Table, *, title: str, seed: int = 0) -> Report:
    """Explain a bundle on the rows it was judged on."""
    explained = explain_overall(bundle, hold_out, seed=seed)
    losing = permutation_importance(explained, seed=seed)
    cases = choose_cases(explained, seed=seed)
    figures = explanation_figures(explained, losing, cases)
    summary = summarise(explained, losing, cases)
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    environment.filters |= {
        "percent": percent,
        "percents": percent_estimate,
        "count": say_count,
        "decimal": say_decimal,
        "signed": say_signed,
        "estimate": say_estimate,
        "distances": group_distances,
    }
    identity = explained.contract.identity
    trained = datetime.fromisoformat(identity.created_at)
    model = f"modèle {identity.model_name}:{identity.registry_version}, du {trained:%d/%m/%Y}"
    html = environment.get_template("report.html.j2").render(
        title=title,
        colophon=Colophon(__version__, model),
        family_names=french_labels(),
        distance_names=DISTANCES,
        contract=explained.contract,
        fairness=bundle.evidence.fairness,
        summary=summary,
        n_shown=min(MOST_SHOWN, len(explained.labels)),
        losing=losing[:N_LISTED],
        cases=cases,
        images={name: _as_address(figure) for name, figure in figures.items()},
        dependences=[name for name in figures if name.startswith("dependance_")],
    )
    return Report(html, figures, summary)


def summarise(explained: Explained, losing: Sequence[CostOfLosing], cases: Sequence[Case]) -> ExplanationSummary:
    """Return the figures that other documents quote."""
    importance = explained.importance
    order = np.argsort(-importance)[:N_LISTED]
    return ExplanationSummary(
        n_explained=len(explained.features),
        strongest=tuple((explained.labels[i], float(importance[i] / importance.sum())) for i in order),
        costliest=tuple(RankedInput(label=one.label, value=one.excess) for one in losing[:N_STRONGEST]),
        n_cases=len(cases),
        agreement=float(np.median([case.lime.rank_correlation for case in cases])),
        shared=float(np.mean([case.lime.shared for case in cases])),
        lime_fit=float(np.median([case.lime.fit for case in cases])),
        opposed=tuple(sorted({label for case in cases for label in case.lime.opposed})),
    )


def _as_address(figure: Figure) -> str:
    """Return a figure as a data URI."""
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=DPI)
    return "data:image/png;base64," + base64.b64encode(content.getvalue()).decode()
