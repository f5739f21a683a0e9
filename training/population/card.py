"""Monthly balances of credit cards, drawn month after month, and the payments against them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.population.chain import Lean
from training.population.chances import happens
from training.population.marginals import CODE_SCALE
from training.population.months import DAYS_PER_MONTH, OLDEST_MONTH, spelled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.population.applicants import Applicants
    from training.population.chain import Chain, Codes, Values
    from training.population.profile import Profile

type Floats = NDArray[np.float64]
type Rows = NDArray[np.int64]

COVERAGE = 0.95
STATUSES = ("Active", "Completed", "Signed")
# Limits and amounts are multiples of these; the smallest usual limit stands in for a limit of zero.
_LIMIT_STEP, _CENT, _SMALLEST = 4500.0, 0.045, 45000.0

# The traits that show in a month of a card, with their weight in the draw of each column.
LEANS = {
    "ATM": ("strain", 0.60),
    "PAYMENT": ("strain", -0.60),
    "SK_DPD": ("indiscipline", 0.40),
}
# The same for the card as a whole.
CARD_LEANS = {"IS_USED": ("strain", 0.40), "LIMIT": ("strain", -0.40)}


def scale(limit: Floats) -> Floats:
    """Return the amount that the money of a card is measured by."""
    return np.maximum(limit, _SMALLEST)


def use_codes(use: Floats) -> Codes:
    """Return the share of the limit in use as codes, from none to one and a half times the limit."""
    codes: Codes = (np.clip(use / 1.5, 0.0, 1.0) * CODE_SCALE).astype(np.uint16)
    return codes


def age_codes(age_months: NDArray[np.int64]) -> Codes:
    """Return the age of a card in months as codes."""
    codes: Codes = (np.minimum(age_months, -OLDEST_MONTH) * 600).astype(np.uint16)
    return codes


def drawn_cards(
    profile: Profile, rng: np.random.Generator, applicants: Applicants, previous: Values, loans: Rows
) -> Values:
    """Draw the months of the granted cards at rows `loans` of `previous`."""
    loans = loans[happens(rng, COVERAGE, len(loans))]
    owner = previous["OWNER"][loans].astype(int)
    first = np.clip(np.floor(previous["DAYS_DECISION"][loans] / DAYS_PER_MONTH), OLDEST_MONTH, -1).astype(int)
    # The longest first: the cards that still have a month to draw are always the first ones.
    order = np.argsort(first, kind="stable")
    loans, owner, first = loans[order], owner[order], first[order]
    traits = {name: trait[owner] for name, trait in applicants.traits.items()}
    known = applicants.codes | {"AGE": np.zeros(len(applicants), dtype=np.uint16)}
    given = {name: known[name][owner] for name in profile.card.given} | {"AGE": age_codes(-first)}
    leans = {column: Lean(traits[trait], weight) for column, (trait, weight) in CARD_LEANS.items()}
    opened = profile.card.draw(rng, len(loans), given, leans)
    last = np.maximum(-1 - happens(rng, 0.4, len(loans)).astype(int), first)
    grid = _month_grid(profile.card_month, rng, opened.values, traits, last - first + 1)
    card, month = spelled(first, last)
    months = {name: column[card, month - first[card]] for name, column in grid.items()}
    ids = {key: previous[key][loans][card] for key in ("SK_ID_PREV", "SK_ID_CURR")}
    limit = opened.values["LIMIT"][card]
    months |= ids | {"MONTHS_BALANCE": month.astype(float), "AMT_CREDIT_LIMIT_ACTUAL": limit}
    months["NAME_CONTRACT_STATUS"] = _status(rng, first, card, month)
    return _with_gaps(rng, _as_table(months), opened.values["IS_USED"] > 0, card)


def _month_grid(
    chain: Chain, rng: np.random.Generator, cards: Values, traits: dict[str, Floats], n_months: Rows
) -> dict[str, Floats]:
    """Return amounts per card and month since its opening, shape ``(n_cards, most months)``."""
    n_cards, longest = len(n_months), int(n_months.max(initial=0))
    names = ("AMT_BALANCE", "MIN", "PAYMENT", "ATM", "POS", "N_ATM", "N_POS", "SK_DPD", "SK_DPD_DEF")
    grid = {name: np.zeros((n_cards, longest), dtype=np.float64) for name in names}
    base = scale(cards["LIMIT"])
    for age in range(longest):
        n = int(np.searchsorted(-n_months, -age))
        before = grid["AMT_BALANCE"][:n, age - 1] if age else np.zeros(n)
        ever = grid["AMT_BALANCE"][:n, :age].max(axis=1) if age else np.zeros(n)
        given = {
            "USE_BEFORE": use_codes(before / base[:n]),
            "MOST_USED": use_codes(ever / base[:n]),
            "AGE": age_codes(np.full(n, age)),
        }
        leans = {column: Lean(traits[trait][:n], weight) for column, (trait, weight) in LEANS.items()}
        drawn = chain.draw(rng, n, given, leans).values
        _add_month(grid, age, drawn, before, base[:n] * (cards["IS_USED"][:n] > 0))
    return grid


def _add_month(grid: dict[str, Floats], age: int, drawn: Values, before: Floats, base: Floats) -> None:
    """Write one month: drawings, payment, and the balance that follows from them."""
    n = len(before)
    atm, pos = (np.round(drawn[place] * base / step) * step for place, step in (("ATM", 450.0), ("POS", 0.45)))
    payment = np.round(drawn["PAYMENT"] * base / 45.0) * 45.0
    balance = before + atm + pos - payment + drawn["REST"] * base
    balance = np.where(balance < 0.005 * base, 0.0, balance)
    columns = {
        "AMT_BALANCE": balance,
        "MIN": np.where(balance > 0, np.minimum(drawn["MIN"] * base, balance), 0.0),
        "PAYMENT": payment,
        "ATM": atm,
        "POS": pos,
        "N_ATM": np.where(atm > 0, np.maximum(drawn["N_ATM"], 1.0), 0.0),
        "N_POS": np.where(pos > 0, np.maximum(drawn["N_POS"], 1.0), 0.0),
        "SK_DPD": np.where(balance > 0, drawn["SK_DPD"], 0.0),
        "SK_DPD_DEF": np.where(balance > 0, np.minimum(drawn["SK_DPD_DEF"], drawn["SK_DPD"]), 0.0),
    }
    for name, column in columns.items():
        grid[name][:n, age] = column


def _as_table(months: Values) -> Values:
    """Return the columns of the table from the amounts of the months."""
    atm, pos = months["ATM"], months["POS"]
    balance, payment = _cents(months["AMT_BALANCE"]), _cents(months["PAYMENT"])
    none = np.zeros(len(atm))
    return months | {
        "AMT_BALANCE": balance,
        "AMT_DRAWINGS_ATM_CURRENT": atm,
        "AMT_DRAWINGS_POS_CURRENT": pos,
        "AMT_DRAWINGS_OTHER_CURRENT": none,
        "AMT_DRAWINGS_CURRENT": atm + pos,
        "CNT_DRAWINGS_ATM_CURRENT": months["N_ATM"],
        "CNT_DRAWINGS_POS_CURRENT": months["N_POS"],
        "CNT_DRAWINGS_OTHER_CURRENT": none.copy(),
        "CNT_DRAWINGS_CURRENT": months["N_ATM"] + months["N_POS"],
        "AMT_INST_MIN_REGULARITY": _cents(months["MIN"]),
        "AMT_PAYMENT_CURRENT": payment,
        "AMT_PAYMENT_TOTAL_CURRENT": payment.copy(),
        "AMT_RECEIVABLE_PRINCIPAL": _cents(0.955 * balance),
        "AMT_RECIVABLE": balance,
        "AMT_TOTAL_RECEIVABLE": balance,
        "CNT_INSTALMENT_MATURE_CUM": _running_count(months["SK_ID_PREV"], months["MIN"] > 0),
    }


def drawn_payments(rng: np.random.Generator, months: Values) -> Values:
    """Draw the single payments behind the monthly sums of cards; they follow no schedule (version 0)."""
    paid = np.nan_to_num(months["AMT_PAYMENT_CURRENT"])
    rows = np.repeat(np.flatnonzero(paid > 0), 1 + rng.poisson(1.6, int((paid > 0).sum())))
    due = np.floor((months["MONTHS_BALANCE"][rows] + rng.random(len(rows))) * DAYS_PER_MONTH)
    amount = _cents(paid[rows] * rng.random(len(rows)))
    late = np.where(happens(rng, 0.04, len(rows)), np.ceil(rng.exponential(6.0, len(rows))), 0.0)
    early = np.where(happens(rng, 0.35, len(rows)), np.floor(rng.exponential(6.0, len(rows))), 0.0)
    return {
        "SK_ID_PREV": months["SK_ID_PREV"][rows],
        "SK_ID_CURR": months["SK_ID_CURR"][rows],
        "NUM_INSTALMENT_VERSION": np.zeros(len(rows)),
        "NUM_INSTALMENT_NUMBER": np.maximum(np.nan_to_num(months["CNT_INSTALMENT_MATURE_CUM"][rows]), 1.0),
        "DAYS_INSTALMENT": np.minimum(due, -1.0),
        "DAYS_ENTRY_PAYMENT": np.minimum(due + np.where(late > 0, late, -early), -1.0),
        "AMT_INSTALMENT": amount,
        "AMT_PAYMENT": amount.copy(),
    }


def _status(rng: np.random.Generator, first: Rows, card: Rows, month: Rows) -> NDArray[np.int8]:
    """Return the status of each month: active, completed from some month on, or signed at the start."""
    n = len(first)
    ends = np.where(happens(rng, 0.07, n), first * rng.random(n), 1.0)
    status = np.where(month >= ends[card], 1, 0)
    signs = happens(rng, 0.1, n)[card] & (month == first[card])
    return np.where(signs, 2, status).astype(np.int8)


def _with_gaps(rng: np.random.Generator, months: Values, is_used: NDArray[np.bool_], card: Rows) -> Values:
    """Leave out what the lender does not record for cards that were never used."""
    blank = (~is_used & happens(rng, 0.93, len(is_used)))[card]
    for place in ("ATM", "POS", "OTHER"):
        for measure in ("AMT", "CNT"):
            name = f"{measure}_DRAWINGS_{place}_CURRENT"
            months[name] = np.where(blank, np.nan, months[name])
    months["AMT_PAYMENT_CURRENT"] = np.where(blank, np.nan, months["AMT_PAYMENT_CURRENT"])
    unset = blank & happens(rng, 0.25, len(is_used))[card]
    for name in ("AMT_INST_MIN_REGULARITY", "CNT_INSTALMENT_MATURE_CUM"):
        months[name] = np.where(unset, np.nan, months[name])
    return months


def _running_count(card: Floats, is_counted: NDArray[np.bool_]) -> Floats:
    """Return how many counted months each card has had so far; rows of a card stand together."""
    if not len(card):
        return np.zeros(0)
    is_first = np.r_[True, card[1:] != card[:-1]]
    total = np.cumsum(is_counted)
    before = (total - is_counted)[is_first]
    counted: Floats = (total - before[np.cumsum(is_first) - 1]).astype(float)
    return counted


def _cents(amount: Floats) -> Floats:
    return np.round(np.round(amount / _CENT) * _CENT, 3)
