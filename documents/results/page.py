"""The page of results, ``docs/results.md``: how good the model is, how it was chosen, and how it is served."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from documents.results.choices import ablation, automl, candidates, policies
from documents.results.dossier import dossier_section
from documents.results.feature_groups import feature_groups_section
from documents.results.feature_table import feature_table_section
from documents.results.governance import scorecard_section, second_opinion_section
from documents.results.scale import scale_section
from documents.results.serving import serving_section
from documents.results.soundness import soundness_section
from documents.results.wording import NOT_MEASURED, say, say_counts, say_of, table
from metrics.costs import COSTS
from scoring.decision import bayes_threshold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scoring.contract import Contract

type Figures = Mapping[str, Any]

INTRODUCTION = f"""# Results

Written by `make pages` from `reports/bench.json` (`make bench`) and the committed bundle; every interval is a 95 %
bootstrap interval. Costs are per application: a default granted {COSTS.false_negative:g}, a good
applicant declined {COSTS.false_positive:g}."""
NAMES = {
    "model": "**the model**",
    "lightgbm_default_settings": "LightGBM, default settings, raw columns",
    "logistic_regression": "logistic regression",
    "scorecard": "scorecard",
    "accept_all": "accept everybody",
    "refuse_all": "refuse everybody",
}


def results_page(measures: Mapping[str, Figures], contract: Contract) -> str:
    """Return the whole page of results."""
    parts = [
        INTRODUCTION,
        _real_sample(measures.get("real_sample", {})),
        candidates(measures.get("real_sample", {})),
        policies(measures.get("real_sample", {})),
        automl(measures.get("automl", {})),
        ablation(measures.get("ablation", {})),
        soundness_section(measures.get("soundness", {})),
        scorecard_section(measures.get("scorecard", {})),
        feature_groups_section(measures.get("feature_groups", {})),
        _sample_population(measures.get("sample_population", {})),
        _bundle(contract),
        serving_section(measures),
        dossier_section(measures, contract),
        feature_table_section(measures.get("features", {})),
        scale_section(measures.get("scale", {})),
        _precision(measures.get("precision", {})),
        second_opinion_section(measures.get("governance", {})),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _real_sample(figures: Figures) -> str:
    if not figures:
        return ""
    rows = [
        [NAMES[name], say_of(one, "cost"), say_of(one, "auc"), _number(one, "brier"), _number(one, "calibration_error")]
        for name, one in figures["out_of_fold"].items()
    ]
    judged = table(["", "cost per application", "AUC", "Brier", "calibration error"], rows)
    return f"""## Real applications, application table alone

{figures["n_applications"]:,} labelled applications of the real sample, whose histories cover too few of them to learn
from. Out of fold on development, the same folds for all; no sex, no family status. The threshold and the number of
inputs were chosen on these same folds, so the model's figures here are a little kind to it; the hold-out below is not:

{judged}

{_hold_out(figures["hold_out"])}

{_threshold(figures)}

The model asks for {len(figures["inputs"])} inputs: {", ".join(figures["inputs"])}. The curve that chose them:

{_curve(figures["input_curve"])}"""


def _hold_out(figures: Figures) -> str:
    named = ("cost", "auc", "accuracy", "brier", "calibration_error", "mean_probability")
    measured = "\n".join(f"- {name.replace('_', ' ')}: {say_of(figures, name)}" for name in named)
    return (
        f"On the hold-out ({figures['n_applications']:,} applications, read once; default rate "
        f"{figures['default_rate']:.4f}):\n\n{measured}"
    )


def _threshold(figures: Figures) -> str:
    low, high = figures["threshold_interval"]
    return (
        f"Threshold {figures['threshold']:.4f} [{low:.4f}, {high:.4f}]; the best one of calibrated probabilities at "
        f"these costs: {bayes_threshold(COSTS):.4f}."
    )


def _curve(points: list[dict[str, float]]) -> str:
    header = ["inputs", "cost", "AUC", "cost above best (s.e.)", "log loss above best (s.e.)"]
    rows = [
        [
            f"{point['n_inputs']}",
            f"{point['cost']:.4f}",
            f"{point['auc']:.4f}",
            f"{point['cost_gap']:+.4f} ({point['cost_standard_error']:.4f})",
            f"{point['log_loss_gap']:+.5f} ({point['log_loss_standard_error']:.5f})",
        ]
        for point in points
    ]
    return table(header, rows)


def _sample_population(figures: Figures) -> str:
    if not figures:
        return ""
    hold_out, best = figures["hold_out"], figures["best_possible"]
    rows = [
        ["the model", say_of(hold_out, "cost"), say_of(hold_out, "auc")],
        ["decisions from the true probabilities", say_of(best, "cost"), say_of(best, "auc")],
        ["accept everybody", say_of(hold_out["baselines"], "accepter_tout"), NOT_MEASURED],
        ["refuse everybody", say_of(hold_out["baselines"], "refuser_tout"), NOT_MEASURED],
    ]
    judged = table(["", "cost per application", "AUC"], rows)
    return f"""## Sample population, all seven tables

{figures["n_applications"]:,} synthetic applicants whose true probability of default is known; hold-out;
{len(figures["inputs"])} inputs; family {figures["champion"]}:

{judged}"""


def _bundle(contract: Contract) -> str:
    quality, parity = contract.quality, contract.parity
    return (
        "## The committed bundle\n\n"
        f"Trained on the sample population; {len(contract.inputs)} inputs, {len(contract.features)} features, family "
        f"{contract.identity.family}. Hold-out cost {say(quality.cost)}, AUC {say(quality.auc)}, calibration error "
        f"{say(quality.calibration_error)}; threshold {contract.decision.threshold:.4f}.\n\n"
        f"Parity gate: {say_counts(parity.data_sets)}. "
        f"Worst difference of probability {parity.worst_probability_difference:.1e}, of an "
        f"attribution {parity.worst_contribution_difference:.1e}; decisions changed: {parity.changed_decisions}."
    )


def _precision(figures: Figures) -> str:
    rows = [
        [
            name.replace("_", " "),
            f"{one['largest_margin_difference']:.1e}",
            f"{one['identical_share']:.0%}",
            f"{one['single_row_us']:.0f} µs",
            f"{one['rows_per_second']:,.0f}",
        ]
        for name, one in figures.items()
    ]
    header = ["trees in", "largest margin difference to LightGBM", "identical margins", "one row", "rows a second"]
    return f"## Precision of the exported trees\n\n{table(header, rows)}" if rows else ""


def _number(figures: Figures, name: str) -> str:
    return f"{figures[name]:.4f}" if name in figures else NOT_MEASURED
