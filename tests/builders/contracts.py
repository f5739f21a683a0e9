"""Parts of a contract that no test looks at closely, written once."""

from __future__ import annotations

from scoring.contract import DecisionPolicy, Estimate, Identity, Parity, Quality

ESTIMATES = ("cost", "auc", "accuracy", "brier", "calibration_error", "mean_probability")


def an_identity(**changes: str | None) -> Identity:
    """Return where a version comes from that was never trained."""
    ordinary: dict[str, str | None] = {
        "model_name": "modele",
        "registry_version": "7",
        "registry_alias": "production",
        "training_run_id": "run-1",
        "git_commit": "0" * 40,
        "data_fingerprint": "0" * 64,
        "created_at": "2024-06-01T00:00:00+00:00",
        "family": "lightgbm",
    }
    return Identity.model_validate(ordinary | changes)


def a_policy(threshold: float = 0.1, band: tuple[float, float] = (0.08, 0.12)) -> DecisionPolicy:
    """Return a policy of costs 10 and 1, with a band around its threshold."""
    return DecisionPolicy(
        threshold=threshold,
        threshold_interval=band,
        false_negative_cost=10.0,
        false_positive_cost=1.0,
        method="given",
        bayes_threshold=1 / 11,
        bayes_within_interval=True,
        threshold_note="",
        review_band=band,
    )


def a_quality(n_applications: int = 10, *, default_rate: float = 0.1, **values: float) -> Quality:
    """Return figures without uncertainty; what is not given is one half."""
    estimates = {
        name: Estimate(value=value, low=value, high=value)
        for name, value in (dict.fromkeys(ESTIMATES, 0.5) | values).items()
    }
    return Quality(
        n_applications=n_applications, default_rate=default_rate, refusal_rate=0.2, baselines={}, **estimates
    )


def a_parity(n_applications: int = 1) -> Parity:
    """Return a gate that was passed."""
    return Parity(
        tolerance=1e-6,
        worst_probability_difference=0.0,
        worst_contribution_difference=0.0,
        changed_decisions=0,
        n_applications=n_applications,
        data_sets={"application_train": n_applications},
    )
