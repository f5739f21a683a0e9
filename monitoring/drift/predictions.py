"""How far the model's predictions moved, and what that is expected to cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from metrics.bins import count_numbers, expected_counts
from metrics.distances import psi
from metrics.intervals import NORMAL_QUANTILE, counted_share
from metrics.prior_shift import shifted_default_rate
from metrics.significance import counts_p_value, difference_p_value, shares_p_value
from metrics.values import Measured, NotApplicable, Pair
from monitoring.drift.calibration import Vintage, calibration_curve, performance_by_vintage
from monitoring.drift.judgement import Judgement, judged_by_outcomes
from monitoring.drift.outcomes import KnownOutcomes, judging, known_outcomes
from monitoring.drift.performance import Performance, estimated_performance, share_of

if TYPE_CHECKING:
    from monitoring.config import MonitoringConfig
    from monitoring.windows.predictions import Predictions
    from scoring.contract import CalibrationBin, Contract, Estimate


@dataclass(frozen=True, slots=True)
class PredictionProfile:
    """Predictions of one window, or those the contract was written with.

    Attributes
    ----------
    source
        ``fenêtre``, or ``contrat`` where the reference window has no predictions.
    counts
        Applications per bin of the contract's reference of the probability.
    """

    source: str
    n_applications: int
    counts: tuple[float, ...]
    mean_probability: Estimate
    refusal_rate: Estimate
    estimated: Performance


@dataclass(frozen=True, slots=True)
class PredictionDrift:
    """Current predictions against reference predictions.

    Attributes
    ----------
    psi_since_modelling
        Against the out-of-fold predictions of the contract, which no application was learned from.
    cost_rise
        Rise of the expected cost, relative to the reference.
    auc_fall
        Fall of the expected AUC.
    shifted_default_rate
        Default rate of the current window if only the mix of good and bad has changed, without any outcome.
    known
        Of whom the outcome is known, and which of them may judge.
    judgement
        What the outcomes that may judge say of the model.
    vintages
        Estimate beside truth, period by period.
    calibration
        Foretold and observed defaults over the bins of the probability.
    chances
        By value, the chance of as much without any drift, before the correction for many looks.
    """

    reference: PredictionProfile
    current: PredictionProfile
    psi: float
    psi_since_modelling: float
    refusal_rate_change: float
    cost_rise: Measured
    auc_fall: Measured
    shifted_default_rate: Estimate | NotApplicable
    known: KnownOutcomes | NotApplicable
    judgement: Judgement | NotApplicable
    vintages: tuple[Vintage, ...] | NotApplicable
    calibration: tuple[CalibrationBin, ...] | NotApplicable
    chances: PredictionChances


@dataclass(frozen=True, slots=True)
class PredictionChances:
    """Chance of as much without any drift; ``None`` where nothing was tested."""

    psi: float
    psi_since_modelling: float
    refusal_rate: float
    cost: float
    auc: float | None


def measure_predictions(
    contract: Contract, reference: Predictions | None, current: Predictions, config: MonitoringConfig
) -> PredictionDrift:
    """Return the drift of the predictions; without reference predictions the contract's own stand in."""
    judges = judging(current, config.maturity)
    before = profile_of_contract(contract) if reference is None else profile_of_window(contract, reference)
    after = profile_of_window(contract, current)
    counts = np.array(after.counts)
    return PredictionDrift(
        reference=before,
        current=after,
        psi=psi(np.array(before.counts), counts),
        psi_since_modelling=psi(np.array(profile_of_contract(contract).counts), counts),
        refusal_rate_change=after.refusal_rate.value - before.refusal_rate.value,
        cost_rise=_rise(before.estimated.cost.value, after.estimated.cost.value),
        auc_fall=_fall(before.estimated.auc, after.estimated.auc),
        shifted_default_rate=shifted_default_rate(current.probability, before.mean_probability.value, current.weight),
        known=known_outcomes(current, config.maturity),
        judgement=judged_by_outcomes(judges, contract.decision),
        vintages=performance_by_vintage(current, contract.decision, config.maturity),
        calibration=calibration_curve(judges, contract.reference.probability.edges),
        chances=_chances(contract, before, after),
    )


def _chances(contract: Contract, before: PredictionProfile, after: PredictionProfile) -> PredictionChances:
    counts = np.array(after.counts)
    rates = Pair(before.refusal_rate.value, after.refusal_rate.value)
    sizes = before.estimated.n_effective, after.estimated.n_effective
    auc_fall = _fall(before.estimated.auc, after.estimated.auc)
    cost_error = np.hypot(before.estimated.cost_error, after.estimated.cost_error)
    auc_error = np.hypot(before.estimated.auc_error, after.estimated.auc_error)
    return PredictionChances(
        psi=counts_p_value(np.array(before.counts), counts),
        psi_since_modelling=counts_p_value(np.array(profile_of_contract(contract).counts), counts),
        refusal_rate=shares_p_value(rates, n_reference=sizes[0], n_current=sizes[1]),
        cost=difference_p_value(after.estimated.cost.value - before.estimated.cost.value, float(cost_error)),
        auc=None if isinstance(auc_fall, NotApplicable) else difference_p_value(auc_fall, float(auc_error)),
    )


def profile_of_window(contract: Contract, predictions: Predictions) -> PredictionProfile:
    """Return the profile of the predictions of a window."""
    bins, estimated = contract.reference.probability, estimated_performance(predictions, contract.decision)
    return PredictionProfile(
        source="fenêtre",
        n_applications=len(predictions.probability),
        counts=tuple(count_numbers(bins, predictions.probability, predictions.weights).tolist()),
        mean_probability=estimated.default_rate,
        refusal_rate=share_of(predictions.refused, predictions.weights),
        estimated=estimated,
    )


def profile_of_contract(contract: Contract) -> PredictionProfile:
    """Return the profile of the predictions that were validated: out of fold for the bins, hold-out for the rest."""
    quality, reference = contract.quality, contract.reference
    return PredictionProfile(
        source="contrat",
        n_applications=quality.n_applications,
        counts=tuple(expected_counts(reference.probability, reference.n_applications).tolist()),
        mean_probability=quality.mean_probability,
        refusal_rate=counted_share(round(quality.refusal_rate * quality.n_applications), quality.n_applications),
        estimated=Performance(
            n_applications=quality.n_applications,
            cost=quality.cost,
            auc=quality.auc,
            default_rate=quality.mean_probability,
            cost_error=_error_of(quality.cost),
            auc_error=_error_of(quality.auc),
            n_effective=quality.n_applications,
        ),
    )


def _error_of(estimate: Estimate) -> float:
    """Return the standard error that a 95 % interval stands for."""
    return (estimate.high - estimate.low) / (2 * NORMAL_QUANTILE)


def _rise(before: float, after: float) -> Measured:
    return after / before - 1 if before else NotApplicable("le coût de référence est nul")


def _fall(before: Estimate | NotApplicable, after: Estimate | NotApplicable) -> Measured:
    if isinstance(before, NotApplicable):
        return before
    if isinstance(after, NotApplicable):
        return after
    return before.value - after.value
