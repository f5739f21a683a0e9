"""Payments against the schedule of each loan: on time or late, whole or in parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.population.chances import happens, raised
from training.population.months import NO_DAY, OLDEST_DAY, spelled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.population.applicants import Applicants
    from training.population.chain import Values

COVERAGE = 0.97
_DAYS_APART = 30.0
_CENT = 0.045


def drawn_instalments(
    rng: np.random.Generator, applicants: Applicants, previous: Values, loans: NDArray[np.int64]
) -> Values:
    """Draw the payments of the granted instalment loans at rows `loans` of `previous`."""
    loans = loans[happens(rng, COVERAGE, len(loans))]
    loan, number, is_last, is_early = _schedule(previous, loans)
    due = previous["DAYS_FIRST_DUE"][loans][loan] + _DAYS_APART * (number - 1)
    amount = _amounts(previous, loans, loan, number, is_early)
    trait = applicants.traits["indiscipline"][previous["OWNER"][loans].astype(int)]
    paid = due + _delay(rng, trait, loan)
    payments = {
        "SK_ID_PREV": previous["SK_ID_PREV"][loans][loan],
        "SK_ID_CURR": previous["SK_ID_CURR"][loans][loan],
        "NUM_INSTALMENT_VERSION": np.where(is_early & is_last, 2.0, 1.0),
        "NUM_INSTALMENT_NUMBER": number.astype(float),
        "DAYS_INSTALMENT": due,
        "DAYS_ENTRY_PAYMENT": np.clip(paid, OLDEST_DAY, -1.0),
        "AMT_INSTALMENT": amount,
        "AMT_PAYMENT": amount.copy(),
    }
    return _in_parts(rng, payments, trait[loan])


def _schedule(
    previous: Values, loans: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return loan and number of each instalment that fell due, whether it is the last and the loan ended early."""
    first, ended = previous["DAYS_FIRST_DUE"][loans], previous["DAYS_LAST_DUE"][loans]
    term = previous["CNT_PAYMENT"][loans]
    until = np.where(ended == NO_DAY, -1.0, ended)
    n_due = np.clip(np.floor((until - first) / _DAYS_APART) + 1, 1, term)
    is_early = (ended != NO_DAY) & (n_due < term)
    loan, number = spelled(np.ones(len(loans), dtype=int), n_due.astype(int))
    return loan, number, number == n_due[loan], is_early[loan]


def _amounts(
    previous: Values,
    loans: NDArray[np.int64],
    loan: NDArray[np.int64],
    number: NDArray[np.int64],
    is_early: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Return what is due: the annuity, and with an early end the rest of the debt at once."""
    annuity = previous["AMT_ANNUITY"][loans][loan]
    term = previous["CNT_PAYMENT"][loans][loan]
    n_last = np.r_[loan[1:] != loan[:-1], True] if len(loan) else np.zeros(0, dtype=bool)
    # What is left is worth less than its instalments: the interest to come falls away.
    rest = annuity * (1.0 + 0.85 * (term - number))
    amount = np.where(n_last & is_early, rest, annuity)
    return np.round(np.round(amount / _CENT) * _CENT, 3)


def _delay(rng: np.random.Generator, trait: NDArray[np.float64], loan: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return days from due date to payment: mostly early, late more often for the undisciplined."""
    n = len(loan)
    habit = np.exp(0.3 * rng.standard_normal(len(trait)) - 0.5 * trait)
    early = -np.floor(rng.exponential(11.0, n) * habit[loan])
    early = np.where(happens(rng, 0.12, n), 0.0, np.maximum(early, -120.0))
    chance = raised(0.11, (trait + 0.3 * rng.standard_normal(len(trait))) / 1.04, 1.4)
    late = np.ceil(rng.exponential(1.0, n) * np.exp(0.4 * trait)[loan] * 7.0)
    late = np.where(happens(rng, 0.02, n), late * 12.0, late)
    return np.where(happens(rng, chance[loan], n), late, early)


def _in_parts(rng: np.random.Generator, payments: Values, trait: NDArray[np.float64]) -> Values:
    """Split some payments in two, and leave some short."""
    chance = raised(0.055, trait, 1.2)
    split = np.flatnonzero(happens(rng, chance, len(trait)))
    share = rng.beta(1.2, 1.2, len(split))
    whole = payments["AMT_INSTALMENT"][split]
    payments["AMT_PAYMENT"][split] = np.round(np.round(whole * share / _CENT) * _CENT, 3)
    second = {name: column[split].copy() for name, column in payments.items()}
    second["AMT_PAYMENT"] = np.round(whole - payments["AMT_PAYMENT"][split], 3)
    later = np.floor(rng.exponential(9.0, len(split)))
    second["DAYS_ENTRY_PAYMENT"] = np.minimum(second["DAYS_ENTRY_PAYMENT"] + later, -1.0)
    # One part in ten never comes: the instalment stays short.
    comes = happens(rng, 0.9, len(split))
    return {name: np.concatenate([column, second[name][comes]]) for name, column in payments.items()}
