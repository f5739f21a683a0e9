"""Monthly balances of credit cards, and the payments against them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.signal import lfilter

from training.population.months import DAYS_PER_MONTH, OLDEST_MONTH, spelled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.population.applicants import Applicants
    from training.population.chain import Values

type Floats = NDArray[np.float64]
type Rows = NDArray[np.int64]

COVERAGE = 0.95
STATUSES = ("Active", "Completed", "Signed")
_NEVER_USED = 0.36
_MEMORY = 0.93
_MONTHLY_INTEREST = 0.03
_LIMITS = 45000.0 * np.array([1.0, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 10.0])


@dataclass(frozen=True)
class _Cards:
    """Cards and their months: per card (first), per month (from `card` on)."""

    limit: Floats
    is_used: NDArray[np.bool_]
    strain: Floats
    indiscipline: Floats
    card: Rows
    month: Rows
    first: Rows


def drawn_cards(rng: np.random.Generator, applicants: Applicants, previous: Values, loans: Rows) -> Values:
    """Draw the months of the granted cards at rows `loans` of `previous`."""
    loans = loans[rng.random(len(loans)) < COVERAGE]
    cards = _opened(rng, applicants, previous, loans)
    balance = _balances(rng, cards)
    before = np.where(_is_first(cards), 0.0, np.r_[0.0, balance[:-1]])
    minimum = np.where(balance > 0, np.minimum(0.05 * cards.limit[cards.card], balance), 0.0)
    payment, drawn = _movements(rng, before, balance, np.r_[0.0, minimum[:-1]] * ~_is_first(cards))
    months = {
        "SK_ID_PREV": previous["SK_ID_PREV"][loans][cards.card],
        "SK_ID_CURR": previous["SK_ID_CURR"][loans][cards.card],
        "MONTHS_BALANCE": cards.month.astype(float),
        "AMT_BALANCE": balance,
        "AMT_CREDIT_LIMIT_ACTUAL": cards.limit[cards.card],
        "AMT_INST_MIN_REGULARITY": minimum,
        "AMT_PAYMENT_CURRENT": payment,
        "AMT_PAYMENT_TOTAL_CURRENT": payment.copy(),
        "AMT_RECEIVABLE_PRINCIPAL": _cents(0.955 * balance),
        "AMT_RECIVABLE": balance,
        "AMT_TOTAL_RECEIVABLE": balance,
        "CNT_INSTALMENT_MATURE_CUM": _running_count(cards, minimum > 0),
        "NAME_CONTRACT_STATUS": _status(rng, cards),
        **_drawings(rng, cards, drawn),
        **_days_past_due(rng, cards, balance),
    }
    return _with_gaps(rng, cards, months)


def drawn_payments(rng: np.random.Generator, months: Values) -> Values:
    """Draw the single payments behind the monthly sums of cards; they follow no schedule (version 0)."""
    paid = np.nan_to_num(months["AMT_PAYMENT_CURRENT"])
    rows = np.repeat(np.flatnonzero(paid > 0), 1 + rng.poisson(1.6, int((paid > 0).sum())))
    due = np.floor((months["MONTHS_BALANCE"][rows] + rng.random(len(rows))) * DAYS_PER_MONTH)
    amount = _cents(paid[rows] * rng.random(len(rows)))
    delay = np.where(rng.random(len(rows)) < 0.04, np.ceil(rng.exponential(6.0, len(rows))), 0.0)
    early = np.where(rng.random(len(rows)) < 0.35, np.floor(rng.exponential(6.0, len(rows))), 0.0)
    return {
        "SK_ID_PREV": months["SK_ID_PREV"][rows],
        "SK_ID_CURR": months["SK_ID_CURR"][rows],
        "NUM_INSTALMENT_VERSION": np.zeros(len(rows)),
        "NUM_INSTALMENT_NUMBER": np.maximum(np.nan_to_num(months["CNT_INSTALMENT_MATURE_CUM"][rows]), 1.0),
        "DAYS_INSTALMENT": np.minimum(due, -1.0),
        "DAYS_ENTRY_PAYMENT": np.minimum(due + np.where(delay > 0, delay, -early), -1.0),
        "AMT_INSTALMENT": amount,
        "AMT_PAYMENT": amount.copy(),
    }


def _opened(rng: np.random.Generator, applicants: Applicants, previous: Values, loans: Rows) -> _Cards:
    """Return the cards with their limits and months."""
    n = len(loans)
    granted = previous["AMT_CREDIT"][loans]
    owner = previous["OWNER"][loans].astype(int)
    first = np.clip(np.floor(previous["DAYS_DECISION"][loans] / DAYS_PER_MONTH), OLDEST_MONTH, -1).astype(int)
    card, month = spelled(first, np.maximum(-1 - (rng.random(n) < 0.4), first))
    strain = applicants.traits["strain"][owner]
    return _Cards(
        limit=np.where(granted > 0, np.round(granted / 4500.0) * 4500.0, rng.choice(_LIMITS, n)),
        is_used=rng.random(n) >= _NEVER_USED,
        strain=strain,
        indiscipline=applicants.traits["indiscipline"][owner],
        card=card,
        month=month,
        first=first,
    )


def _balances(rng: np.random.Generator, cards: _Cards) -> Floats:
    """Return the balance each month: a share of the limit that moves slowly around the card's habit."""
    n = len(cards.limit)
    habit = 0.25 + 0.16 * cards.strain + 0.35 * rng.standard_normal(n)
    steps = rng.standard_normal(len(cards.card)) * np.sqrt(1 - _MEMORY**2)
    wander = np.asarray(lfilter([1.0], [1.0, -_MEMORY], steps)) if len(steps) else steps
    share = np.clip(habit[cards.card] + 0.35 * wander, 0.0, 1.06)
    starts = cards.first + np.floor(rng.exponential(3.0, n))
    in_use = cards.is_used[cards.card] & (cards.month > starts[cards.card])
    return _cents(np.where(in_use & (share > 0.02), share, 0.0) * cards.limit[cards.card])


def _movements(rng: np.random.Generator, before: Floats, balance: Floats, minimum: Floats) -> tuple[Floats, Floats]:
    """Return payments and drawings that lead from one balance to the next with interest."""
    wanted = minimum * np.where(rng.random(len(balance)) < 0.5, 1.0, 1.0 + rng.exponential(1.0, len(balance)))
    grown = before * (1.0 + _MONTHLY_INTEREST)
    drawn = np.maximum(balance - grown + wanted, 0.0)
    # Small differences are interest, not drawings.
    drawn = np.where(drawn < 0.02 * np.maximum(balance, before) + 450.0, 0.0, np.round(drawn / 45.0) * 45.0)
    return _cents(np.maximum(grown + drawn - balance, 0.0)), drawn


def _drawings(rng: np.random.Generator, cards: _Cards, drawn: Floats) -> Values:
    """Return drawings by place: the counter for those under strain, shops for others."""
    n = len(cards.limit)
    taste = 1.0 / (1.0 + np.exp(-(0.7 + 0.5 * cards.strain + 1.5 * rng.standard_normal(n))))
    at_counter = np.where(rng.random(len(drawn)) < taste[cards.card], np.floor(drawn / 2250.0) * 2250.0, 0.0)
    in_shops = drawn - at_counter
    counts = {
        "ATM": np.where(at_counter > 0, 1.0 + rng.poisson(0.9, len(drawn)), 0.0),
        "POS": np.where(in_shops > 0, 1.0 + rng.poisson(np.minimum(in_shops / 6000.0, 20.0)), 0.0),
        "OTHER": np.zeros(len(drawn)),
    }
    return {
        "AMT_DRAWINGS_ATM_CURRENT": at_counter,
        "AMT_DRAWINGS_CURRENT": drawn,
        "AMT_DRAWINGS_OTHER_CURRENT": np.zeros(len(drawn)),
        "AMT_DRAWINGS_POS_CURRENT": in_shops,
        "CNT_DRAWINGS_CURRENT": counts["ATM"] + counts["POS"],
        **{f"CNT_DRAWINGS_{place}_CURRENT": count for place, count in counts.items()},
    }


def _days_past_due(rng: np.random.Generator, cards: _Cards, balance: Floats) -> Values:
    """Return days past due, mostly below what the lender tolerates."""
    chance = np.minimum(0.05 * np.exp(0.6 * cards.indiscipline - 0.18), 0.6)
    is_late = (balance > 0) & (rng.random(len(balance)) < chance[cards.card])
    days = np.where(is_late, np.ceil(rng.lognormal(1.5, 1.2, len(balance))), 0.0)
    return {"SK_DPD": days, "SK_DPD_DEF": np.where(rng.random(len(days)) < 0.5, np.minimum(days, 1.0), 0.0)}


def _status(rng: np.random.Generator, cards: _Cards) -> NDArray[np.int8]:
    """Return the status of each month: active, completed from some month on, or signed at the start."""
    n = len(cards.limit)
    ends = np.where(rng.random(n) < 0.07, cards.first * rng.random(n), 1.0)
    status = np.where(cards.month >= ends[cards.card], 1, 0)
    signs = (rng.random(n) < 0.1)[cards.card] & _is_first(cards)
    return np.where(signs, 2, status).astype(np.int8)


def _with_gaps(rng: np.random.Generator, cards: _Cards, months: Values) -> Values:
    """Leave out what the lender does not record for cards that were never used."""
    blank = (~cards.is_used & (rng.random(len(cards.limit)) < 0.85))[cards.card]
    for name in months:
        if name.startswith(("AMT_DRAWINGS_", "CNT_DRAWINGS_")) and name.count("_") > 2:  # noqa: PLR2004
            months[name] = np.where(blank, np.nan, months[name])
    months["AMT_PAYMENT_CURRENT"] = np.where(blank, np.nan, months["AMT_PAYMENT_CURRENT"])
    unset = blank & (rng.random(len(cards.limit)) < 0.25)[cards.card]
    for name in ("AMT_INST_MIN_REGULARITY", "CNT_INSTALMENT_MATURE_CUM"):
        months[name] = np.where(unset, np.nan, months[name])
    return months


def _is_first(cards: _Cards) -> NDArray[np.bool_]:
    return cards.month == cards.first[cards.card]


def _running_count(cards: _Cards, is_counted: NDArray[np.bool_]) -> Floats:
    """Return how many counted months each card has had so far."""
    total = np.cumsum(is_counted)
    start = np.flatnonzero(_is_first(cards))
    before = (total - is_counted)[start]
    return (total - before[np.cumsum(_is_first(cards)) - 1]).astype(float)


def _cents(amount: Floats) -> Floats:
    return np.round(np.round(amount / 0.045) * 0.045, 3)
