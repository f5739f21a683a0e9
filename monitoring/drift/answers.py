"""How far the model's answers moved, and what that is expected to cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from metrics.bins import count_numbers, expected_counts
from metrics.distances import psi
from metrics.intervals import NORMAL_QUANTILE, counted_share, expected_share
from metrics.significance import counts_p_value, difference_p_value, shares_p_value
from metrics.values import Figure, NotApplicable, Pair
from monitoring.drift.calibration import (
    Vintage,
    calibration_curve,
    calibration_gap,
    calibration_p_value,
    performance_by_vintage,
)
from monitoring.drift.performance import Performance, estimated_performance, realised_performance, share_of

if TYPE_CHECKING:
    from monitoring.windows.answers import Answers
    from scoring.contract import CalibrationBin, Contract, Estimate


@dataclass(frozen=True, slots=True)
class AnswerProfile:
    """Answers of one window, or those the contract was written with.

    Attributes
    ----------
    source
        ``fenêtre``, or ``contrat`` where the reference window has no answers.
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
class AnswerDrift:
    """Current answers against reference answers.

    Attributes
    ----------
    psi_since_modelling
        Against the out-of-fold answers of the contract, which no application was learned from.
    cost_rise
        Rise of the expected cost, relative to the reference.
    auc_fall
        Fall of the expected AUC.
    realised
        Performance where outcomes have come.
    calibration_gap
        Distance of the mean probability from the default rate, relative to the latter.
    vintages
        Estimate beside truth, period by period.
    calibration
        Foretold and observed defaults over the bins of the probability.
    chances
        By figure, the chance of as much without any drift, before the correction for many looks.
    """

    reference: AnswerProfile
    current: AnswerProfile
    psi: float
    psi_since_modelling: float
    refusal_rate_change: float
    cost_rise: Figure
    auc_fall: Figure
    realised: Performance | NotApplicable
    calibration_gap: Figure
    vintages: tuple[Vintage, ...] | NotApplicable
    calibration: tuple[CalibrationBin, ...] | NotApplicable
    chances: AnswerChances


@dataclass(frozen=True, slots=True)
class AnswerChances:
    """Chance of as much without any drift; ``None`` where nothing was tested."""

    psi: float
    psi_since_modelling: float
    refusal_rate: float
    cost: float
    auc: float | None
    calibration: float | None


def measure_answers(contract: Contract, reference: Answers | None, current: Answers) -> AnswerDrift:
    """Return the drift of the answers; without reference answers the contract's own stand in."""
    before = profile_of_contract(contract) if reference is None else profile_of_window(contract, reference)
    after = profile_of_window(contract, current)
    counts = np.array(after.counts)
    return AnswerDrift(
        reference=before,
        current=after,
        psi=psi(np.array(before.counts), counts),
        psi_since_modelling=psi(np.array(profile_of_contract(contract).counts), counts),
        refusal_rate_change=after.refusal_rate.value - before.refusal_rate.value,
        cost_rise=_rise(before.estimated.cost.value, after.estimated.cost.value),
        auc_fall=_fall(before.estimated.auc, after.estimated.auc),
        realised=realised_performance(current, contract.decision),
        calibration_gap=calibration_gap(current),
        vintages=performance_by_vintage(current, contract.decision),
        calibration=calibration_curve(current, contract.reference.probability.edges),
        chances=_chances(contract, before, after, current),
    )


def _chances(contract: Contract, before: AnswerProfile, after: AnswerProfile, current: Answers) -> AnswerChances:
    counts = np.array(after.counts)
    rates = Pair(before.refusal_rate.value, after.refusal_rate.value)
    auc_fall = _fall(before.estimated.auc, after.estimated.auc)
    cost_error = np.hypot(before.estimated.cost_error, after.estimated.cost_error)
    auc_error = np.hypot(before.estimated.auc_error, after.estimated.auc_error)
    return AnswerChances(
        psi=counts_p_value(np.array(before.counts), counts),
        psi_since_modelling=counts_p_value(np.array(profile_of_contract(contract).counts), counts),
        refusal_rate=shares_p_value(rates, n_reference=before.n_applications, n_current=after.n_applications),
        cost=difference_p_value(after.estimated.cost.value - before.estimated.cost.value, float(cost_error)),
        auc=None if isinstance(auc_fall, NotApplicable) else difference_p_value(auc_fall, float(auc_error)),
        calibration=calibration_p_value(current),
    )


def profile_of_window(contract: Contract, answers: Answers) -> AnswerProfile:
    """Return the profile of the answers of a window."""
    return AnswerProfile(
        source="fenêtre",
        n_applications=len(answers.probability),
        counts=tuple(count_numbers(contract.reference.probability, answers.probability).tolist()),
        mean_probability=expected_share(float(answers.probability.mean()), len(answers.probability)),
        refusal_rate=share_of(answers.refused),
        estimated=estimated_performance(answers, contract.decision),
    )


def profile_of_contract(contract: Contract) -> AnswerProfile:
    """Return the profile of the answers that were validated: out of fold for the bins, hold-out for the rest."""
    quality, reference = contract.quality, contract.reference
    return AnswerProfile(
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
        ),
    )


def _error_of(figure: Estimate) -> float:
    """Return the standard error that a 95 % interval stands for."""
    return (figure.high - figure.low) / (2 * NORMAL_QUANTILE)


def _rise(before: float, after: float) -> Figure:
    return after / before - 1 if before else NotApplicable("le coût de référence est nul")


def _fall(before: Estimate | NotApplicable, after: Estimate | NotApplicable) -> Figure:
    if isinstance(before, NotApplicable):
        return before
    if isinstance(after, NotApplicable):
        return after
    return before.value - after.value
