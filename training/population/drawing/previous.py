"""Previous applications at the lender: what was asked, what was granted, and the schedule that followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.population.drawing.chain import Lean
from training.population.drawing.months import NO_DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.population.drawing.applicants import Applicants
    from training.population.drawing.chain import Chain
    from training.population.drawing.codes import Values

# The traits that show in previous applications, with their weight in the draw of each column.
LEANS = {
    "NAME_CONTRACT_STATUS": ("strain", 0.60),
    "DAYS_DECISION": ("strain", 0.60),
    "NAME_YIELD_GROUP": ("strain", 0.50),
    "CNT_PAYMENT": ("strain", 0.30),
    "DOWN_RATIO": ("strain", -0.60),
    "GRANTED_RATIO": ("strain", 0.50),
}

# A date that does not exist, while it is a lag in days; no real lag comes near.
NO_LAG = 9999.0
_DAYS_PER_INSTALMENT = 30.0
# The lender counts the down payment with this factor in the rate (read off the data, exact to eight digits).
_DOWN_PAYMENT_FACTOR = 1.0890909
_MONEY_STEP, _CENT = 4.5, 0.045
_MOST_GRANTED = 10.0

# Each date as a lag after another: date, lag, what it lags behind.
_LAGS = (
    ("DAYS_FIRST_DRAWING", "FIRST_DRAWING_LAG"),
    ("DAYS_FIRST_DUE", "FIRST_DUE_LAG"),
    ("DAYS_LAST_DUE_1ST_VERSION", "PLANNED_END_LAG"),
    ("DAYS_LAST_DUE", "LAST_DUE_LAG"),
    ("DAYS_TERMINATION", "TERMINATION_LAG"),
)


def model_values(previous: Values) -> Values:
    """Return the columns the chain draws, from the columns of the table; the inverse is `table_values`."""
    found = dict(previous)
    asked, credit = found["AMT_APPLICATION"], found["AMT_CREDIT"]
    found["ASKED"] = (asked > 0).astype(float)
    found["AMOUNT"] = np.where(asked > 0, asked, credit)
    down = np.nan_to_num(found["AMT_DOWN_PAYMENT"])
    to_finance = np.maximum(asked - down, _CENT)
    found["DOWN_RATIO"] = np.where(asked > 0, np.round(found["AMT_DOWN_PAYMENT"] / np.maximum(asked, _CENT), 4), np.nan)
    found["GRANTED_RATIO"] = np.where(asked > 0, np.round(np.minimum(credit / to_finance, _MOST_GRANTED), 4), 1.0)
    found["GOODS_KNOWN"] = (~np.isnan(found["AMT_GOODS_PRICE"])).astype(float)
    found["ANNUITY_RATIO"] = np.round(found["AMT_ANNUITY"] / np.where(credit > 0, credit, np.nan), 5)
    dates = {date: found[date] for date, _ in _LAGS}
    for date, lag in _LAGS:
        start = _lag_start(date, found | dates)
        known = dates[date] - start
        found[lag] = np.where(dates[date] == NO_DAY, NO_LAG, known)
    return found


def table_values(drawn: Values) -> Values:
    """Return the columns of the table from the columns the chain drew."""
    found = dict(drawn)
    amount, asked = found["AMOUNT"], found["ASKED"] > 0
    found["AMT_APPLICATION"] = np.where(asked, amount, 0.0)
    # A down payment is asked as a share of the price, rounded up to the money step.
    down = np.where(asked, np.ceil(np.round(found["DOWN_RATIO"] * amount / _MONEY_STEP, 2)) * _MONEY_STEP, np.nan)
    financed = np.maximum(amount - np.nan_to_num(down), _MONEY_STEP)
    found["AMT_CREDIT"] = credit = np.where(asked, _money(financed * found["GRANTED_RATIO"]), amount)
    found["AMT_GOODS_PRICE"] = np.where((found["GOODS_KNOWN"] > 0) & asked, amount, np.nan)
    found["AMT_ANNUITY"] = _cents(found["ANNUITY_RATIO"] * credit)
    found["AMT_DOWN_PAYMENT"] = down
    found["RATE_DOWN_PAYMENT"] = down * _DOWN_PAYMENT_FACTOR / np.maximum(credit + down, _CENT)
    never_granted = np.isnan(found["FIRST_DUE_LAG"])
    for date, lag in _LAGS:
        days_later = np.nan_to_num(found[lag], nan=NO_LAG)
        day = _lag_start(date, found) + days_later
        # A date that is still to come is not known yet, but for the end that the contract plans.
        to_come = (day >= 0) & (date != "DAYS_LAST_DUE_1ST_VERSION")
        day = np.where((days_later >= NO_LAG) | to_come, NO_DAY, day)
        found[date] = np.where(never_granted, np.nan, day)
    return found


def _lag_start(date: str, found: Values) -> NDArray[np.float64]:
    """Return the day a date's lag counts from; the decision where the natural one does not exist."""
    decided = found["DAYS_DECISION"]
    if date in {"DAYS_FIRST_DRAWING", "DAYS_FIRST_DUE"}:
        return decided
    if date == "DAYS_TERMINATION":
        return _known_or(found["DAYS_LAST_DUE"], decided)
    if date == "DAYS_LAST_DUE":
        return _known_or(found["DAYS_LAST_DUE_1ST_VERSION"], decided)
    n_more = np.maximum(np.nan_to_num(found["CNT_PAYMENT"]) - 1, 0.0)
    return _known_or(found["DAYS_FIRST_DUE"], decided) + _DAYS_PER_INSTALMENT * n_more


def _known_or(day: NDArray[np.float64], otherwise: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isnan(day) | (day == NO_DAY), otherwise, day)


def _money(amount: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return amounts of credit, nearly all multiples of the same step."""
    return np.round(amount / _MONEY_STEP) * _MONEY_STEP


def _cents(amount: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return amounts as multiples of a cent of the data set."""
    return np.round(np.round(amount / _CENT) * _CENT, 3)


def drawn_previous(chain: Chain, rng: np.random.Generator, applicants: Applicants, first_id: int) -> Values:
    """Draw the previous applications of a chunk of applicants, numbered from `first_id`."""
    owner = np.repeat(np.arange(len(applicants)), applicants.n_previous)
    leans = {column: Lean(applicants.traits[trait][owner], weight) for column, (trait, weight) in LEANS.items()}
    given = {name: applicants.codes[name][owner] for name in chain.given}
    previous = table_values(chain.draw(rng, len(owner), given, leans).values)
    previous["OWNER"] = owner.astype(float)
    previous["SK_ID_CURR"] = applicants.ids[owner].astype(float)
    previous["SK_ID_PREV"] = first_id + np.arange(len(owner), dtype=float)
    return previous


def granted(previous: Values, chain: Chain, *, revolving: bool) -> NDArray[np.int64]:
    """Return the rows of granted loans: cards, or loans with a schedule of instalments that has begun."""
    labels = {marginal.name: marginal.labels for marginal in chain.marginals}
    is_approved = previous["NAME_CONTRACT_STATUS"] == labels["NAME_CONTRACT_STATUS"].index("Approved")
    is_card = previous["NAME_CONTRACT_TYPE"] == labels["NAME_CONTRACT_TYPE"].index("Revolving loans")
    if revolving:
        return np.flatnonzero(is_approved & is_card)
    has_schedule = (previous["DAYS_FIRST_DUE"] < 0) & (previous["CNT_PAYMENT"] > 0) & (previous["AMT_ANNUITY"] > 0)
    return np.flatnonzero(is_approved & ~is_card & has_schedule)
