"""Credit cards, drawn month after month, and the payments against them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.population.drawing.card_months import CardState, amount_codes, drawn_month, months_codes
from training.population.drawing.chain import Lean
from training.population.drawing.chances import happens
from training.population.drawing.instalments import drawn_delay, payment_codes
from training.population.drawing.months import DAYS_PER_MONTH, NO_DAY, OLDEST_DAY, OLDEST_MONTH, month_of, spelled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.population.drawing.applicants import Applicants
    from training.population.drawing.chain import Chain
    from training.population.drawing.codes import Values
    from training.population.drawing.profile import Profile

type Floats = NDArray[np.float64]
type Rows = NDArray[np.int64]

# Share of open and of closed cards whose months are known.
_OPEN_KNOWN, _CLOSED_KNOWN = 0.985, 0.7
STATUSES = ("Active", "Completed", "Signed")
# Cards known since this month were opened before the record begins, and have a past.
OPENED_BEFORE = OLDEST_MONTH

# The traits that show in a month of a card, with their weight in the draw of each column. They are light: a month
# follows the one before, so that a lean adds up over the life of a card.
LEANS = {
    "ATM": ("strain", 0.20),
    "SK_DPD": ("indiscipline", 0.40),
}
# The same for the card as a whole.
CARD_LEANS = {"IS_USED": ("strain", 0.40)}


def drawn_cards(
    profile: Profile, rng: np.random.Generator, applicants: Applicants, previous: Values, loans: Rows
) -> Values:
    """Draw the months of the granted cards at rows `loans` of `previous`."""
    is_open = _ended(previous, loans) == NO_DAY
    loans = loans[happens(rng, np.where(is_open, _OPEN_KNOWN, _CLOSED_KNOWN), len(loans))]
    into_month = applicants.days_into_month[previous["OWNER"][loans].astype(int)]
    first = np.clip(month_of(previous["DAYS_DECISION"][loans], into_month), OLDEST_MONTH, -1)
    # The longest first: the cards that still have a month to draw are always the first ones.
    order = np.argsort(first, kind="stable")
    loans, first, into_month = loans[order], first[order], into_month[order]
    owner = previous["OWNER"][loans].astype(int)
    traits = {name: trait[owner] for name, trait in applicants.traits.items()}
    cards = _opened(profile.card, rng, applicants, previous, loans, first)
    ended = _ended(previous, loans)
    cards["CLOSES"] = np.where(ended == NO_DAY, 1.0, month_of(np.where(ended == NO_DAY, 0.0, ended), into_month) + 1.0)
    last = np.maximum(applicants.last_month[owner], first)
    grid = _month_grid(profile.card_month, rng, cards, traits, first, last)
    card, month = spelled(first, last)
    months = {name: column[card, month - first[card]] for name, column in grid.items()}
    ids = {key: previous[key][loans][card] for key in ("SK_ID_PREV", "SK_ID_CURR")}
    _add_card_dates(previous, loans, months, card, month, into_month)
    least = months["AMT_INST_MIN_REGULARITY"]
    # An instalment has matured the month after it fell due.
    mature = cards["N_MATURE"][card] + _running_count(ids["SK_ID_PREV"], least > 0) - (least > 0)
    months["CNT_INSTALMENT_MATURE_CUM"] = np.where(np.isnan(least), np.nan, mature)
    return months | ids | {"MONTHS_BALANCE": month.astype(float)}


def _ended(previous: Values, loans: Rows) -> Floats:
    """Return the day on which each card ended; one without dates has not ended."""
    return np.nan_to_num(previous["DAYS_TERMINATION"][loans], nan=NO_DAY)


def _add_card_dates(previous: Values, loans: Rows, months: Values, card: Rows, month: Rows, into_month: Floats) -> None:
    """Set the dates of cards to what their months tell: first drawing, first and last instalment."""
    drawings, owed = months["AMT_DRAWINGS_CURRENT"] > 0, months["AMT_BALANCE"] > 0
    first_drawn, first_owed, last_owed = (np.full(len(loans), fill) for fill in (np.inf, np.inf, -np.inf))
    np.minimum.at(first_drawn, card[drawings], month[drawings])
    np.minimum.at(first_owed, card[owed], month[owed])
    np.maximum.at(last_owed, card[owed], month[owed])
    decided, ended = previous["DAYS_DECISION"][loans], _ended(previous, loans)
    latest = np.where(ended == NO_DAY, -1.0, ended)
    is_dated = ~np.isnan(previous["DAYS_FIRST_DUE"][loans])
    middle = DAYS_PER_MONTH / 2 - into_month
    drawn_on = np.clip(np.round(first_drawn * DAYS_PER_MONTH + middle), decided, latest)
    first_due = np.round((first_owed + 1.0) * DAYS_PER_MONTH + middle)
    first_due = np.where(first_due <= latest, np.maximum(first_due, drawn_on), NO_DAY)
    # A card that still owes has its last instalment before it; so has one whose last debt is of this month.
    last_due = np.minimum(np.round((last_owed + 1.0) * DAYS_PER_MONTH + middle), latest)
    is_repaid = (previous["DAYS_LAST_DUE"][loans] != NO_DAY) & (first_due != NO_DAY)
    last_due = np.where(is_repaid, np.maximum(last_due, first_due), NO_DAY)
    for name, day, exists in (
        ("DAYS_FIRST_DRAWING", drawn_on, np.isfinite(first_drawn)),
        ("DAYS_FIRST_DUE", first_due, np.isfinite(first_owed)),
        ("DAYS_LAST_DUE", last_due, np.isfinite(last_owed)),
    ):
        previous[name][loans] = np.where(is_dated, np.where(exists, day, NO_DAY), np.nan)


def _opened(
    chain: Chain, rng: np.random.Generator, applicants: Applicants, previous: Values, loans: Rows, first: Rows
) -> Values:
    """Return the cards as they open: limit, whether they are used, instalments of the past, and when they end."""
    owner = previous["OWNER"][loans].astype(int)
    granted = previous["AMT_CREDIT"][loans]
    own = {"AGE": months_codes(-first.astype(float)), "GRANTED": amount_codes(granted)}
    given = {name: own[name] if name in own else applicants.codes[name][owner] for name in chain.given}
    leans = {column: Lean(applicants.traits[trait][owner], weight) for column, (trait, weight) in CARD_LEANS.items()}
    cards = chain.draw(rng, len(loans), given, leans).values
    # Whether a card was ever drawn on is a part of the story of its application, where that is dated.
    drawn_on = previous["DAYS_FIRST_DRAWING"][loans]
    cards["IS_USED"] = np.where(np.isnan(drawn_on), cards["IS_USED"], (drawn_on != NO_DAY).astype(float))
    cards["LIMIT"] = np.where(cards["AS_GRANTED"] > 0, granted, cards["LIMIT"])
    return cards


def _month_grid(
    chain: Chain, rng: np.random.Generator, cards: Values, traits: dict[str, Floats], first: Rows, last: Rows
) -> dict[str, Floats]:
    """Return columns per card and month since its first, shape ``(n_cards, most months)``."""
    n_months = last - first + 1
    order = np.argsort(-n_months, kind="stable")
    n_months, longest = n_months[order], int(n_months.max(initial=0))
    state = CardState.opening(
        cards["LIMIT"][order], cards["IS_USED"][order] > 0, first[order].astype(float), cards["CLOSES"][order]
    )
    grid: dict[str, Floats] = {}
    for age in range(longest):
        n = int(np.searchsorted(-n_months, -age))
        state = state.first(n)
        leans = {column: Lean(traits[trait][order[:n]], weight) for column, (trait, weight) in LEANS.items()}
        month = drawn_month(state, chain.draw(rng, n, state.codes(), leans).values)
        for name, column in month.items():
            grid.setdefault(name, np.zeros((len(order), longest)))[order[:n], age] = column
        state = state.after(month)
    return grid or dict.fromkeys(drawn_month(state, chain.draw(rng, 0, state.codes()).values), np.zeros((0, 0)))


def drawn_payments(chain: Chain, rng: np.random.Generator, applicants: Applicants, months: Values) -> Values:
    """Draw the single payments behind the monthly sums of cards; they follow no schedule (version 0)."""
    paid = months["AMT_PAYMENT_TOTAL_CURRENT"]
    rows = np.repeat(np.flatnonzero(paid > 0), 1 + rng.poisson(1.6, int((paid > 0).sum())))
    due = np.minimum(np.floor((months["MONTHS_BALANCE"][rows] + rng.random(len(rows))) * DAYS_PER_MONTH), -1.0)
    latest = np.minimum(np.floor((months["MONTHS_BALANCE"][rows] + 1.0) * DAYS_PER_MONTH), -1.0)
    # The payments of a month add up to what was paid in it.
    weight = rng.exponential(1.0, len(rows))
    total = np.bincount(rows, weight, minlength=len(paid))[rows]
    amount = _cents(paid[rows] * weight / total)
    number = _running_count(months["SK_ID_PREV"][rows], np.ones(len(rows), dtype=bool))
    card, first = np.unique(months["SK_ID_PREV"][rows], return_index=True)
    owner = np.searchsorted(applicants.ids, months["SK_ID_CURR"][rows[first]])
    codes = payment_codes(due=due, number=number, amount=amount, is_card=np.ones(len(rows), dtype=bool))
    own = np.searchsorted(card, months["SK_ID_PREV"][rows])
    delay = drawn_delay(chain, rng, codes, applicants.traits["indiscipline"][owner], own)["DELAY"]
    return {
        "SK_ID_PREV": months["SK_ID_PREV"][rows],
        "SK_ID_CURR": months["SK_ID_CURR"][rows],
        "NUM_INSTALMENT_VERSION": np.zeros(len(rows)),
        "NUM_INSTALMENT_NUMBER": number,
        "DAYS_INSTALMENT": due,
        "DAYS_ENTRY_PAYMENT": np.clip(due + delay, OLDEST_DAY, latest),
        "AMT_INSTALMENT": amount,
        "AMT_PAYMENT": amount.copy(),
    }


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
    return np.round(np.round(amount / 0.045) * 0.045, 3)
