"""Loans at other lenders, and their monthly balances."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.population.drawing.chain import Lean
from training.population.drawing.chances import happens, raised
from training.population.drawing.months import DAYS_PER_MONTH, OLDEST_DAY, OLDEST_MONTH, spelled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.population.drawing.applicants import Applicants
    from training.population.drawing.chain import Chain
    from training.population.drawing.codes import Values

type Floats = NDArray[np.float64]
type Rows = NDArray[np.int64]

# The traits that show in loans at other lenders, with their weight in the draw of each column.
LEANS = {
    "CREDIT_ACTIVE": ("burden", 0.50),
    "DAYS_CREDIT": ("burden", 0.50),
    "DEBT_RATIO": ("burden", 0.70),
    "CREDIT_DAY_OVERDUE": ("indiscipline", 0.40),
    "AMT_CREDIT_MAX_OVERDUE": ("indiscipline", 0.55),
    "AMT_CREDIT_SUM_OVERDUE": ("indiscipline", 0.40),
    "CNT_CREDIT_PROLONG": ("burden", 0.30),
}

# Every test application has the balances of its loans; of the training applications about a third.
TRAIN_COVERAGE = 0.355

STATUSES = ("C", "0", "1", "2", "3", "4", "5", "X")
_CLOSED, _PAID, _UNKNOWN = 0, 1, 7
# Shares of loans reported every month, and in no month.
_ALWAYS, _NEVER = 0.42, 0.15


def model_values(loans: Values) -> Values:
    """Return the columns the chain draws, from the columns of the table; the inverse is `table_values`."""
    found = dict(loans)
    opened, due, ended = found["DAYS_CREDIT"], found["DAYS_CREDIT_ENDDATE"], found["DAYS_ENDDATE_FACT"]
    found["TERM"] = due - opened
    found["LIFE_RATIO"] = np.round((ended - opened) / _expected_life(opened, due), 3)
    found["UPDATE_LAG"] = found["DAYS_CREDIT_UPDATE"] - np.where(np.isnan(ended), 0.0, ended)
    total = np.where(found["AMT_CREDIT_SUM"] > 0, found["AMT_CREDIT_SUM"], np.nan)
    for ratio, amount in (("DEBT_RATIO", "AMT_CREDIT_SUM_DEBT"), ("ANNUITY_RATIO", "AMT_ANNUITY")):
        known = np.where(np.isnan(total), found[amount] * 0.0, found[amount] / total)
        found[ratio] = np.round(known, 4)
    return found


def table_values(drawn: Values) -> Values:
    """Return the columns of the table from the columns the chain drew."""
    found = dict(drawn)
    opened = found["DAYS_CREDIT"]
    found["DAYS_CREDIT_ENDDATE"] = due = opened + found["TERM"]
    life = np.round(found["LIFE_RATIO"] * _expected_life(opened, due))
    # A loan cannot have ended before it began, nor on the day of the application or later.
    ended = np.maximum(np.minimum(opened + np.maximum(life, 0.0), -1.0), opened)
    found["DAYS_ENDDATE_FACT"] = np.where(np.isnan(life), np.nan, ended)
    updated = found["UPDATE_LAG"] + np.where(np.isnan(life), 0.0, ended)
    found["DAYS_CREDIT_UPDATE"] = np.clip(updated, OLDEST_DAY, 0.0)
    for ratio, amount in (("DEBT_RATIO", "AMT_CREDIT_SUM_DEBT"), ("ANNUITY_RATIO", "AMT_ANNUITY")):
        found[amount] = np.round(found[ratio] * found["AMT_CREDIT_SUM"] / 4.5) * 4.5
    return found


def _expected_life(opened: Floats, due: Floats) -> Floats:
    """Return the days a loan would live: its term, or its age where no term is known."""
    term = due - opened
    life: Floats = np.where(np.isnan(term) | (term <= 0), np.maximum(-opened, 1.0), term)
    return life


def drawn_loans(chain: Chain, rng: np.random.Generator, applicants: Applicants, first_id: int) -> Values:
    """Draw the loans of a chunk of applicants, numbered from `first_id`."""
    owner = np.repeat(np.arange(len(applicants)), applicants.n_bureau)
    leans = {column: Lean(applicants.traits[trait][owner], weight) for column, (trait, weight) in LEANS.items()}
    given = {name: applicants.codes[name][owner] for name in chain.given}
    loans = table_values(chain.draw(rng, len(owner), given, leans).values)
    loans["OWNER"] = owner.astype(float)
    loans["SK_ID_CURR"] = applicants.ids[owner].astype(float)
    loans["SK_ID_BUREAU"] = first_id + np.arange(len(owner), dtype=float)
    return loans


def drawn_balances(rng: np.random.Generator, applicants: Applicants, loans: Values) -> Values:
    """Draw the monthly status of the loans of those applicants whose balances are known."""
    is_known = applicants.is_test | happens(rng, TRAIN_COVERAGE, len(applicants))
    owner = loans["OWNER"].astype(int)
    kept = np.flatnonzero(is_known[owner])
    owner = owner[kept]
    first = np.clip(np.floor(loans["DAYS_CREDIT"][kept] / DAYS_PER_MONTH) + 1, OLDEST_MONTH, 0).astype(int)
    # Nine loans in ten are reported up to the application, the others stop somewhere before.
    stops = happens(rng, 0.08, len(kept))
    last = np.where(stops, np.round(first * rng.random(len(kept))), 0).astype(int)
    loan, month = spelled(first, last)
    return {
        "SK_ID_BUREAU": loans["SK_ID_BUREAU"][kept][loan],
        "MONTHS_BALANCE": month.astype(float),
        "STATUS": _statuses(rng, applicants, owner, loans["DAYS_ENDDATE_FACT"][kept], loan, month),
    }


def _statuses(
    rng: np.random.Generator,
    applicants: Applicants,
    owner: Rows,
    ended: Floats,
    loan: Rows,
    month: Rows,
) -> NDArray[np.int8]:
    """Return the status of each month: closed after the end, unknown in part, late for those who pay late."""
    n_loans = len(owner)
    # Whether a month is reported is a habit of the lender: often always, sometimes never.
    unknown_share = np.clip((rng.random(n_loans) - _ALWAYS) / (1.0 - _ALWAYS - _NEVER), 0.0, 1.0)
    late_share = _late_share(rng, applicants.traits["indiscipline"][owner])
    chance = rng.random(len(loan), dtype=np.float32)
    status = np.where(chance < late_share[loan], _late_status(rng, len(loan)), _PAID).astype(np.int8)
    status[rng.random(len(loan), dtype=np.float32) < unknown_share[loan]] = _UNKNOWN
    closes = np.where(np.isnan(ended) | happens(rng, 0.15, n_loans), 1.0, np.floor(ended / DAYS_PER_MONTH) + 1)
    status[month >= closes[loan]] = _CLOSED
    return status


def _late_share(rng: np.random.Generator, indiscipline: Floats) -> Floats:
    """Return the share of late months per loan: most loans are never late."""
    is_ever_late = happens(rng, raised(0.17, indiscipline, 0.6), len(indiscipline))
    return np.where(is_ever_late, raised(0.14, indiscipline, 0.4), 0.0)


def _late_status(rng: np.random.Generator, n_rows: int) -> NDArray[np.int8]:
    """Return how late: mostly the first month."""
    return rng.choice(np.arange(2, 7, dtype=np.int8), size=n_rows, p=[0.82, 0.055, 0.025, 0.01, 0.09])
