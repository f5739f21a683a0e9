"""Payments against the schedule of each loan: on time or late, whole or in parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.population.drawing.card_months import amount_codes
from training.population.drawing.chain import Lean
from training.population.drawing.chances import happens
from training.population.drawing.marginals import CODE_SCALE
from training.population.drawing.months import NO_DAY, OLDEST_DAY, spelled
from training.population.drawing.previous import DAYS_PER_INSTALMENT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.population.drawing.applicants import Applicants
    from training.population.drawing.chain import Chain
    from training.population.drawing.codes import Codes, Values

type Floats = NDArray[np.float64]
type Rows = NDArray[np.int64]

_CENT = 0.045
_CODES_PER_DAY, _CODES_PER_NUMBER = 22, 300
# How far a payment follows the habit of its loan, and the habit the applicant's.
_HABIT, _APPLICANT = 0.65, 0.85
# Of the short payments those that are paid in two parts, and of these those whose second part comes.
_SPLIT, _REST_COMES = 0.56, 0.985
# Days from the last payment of a loan to the end of its contract.
_SETTLING = 2.0


def drawn_instalments(
    chain: Chain, rng: np.random.Generator, applicants: Applicants, previous: Values, loans: Rows
) -> Values:
    """Draw the payments of the granted instalment loans at rows `loans` of `previous`.

    Every payment lies between the decision of its loan and the end of the contract. ``LOAN`` is the place of the loan
    in `loans`, ``IS_SETTLED`` tells whether the instalment is whole with this payment.
    """
    loan, number, is_last, is_early = _schedule(previous, loans)
    due = previous["DAYS_FIRST_DUE"][loans][loan] + DAYS_PER_INSTALMENT * (number - 1)
    amount = _amounts(previous, loans, loan, number, is_early)
    trait = applicants.traits["indiscipline"][previous["OWNER"][loans].astype(int)]
    is_card = np.zeros(len(loan), dtype=bool)
    codes = payment_codes(due=due, number=number.astype(float), amount=amount, is_card=is_card)
    drawn = drawn_delay(chain, rng, codes, trait, loan)
    payments = {
        "LOAN": loan.astype(float),
        "SK_ID_PREV": previous["SK_ID_PREV"][loans][loan],
        "SK_ID_CURR": previous["SK_ID_CURR"][loans][loan],
        "NUM_INSTALMENT_VERSION": _version(rng, loan, number, len(loans)) + (is_early & is_last),
        "NUM_INSTALMENT_NUMBER": number.astype(float),
        "DAYS_INSTALMENT": due,
        "DAYS_ENTRY_PAYMENT": due + drawn["DELAY"],
        "AMT_INSTALMENT": amount,
        "AMT_PAYMENT": amount.copy(),
        "IS_SETTLED": np.ones(len(loan)),
    }
    payments = _in_parts(rng, payments, drawn["IS_SHORT"] > 0)
    payments["DAYS_ENTRY_PAYMENT"] = _within_contract(payments, previous, loans)
    return payments


def _within_contract(payments: Values, previous: Values, loans: Rows) -> Floats:
    """Return days of payment that are neither before the decision nor after the contract has ended."""
    row = loans[payments["LOAN"].astype(int)]
    ended = previous["DAYS_TERMINATION"][row]
    # What closes a contract is its last payment, which takes some days to be booked.
    latest = np.where(ended == NO_DAY, -1.0, np.maximum(ended - _SETTLING, previous["DAYS_LAST_DUE"][row]))
    earliest = np.minimum(previous["DAYS_DECISION"][row], latest)
    days: Floats = np.clip(payments["DAYS_ENTRY_PAYMENT"], np.maximum(earliest, OLDEST_DAY), np.minimum(latest, -1.0))
    return days


def _schedule(previous: Values, loans: Rows) -> tuple[Rows, Rows, NDArray[np.bool_], NDArray[np.bool_]]:
    """Return loan and number of each instalment that fell due, whether it is the last and the loan ended early."""
    first, ended = previous["DAYS_FIRST_DUE"][loans], previous["DAYS_LAST_DUE"][loans]
    term = previous["CNT_PAYMENT"][loans]
    until = np.where(ended == NO_DAY, -1.0, ended)
    n_due = np.clip(np.floor((until - first) / DAYS_PER_INSTALMENT) + 1, 1, term)
    is_early = (ended != NO_DAY) & (n_due < term)
    loan, number = spelled(np.ones(len(loans), dtype=int), n_due.astype(int))
    return loan, number, number == n_due[loan], is_early[loan]


def _amounts(previous: Values, loans: Rows, loan: Rows, number: Rows, is_early: NDArray[np.bool_]) -> Floats:
    """Return what is due: the annuity, and with an early end the rest of the debt at once."""
    annuity = previous["AMT_ANNUITY"][loans][loan]
    term = previous["CNT_PAYMENT"][loans][loan]
    n_last = np.r_[loan[1:] != loan[:-1], True] if len(loan) else np.zeros(0, dtype=bool)
    # What is left is worth less than its instalments: the interest to come falls away.
    rest = annuity * (1.0 + 0.85 * (term - number))
    amount = np.where(n_last & is_early, rest, annuity)
    return np.round(np.round(amount / _CENT) * _CENT, 3)


def payment_codes(*, due: Floats, number: Floats, amount: Floats, is_card: NDArray[np.bool_]) -> dict[str, Codes]:
    """Return what is known of payments before they come, as codes."""
    return {
        "IS_CARD": np.where(is_card, CODE_SCALE, 0).astype(np.uint16),
        "DUE": (np.clip(-due, 0.0, -OLDEST_DAY) * _CODES_PER_DAY).astype(np.uint16),
        "NUMBER": np.minimum(number * _CODES_PER_NUMBER, CODE_SCALE).astype(np.uint16),
        "AMOUNT": amount_codes(amount),
    }


def drawn_delay(
    chain: Chain, rng: np.random.Generator, codes: dict[str, Codes], indiscipline: Floats, loan: Rows
) -> Values:
    """Draw days from due date to payment, and whether a payment is short.

    Applicants differ, and so do their loans: both show in every payment of a loan.

    Parameters
    ----------
    indiscipline
        Of the applicant, per loan.
    loan
        Loan of each payment.
    """
    habit = _APPLICANT * indiscipline + np.sqrt(1.0 - _APPLICANT**2) * rng.standard_normal(len(indiscipline))
    leans = {"DELAY": Lean(habit[loan], _HABIT), "IS_SHORT": Lean(habit[loan], _HABIT)}
    return chain.draw(rng, len(loan), codes, leans).values


def _version(rng: np.random.Generator, loan: Rows, number: Rows, n_loans: int) -> Floats:
    """Return the version of the schedule: some are written anew, some of those once more."""
    is_changed, again = happens(rng, 0.17, n_loans), happens(rng, 0.35, n_loans)
    first = 1 + np.floor(rng.exponential(6.0, n_loans))
    second = first + 1 + np.floor(rng.exponential(4.0, n_loans))
    changes = is_changed[loan] & (number > first[loan])
    changes_again = changes & again[loan] & (number > second[loan])
    return 1.0 + changes.astype(np.float64) + changes_again


def _in_parts(rng: np.random.Generator, payments: Values, is_short: NDArray[np.bool_]) -> Values:
    """Pay some instalments in two parts, and leave some short."""
    # Both parts of a split payment are short, so half as many payments are split.
    split = np.flatnonzero(is_short & happens(rng, _SPLIT, len(is_short)))
    share = rng.beta(1.2, 1.2, len(split))
    whole = payments["AMT_INSTALMENT"][split]
    payments["AMT_PAYMENT"][split] = np.round(np.round(whole * share / _CENT) * _CENT, 3)
    payments["IS_SETTLED"][split] = 0.0
    second = {name: column[split].copy() for name, column in payments.items()}
    second["AMT_PAYMENT"] = np.round(whole - payments["AMT_PAYMENT"][split], 3)
    second["IS_SETTLED"][:] = 1.0
    later = np.floor(rng.exponential(9.0, len(split)))
    second["DAYS_ENTRY_PAYMENT"] = second["DAYS_ENTRY_PAYMENT"] + later
    # What never comes is little: the instalment stays short, and its days past due go on.
    comes = happens(rng, _REST_COMES, len(split))
    return {name: np.concatenate([column, second[name][comes]]) for name, column in payments.items()}
