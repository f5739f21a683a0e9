"""The sections of ``docs/results.md`` on how the model was chosen: candidates, policies, AutoML, single changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from documents.results.wording import NOT_MEASURED, say_of, table
from metrics.costs import COSTS

if TYPE_CHECKING:
    from collections.abc import Mapping

# What each change is, in words; the keys are those of benchmarks/learning/ablation.py.
CHANGES = {
    "base": "LightGBM as the comparison has it",
    "without_ratios": "no derived ratios, raw columns alone",
    "more_ratios": "twelve more ratios and products",
    "with_protected_attributes": "sex and family status added (never served)",
    "deeper_trees": "trees of 24 leaves, slower",
    "slower_learning": "half the learning rate, twice the trees",
    "all_columns_a_tree": "no sampling of columns",
    "stronger_regularisation": "five times the L2 penalty, leaves of 300",
    "without_directions": "free to turn the wrong way (never served)",
    "frequency_coded_categories": "many-valued categories as their frequency",
    "native_categorical_splits": "LightGBM's own categorical splits (not exportable)",
    "three_seeds_merged": "three seeds merged into one set of trees",
    "five_seeds_merged": "five seeds merged",
    "xgboost": "XGBoost instead",
    "lightgbm_and_xgboost": "two LightGBM seeds and XGBoost merged",
}
POLICIES = {
    "accepter_tout": "accept everybody",
    "refuser_tout": "refuse everybody",
    "seuil_0.5": "refuse from one half",
    "seuil_bayes": "refuse from the theory's threshold",
    "seuil_servi": "refuse from the chosen threshold",
}


def candidates(figures: Mapping[str, Any]) -> str:
    """Return the table of candidates, cheapest first, and the rule that chose."""
    if not figures.get("candidates"):
        return ""
    header = ["", "cost", "to the champion (s.e.)", "AUC", "accuracy", "Brier", "calibration", "fit", "size", "one row"]
    rows = [_candidate(one) for one in figures["candidates"]]
    return f"""### Candidates on the real sample

Each at its own threshold and calibration, on the chosen inputs, out of fold on the same folds. After a plus sign
stands what was done about defaults being rare. Fit: processor seconds of one fit; size: graph and attribution tables;
one row: the exported graph alone. Rule: {figures["rule"]}. Chosen: **{figures["champion"]}**.

{table(header, rows)}"""


def _candidate(one: Mapping[str, Any]) -> list[str]:
    gap = one["cost_difference"]
    served = one["size_bytes"] is not None
    return [
        f"**{one['name']}**" if one["champion"] else one["name"],
        say_of(one, "cost"),
        f"{gap['mean']:+.4f} ({gap['standard_error']:.4f})",
        f"{one['auc']:.4f}",
        f"{one['accuracy']:.4f}",
        f"{one['brier']:.4f}",
        f"{one['calibration_error']:.4f}",
        f"{one['fit_seconds']:.1f} s",
        f"{one['size_bytes'] / 1000:,.0f} kB" if served else "too large to explain",
        f"{one['latency_us']:.0f} µs" if served else NOT_MEASURED,
    ]


def policies(figures: Mapping[str, Any]) -> str:
    """Return what policies cost, what other cost ratios would ask for, and how firm the threshold is."""
    if not figures.get("policies"):
        return ""
    named = table(
        ["policy", "threshold", "cost", "refused", "defaults among accepted", "among refused"],
        [_policy(one) for one in figures["policies"]],
    )
    ratios = table(
        ["ratio", "theory", "chosen", "interval", "cost", "cost at the present threshold", "refused"],
        [_ratio(one) for one in figures["ratios"]],
    )
    stability = figures["stability"]
    cross_fitted = say_of(stability, "cost_cross_fitted")
    quantiles = ", ".join(f"{float(name):.1%}: {value:.4f}" for name, value in stability["quantiles"].items())
    return f"""### Policies on the real sample

{named}

Sensitivity to the cost ratio (a default granted against a good applicant declined; cost in good applicants declined):

{ratios}

The threshold of least cost over {stability["n_resamples"]} resamples: {quantiles}; of each fold, set on the others:
{", ".join(f"{value:.4f}" for value in stability["by_fold"])}. Deciding each fold at the threshold of the others costs
{cross_fitted}; setting the threshold on the applications it is judged on flatters by {stability["optimism"]:.4f}."""


def _policy(one: Mapping[str, Any]) -> list[str]:
    return [
        POLICIES[one["name"]],
        f"{one['threshold']:.4f}",
        say_of(one, "cost"),
        f"{one['refusal_rate']:.1%}",
        _share(one["default_rate_accepted"]),
        _share(one["default_rate_refused"]),
    ]


def _share(value: float | None) -> str:
    return NOT_MEASURED if value is None else f"{value:.1%}"


def _ratio(one: Mapping[str, Any]) -> list[str]:
    low, high = one["threshold_interval"]
    return [
        f"{one['ratio']:g}:{COSTS.false_positive:g}",
        f"{one['bayes_threshold']:.4f}",
        f"{one['threshold']:.4f}",
        f"[{low:.4f}, {high:.4f}]",
        f"{one['cost']:.4f}",
        f"{one['cost_at_served_threshold']:.4f}",
        f"{one['refusal_rate']:.1%}",
    ]


def automl(figures: Mapping[str, Any]) -> str:
    """Return AutoML beside the model."""
    if not figures:
        return ""
    rows = [
        [
            name,
            f"{one['n_inputs']}",
            say_of(one, "cost"),
            say_of(one, "auc"),
            *(
                f"{one[figure]:.4f}" if figure in one else NOT_MEASURED
                for figure in ("accuracy", "brier", "calibration_error")
            ),
        ]
        for name, one in (("**the model**", figures["model"]), (figures["tool"], figures["automl"]))
    ]
    cost = f"{figures['cost_difference']:+.4f} (s.e. {figures['cost_standard_error']:.4f})"
    log_loss = f"{figures['log_loss_difference']:+.5f} (s.e. {figures['log_loss_standard_error']:.5f})"
    return f"""### AutoML beside the model

{figures["tool"]}, {figures["minutes"]:g} minutes over all folds, raw columns, no protected attribute; the same folds,
its own calibration and threshold; best family by fold: {", ".join(figures["winners"])}. Repeat it with more:
`make automl MINUTES=60`.

{table(["", "inputs", "cost", "AUC", "accuracy", "Brier", "calibration"], rows)}

The model less AutoML, on the same applications (below zero the model is better): cost {cost}, log loss {log_loss}."""


def ablation(figures: Mapping[str, Any]) -> str:
    """Return what helped and what did not."""
    if not figures:
        return ""
    rows = [[CHANGES.get(name, name), *_change(one)] for name, one in figures.items()]
    header = ["change", "cost", "AUC", "cost against base (s.e.)", "log loss against base (s.e.)", "verdict"]
    return f"""### What helped and what did not

One change at a time, on the chosen inputs of the real sample and the same folds. The verdict is on log loss, which is
far less noisy than cost: more than two paired standard errors apart counts.

{table(header, rows)}"""


def _change(one: Mapping[str, Any]) -> list[str]:
    return [
        f"{one['cost']:.4f}",
        f"{one['auc']:.4f}",
        f"{one['cost_difference']:+.4f} ({one['cost_standard_error']:.4f})",
        f"{one['log_loss_difference']:+.5f} ({one['log_loss_standard_error']:.5f})",
        verdict(one["log_loss_difference"], one["log_loss_standard_error"]),
    ]


def verdict(difference: float, standard_error: float) -> str:
    """Say whether a difference of log loss is one.

    >>> verdict(-0.003, 0.001), verdict(0.0, 0.0), verdict(0.003, 0.001)
    ('helps', 'no difference', 'hurts')
    """
    if abs(difference) <= 2 * standard_error:
        return "no difference"
    return "helps" if difference < 0 else "hurts"
