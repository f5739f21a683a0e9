"""Loans at other lenders: the kind, the dates, what the months say of lateness, and the amounts that follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.population.drawing.chain import Lean
from training.population.drawing.marginals import CODE_SCALE
from training.population.drawing.months import OLDEST_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from training.population.drawing.applicants import Applicants
    from training.population.drawing.chain import Chain
    from training.population.drawing.codes import Codes, Values

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]

# The traits that show in loans at other lenders, with their weight in the draw of each column.
LEANS = {
    "CREDIT_ACTIVE": ("burden", 0.50),
    "DAYS_CREDIT": ("burden", 0.50),
    "DEBT_RATIO": ("burden", 0.70),
    "WORST": ("indiscipline", 0.45),
    "N_LATE": ("indiscipline", 0.40),
    "TROUBLE": ("indiscipline", 0.45),
    "CNT_CREDIT_PROLONG": ("burden", 0.30),
}

_MONEY_STEP = 4.5
# A debt is at most this multiple of its loan; of those who would owe more than twenty incomes, so many owe less.
_MOST_OWED = 1.45
_INCOMES_OWED, _SHARE_LOWERED = 20.0, 0.45
# Trouble is whether a loan is overdue now, and what is known of the most it ever was: in tens and units.
NOT_KNOWN, NEVER, EVER = 0.0, 1.0, 2.0
_NOW = 10.0


def trouble(loans: Values) -> Floats:
    """Return per loan whether it is overdue now, and whether the highest overdue amount is unknown, zero or positive.

    Days without an amount, and amounts without days, are slips of the record that the population does not repeat.
    """
    most = loans["AMT_CREDIT_MAX_OVERDUE"]
    is_overdue = (loans["CREDIT_DAY_OVERDUE"] > 0) & (loans["AMT_CREDIT_SUM_OVERDUE"] > 0)
    known = np.where(np.isnan(most), NOT_KNOWN, np.where(most > 0, EVER, NEVER))
    return np.where(is_overdue & (known == NEVER), EVER, known) + np.where(is_overdue, _NOW, 0.0)


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
    found["TROUBLE"] = trouble(found)
    is_overdue = found["TROUBLE"] >= _NOW
    found["DAYS_LATE"] = np.where(is_overdue, found["CREDIT_DAY_OVERDUE"], np.nan)
    found["OVERDUE"] = np.where(is_overdue, found["AMT_CREDIT_SUM_OVERDUE"], np.nan)
    most = found["AMT_CREDIT_MAX_OVERDUE"]
    found["MOST_OVERDUE"] = np.where(most > 0, most, np.nan)
    return found


def table_values(drawn: Values, active: Sequence[str]) -> Values:
    """Return the columns of the table from the columns the chain drew; `active` are the labels of ``CREDIT_ACTIVE``."""
    found = dict(drawn)
    opened = found["DAYS_CREDIT"]
    is_closed = found["CREDIT_ACTIVE"] == active.index("Closed")
    found["DAYS_CREDIT_ENDDATE"] = due = opened + found["TERM"]
    life = np.round(found["LIFE_RATIO"] * _expected_life(opened, due))
    # A loan cannot have ended before it began, nor on the day of the application or later.
    ended = np.maximum(np.minimum(opened + np.maximum(life, 0.0), -1.0), opened)
    found["DAYS_ENDDATE_FACT"] = np.where(np.isnan(life), np.nan, ended)
    since = np.where(np.isnan(life), 0.0, ended)
    # What the record says of an end was written after it, and of a loan after it was opened.
    updated = np.maximum(since + found["UPDATE_LAG"], np.where(np.isnan(life), opened, ended))
    found["DAYS_CREDIT_UPDATE"] = np.clip(updated, OLDEST_DAY, 0.0)
    found["DEBT_RATIO"] = np.minimum(found["DEBT_RATIO"], _MOST_OWED)
    for ratio, amount in (("DEBT_RATIO", "AMT_CREDIT_SUM_DEBT"), ("ANNUITY_RATIO", "AMT_ANNUITY")):
        found[amount] = np.round(found[ratio] * found["AMT_CREDIT_SUM"] / _MONEY_STEP) * _MONEY_STEP
    _add_overdue(found, is_closed)
    return found


def _add_overdue(found: Values, is_closed: Flags) -> None:
    """Add what is overdue now and the most that ever was, from what the months and the trouble say."""
    is_now = (found["TROUBLE"] >= _NOW) & ~is_closed & (np.nan_to_num(found["AMT_CREDIT_SUM_DEBT"], nan=1.0) > 0)
    ever = np.mod(found["TROUBLE"], _NOW)
    owed = np.where(found["AMT_CREDIT_SUM_DEBT"] > 0, found["AMT_CREDIT_SUM_DEBT"], np.inf)
    amount = np.minimum(np.maximum(np.nan_to_num(found["OVERDUE"], nan=_MONEY_STEP), _MONEY_STEP), owed)
    found["CREDIT_DAY_OVERDUE"] = np.where(is_now, np.maximum(np.nan_to_num(found["DAYS_LATE"], nan=1.0), 1.0), 0.0)
    found["AMT_CREDIT_SUM_OVERDUE"] = overdue = np.where(is_now, amount, 0.0)
    most = np.maximum(np.nan_to_num(found["MOST_OVERDUE"], nan=_MONEY_STEP), overdue)
    found["AMT_CREDIT_MAX_OVERDUE"] = np.select([ever == EVER, ever == NEVER], [most, np.zeros(len(most))], np.nan)


def _keep_debt_bearable(rng: np.random.Generator, loans: Values, owner: NDArray[np.int64], income: Floats) -> None:
    """Lower the debts of most of those who would owe more than their income can ever bear: few lenders grant that."""
    debt = np.maximum(np.nan_to_num(loans["AMT_CREDIT_SUM_DEBT"]), 0.0)
    total = np.bincount(owner, debt, minlength=len(income))
    bearable = _INCOMES_OWED * income * rng.uniform(0.5, 1.0, len(income))
    is_lowered = (total > _INCOMES_OWED * income) & (rng.random(len(income)) < _SHARE_LOWERED)
    factor = np.where(is_lowered, bearable / np.maximum(total, 1.0), 1.0)[owner]
    lowered = np.round(debt * factor / _MONEY_STEP) * _MONEY_STEP
    changes = (factor < 1.0) & (debt > 0)
    loans["AMT_CREDIT_SUM_DEBT"] = np.where(
        changes, np.maximum(lowered, loans["AMT_CREDIT_SUM_OVERDUE"]), loans["AMT_CREDIT_SUM_DEBT"]
    )


def _expected_life(opened: Floats, due: Floats) -> Floats:
    """Return the days a loan would live: its term, or its age where no term is known."""
    term = due - opened
    life: Floats = np.where(np.isnan(term) | (term <= 0), np.maximum(-opened, 1.0), term)
    return life


def balance_codes(has_balances: Flags) -> Codes:
    """Return whether the monthly balances of loans are known, as codes."""
    return np.where(has_balances, CODE_SCALE, 0).astype(np.uint16)


def drawn_loans(chain: Chain, rng: np.random.Generator, applicants: Applicants, first_id: int) -> Values:
    """Draw the loans of a chunk of applicants, numbered from `first_id`."""
    owner = np.repeat(np.arange(len(applicants)), applicants.n_bureau)
    leans = {column: Lean(applicants.traits[trait][owner], weight) for column, (trait, weight) in LEANS.items()}
    own = {"HAS_BALANCES": balance_codes(applicants.has_balances[owner])}
    given = {name: own[name] if name in own else applicants.codes[name][owner] for name in chain.given}
    active = next(m.labels for m in chain.marginals if m.name == "CREDIT_ACTIVE")
    loans = table_values(chain.draw(rng, len(owner), given, leans).values, active)
    _keep_debt_bearable(rng, loans, owner, applicants.values["AMT_INCOME_TOTAL"])
    loans["OWNER"] = owner.astype(float)
    loans["SK_ID_CURR"] = applicants.ids[owner].astype(float)
    loans["SK_ID_BUREAU"] = first_id + np.arange(len(owner), dtype=float)
    return loans
