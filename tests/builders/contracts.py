"""Parts of a contract that no test looks at closely, written once."""

from __future__ import annotations

from scoring.contract import (
    Conventions,
    DecisionPolicy,
    Estimate,
    Identity,
    Motive,
    Parity,
    Quality,
    Text,
    Theme,
    ThemeGroup,
)

ESTIMATES = ("cost", "auc", "accuracy", "brier", "calibration_error", "mean_probability")


CONVENTIONS = Conventions(currency=Text(fr="€", en="€"), income_period="mois", annuity_period="mois")


def a_motive(code: str, theme: str, **changes: object) -> Motive:
    """Return a reason that tells its feature and the value."""
    ordinary = {
        "label": Text(fr=f"Motif {code}", en=f"Motive {code}"),
        "harmless": None,
        "adverse": Text(fr="{libelle} {valeur} contre.", en="{libelle} {valeur} against."),
        "favourable": Text(fr="{libelle} {valeur} pour.", en="{libelle} {valeur} for."),
        "better": Text(fr=f"Mieux {code}.", en=f"Better {code}."),
    }
    return Motive.model_validate({"code": code, "theme": theme} | ordinary | changes)


def a_general_motive(code: str, theme: str) -> Motive:
    """Return a reason that speaks of its theme as a whole."""
    return a_motive(
        code,
        theme,
        adverse=Text(fr=f"Le thème {theme} contre.", en=f"Theme {theme} against."),
        favourable=Text(fr=f"Le thème {theme} pour.", en=f"Theme {theme} for."),
    )


def a_catalogue(
    groups: dict[str, tuple[str, ...]],
) -> dict[str, tuple[ThemeGroup, ...] | tuple[Theme, ...] | tuple[Motive, ...]]:
    """Return groups, themes and motives of a contract; the n-th theme has ``Rn00``, general, and ``Rn01``."""
    themes = [(theme, group) for group, members in groups.items() for theme in members]
    return {
        "theme_groups": tuple(
            ThemeGroup(code=code, label=Text(fr=f"Groupe {code}", en=f"Group {code}")) for code in groups
        ),
        "themes": tuple(
            Theme(code=theme, group=group, general=f"R{n}00", label=Text(fr=f"Thème {theme}", en=f"Theme {theme}"))
            for n, (theme, group) in enumerate(themes, 1)
        ),
        "motives": tuple(
            motive
            for n, (theme, _) in enumerate(themes, 1)
            for motive in (a_general_motive(f"R{n}00", theme), a_motive(f"R{n}01", theme))
        ),
    }


CATALOGUE = a_catalogue({"credit": ("montant", "type"), "personne": ("revenu", "passe")})


def an_identity(**changes: str | bool | None) -> Identity:
    """Return where a version comes from that was never trained."""
    ordinary: dict[str, str | bool | None] = {
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
