"""What outcomes say, in the summary: of whom they are known, expected beside realised, period by period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commandline.markdown import table
from metrics.values import NotApplicable
from monitoring.report.wording import estimate, number, percent, percent_estimate

if TYPE_CHECKING:
    from metrics.values import Measured
    from monitoring.drift.calibration import Vintage
    from monitoring.drift.judgement import Judgement
    from monitoring.drift.outcomes import KnownOutcomes
    from monitoring.drift.performance import Performance
    from monitoring.drift.predictions import PredictionDrift
    from scoring.contract import Estimate

NOT_APPLICABLE = "n. a."


def auc_of(performance: Performance) -> str:
    """Return an AUC with its interval."""
    return _estimate(performance.auc)


def outcomes_part(predictions: PredictionDrift) -> str:
    """Say of whom the outcome is known, and what those that may judge say of the model."""
    found = predictions.judgement
    told = [] if isinstance(predictions.known, NotApplicable) else [_known(predictions.known)]
    if isinstance(found, NotApplicable):
        return "\n\n".join([*told, f"Performance constatée : non applicable, {found.reason}."])
    return "\n\n".join([*told, _judgement(found)])


def _known(known: KnownOutcomes) -> str:
    young = f" Trop jeunes pour juger : {', '.join(known.immature)}." if any(known.immature) else ""
    return (
        f"Issues connues : {_share(known.accepted)} des demandes acceptées, {_share(known.refused)} des refusées ; "
        f"{number(known.n_judging)} jugent.{young} Sans issues de refusées, elles ne disent rien d’un seuil plus haut."
    )


def _judgement(found: Judgement) -> str:
    rows = [
        ("coût par demande", estimate(found.expected.cost), estimate(found.realised.cost)),
        ("AUC", auc_of(found.expected), auc_of(found.realised)),
        (
            "taux de défaut",
            percent_estimate(found.expected.default_rate),
            percent_estimate(found.realised.default_rate),
        ),
        ("pente de calibration", "1", _estimate(found.slope)),
        ("ordonnée de calibration", "0", _estimate(found.intercept)),
    ]
    head = (f"sur les mêmes {number(found.realised.n_applications)} demandes", "attendu", "constaté")
    return table(head, rows)


def vintages_table(predictions: PredictionDrift) -> str:
    """Return estimate beside truth by period; nothing without outcomes or periods."""
    if isinstance(predictions.vintages, NotApplicable):
        return ""
    head = (
        "millésime",
        "issues connues (acceptées ; refusées)",
        "coût attendu",
        "coût constaté",
        "défauts prévus",
        "défauts constatés",
    )
    return table(head, [_vintage_row(item) for item in predictions.vintages])


def _vintage_row(item: Vintage) -> tuple[str, ...]:
    shares = f"{_share(item.known_accepted)} ; {_share(item.known_refused)}"
    return (
        item.period if item.mature else f"{item.period} (trop jeune)",
        f"{number(item.realised.n_applications)} ({shares})",
        estimate(item.estimated.cost),
        estimate(item.realised.cost),
        percent(item.estimated.default_rate.value),
        percent_estimate(item.realised.default_rate),
    )


def _share(share: Measured) -> str:
    return NOT_APPLICABLE if isinstance(share, NotApplicable) else percent(share)


def _estimate(value: Estimate | NotApplicable) -> str:
    return NOT_APPLICABLE if isinstance(value, NotApplicable) else estimate(value)
