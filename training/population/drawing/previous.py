"""Previous applications at the lender: what was asked, what was granted, and the schedule that followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.population.drawing.chain import Lean
from training.population.drawing.chances import happens
from training.population.drawing.months import NO_DAY
from training.population.drawing.requests import company_codes, drawn_requests, history_codes
from training.population.drawing.stories import DATES, Stories, story_codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.population.drawing.applicants import Applicants
    from training.population.drawing.codes import Codes, Values
    from training.population.drawing.profile import Profile
    from training.population.drawing.requests import Requests

type Floats = NDArray[np.float64]

# The traits that show in previous applications, with their weight in the draw of each column.
LEANS = {
    "PRICING": ("strain", 0.40),
    "CNT_PAYMENT": ("strain", 0.30),
    "DOWN_RATIO": ("strain", -0.60),
    "GRANTED_RATIO": ("strain", 0.50),
}

DAYS_PER_INSTALMENT = 30.0
# The lender counts the down payment with this factor in the rate (read off the data, exact to eight digits).
_DOWN_PAYMENT_FACTOR = 1.0890909
_MONEY_STEP, _CENT = 4.5, 0.045
_MOST_GRANTED = 10.0
# Limits of cards are multiples of this.
CARD_STEP = 22_500.0
# Terms of loans that are common enough to stand in for one that would have ended before today.
_TERMS = np.array([6.0, 10.0, 12.0, 18.0, 24.0, 36.0, 48.0, 60.0, 84.0, 120.0])
# The first instalment falls due a month after the decision.
_USUAL_FIRST_DUE = 31.0
_WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
# Requests of one day share its weekday, and mostly its hour, with these chances.
_SAME_WEEKDAY, _SAME_HOUR = 0.98, 0.55
_NO_YIELD = "XNA"
PRICING_SEPARATOR = " | "


def model_values(previous: Values) -> Values:
    """Return the columns the chain draws, from the columns of the table; the inverse is `table_values`."""
    found = dict(previous)
    asked, credit = found["AMT_APPLICATION"], found["AMT_CREDIT"]
    found["AMOUNT"] = np.where(asked > 0, asked, credit)
    down = np.nan_to_num(found["AMT_DOWN_PAYMENT"])
    to_finance = np.maximum(asked - down, _CENT)
    found["DOWN_RATIO"] = np.where(asked > 0, np.round(found["AMT_DOWN_PAYMENT"] / np.maximum(asked, _CENT), 4), np.nan)
    found["GRANTED_RATIO"] = np.where(asked > 0, np.round(np.minimum(credit / to_finance, _MOST_GRANTED), 4), 1.0)
    found["GOODS_KNOWN"] = (~np.isnan(found["AMT_GOODS_PRICE"])).astype(float)
    ratio = found["AMT_ANNUITY"] / np.where(credit > 0, credit, np.nan)
    term = found["CNT_PAYMENT"]
    found["COST"] = np.where(term > 0, np.round(np.maximum(ratio * term - 1.0, 0.0) * 24.0 / (term + 1.0), 4), np.nan)
    found["CARD_RATIO"] = np.where(term > 0, np.nan, np.round(ratio, 4))
    first, last = (np.where(found[date] == NO_DAY, np.nan, found[date]) for date in DATES[1:3])
    found["FIRST_DUE_LAG"] = first - found["DAYS_DECISION"]
    planned = first + DAYS_PER_INSTALMENT * (term - 1.0)
    found["EARLY_INSTALMENTS"] = np.round((planned - last) / DAYS_PER_INSTALMENT)
    ended = np.where(found["DAYS_TERMINATION"] == NO_DAY, np.nan, found["DAYS_TERMINATION"])
    found["TERMINATION_LAG"] = ended - np.where(np.isnan(last), found["DAYS_DECISION"], last)
    return found


def drawn_previous(profile: Profile, rng: np.random.Generator, applicants: Applicants, first_id: int) -> Values:
    """Draw the previous applications of a chunk of applicants, numbered from `first_id`."""
    stories = Stories(profile.labels("STORY"))
    requests = drawn_requests(profile.gap, profile.request, rng, applicants, stories.has("DAYS_LAST_DUE"))
    chain, owner = profile.previous, requests.owner
    leans = {column: Lean(applicants.traits[trait][owner], weight) for column, (trait, weight) in LEANS.items()}
    is_approved = np.array([status == "Approved" for status in stories.part(1)])
    own = record_codes(requests, is_approved)
    given = {name: own[name] if name in own else applicants.codes[name][owner] for name in chain.given}
    drawn = chain.draw(rng, len(owner), given, leans).values
    drawn |= {"STORY": requests.story, "DAYS_DECISION": requests.day, "OWNER": owner.astype(float)}
    drawn["NAME_CLIENT_TYPE"] = _of_first_contact(requests, own["HISTORY"], drawn["NAME_CLIENT_TYPE"])
    previous = table_values(drawn, stories, profile)
    previous |= _process_start(rng, applicants, requests, drawn, profile)
    previous["SK_ID_CURR"] = applicants.ids[owner].astype(float)
    previous["SK_ID_PREV"] = first_id + np.arange(len(owner), dtype=float)
    return previous


def record_codes(requests: Requests, is_approved: NDArray[np.bool_]) -> dict[str, Codes]:
    """Return what the requests themselves say of the previous applications, as codes."""
    return {
        "STORY": story_codes(requests.story),
        "DECIDED": np.clip(-requests.day * 22, 0, 65_535).astype(np.uint16),
        "HISTORY": history_codes(requests, is_approved),
        "IN_COMPANY": company_codes(requests),
    }


def _of_first_contact(requests: Requests, history: Codes, client_type: Floats) -> Floats:
    """Return client types that stay, until a loan is approved, what the first contact was."""
    first = np.full(int(requests.owner.max(initial=-1)) + 1, np.nan)
    is_first = history == 0
    first[requests.owner[is_first]] = client_type[is_first]
    is_settled = (history <= history[is_first].max(initial=0)) | (history < np.uint16(40_000))
    return np.where(is_settled, first[requests.owner], client_type)


def table_values(drawn: Values, stories: Stories, profile: Profile) -> Values:
    """Return the columns of the table from the columns the chain drew."""
    found = dict(drawn)
    story = found["STORY"].astype(int)
    for place, name in enumerate(("NAME_CONTRACT_TYPE", "NAME_CONTRACT_STATUS")):
        found[name] = stories.numbers_of(place, profile.labels(name))[story]
    found |= _pricing_columns(found["PRICING"], profile)
    _add_terms(found, stories)
    _add_amounts(found, stories)
    _add_dates(found, stories)
    return found


def _pricing_columns(pricing: Floats, profile: Profile) -> Values:
    """Return product and yield group of each pricing."""
    parts = [label.split(PRICING_SEPARATOR) for label in profile.labels("PRICING")]
    columns = {}
    for place, name in enumerate(("PRODUCT_COMBINATION", "NAME_YIELD_GROUP")):
        labels = profile.labels(name)
        columns[name] = np.array([float(labels.index(part[place])) for part in parts])[pricing.astype(int)]
    return columns


def _add_terms(found: Values, stories: Stories) -> None:
    """Let a loan that is still being repaid have a term that reaches beyond today."""
    story = found["STORY"].astype(int)
    is_running = stories.is_to_come("DAYS_LAST_DUE")[story] & (found["CNT_PAYMENT"] > 0)
    lag = np.nan_to_num(found["FIRST_DUE_LAG"], nan=_USUAL_FIRST_DUE)
    needed = np.floor(-(found["DAYS_DECISION"] + lag) / DAYS_PER_INSTALMENT) + 2.0
    usual = _TERMS[np.minimum(np.searchsorted(_TERMS, needed), len(_TERMS) - 1)]
    found["CNT_PAYMENT"] = np.where(is_running & (found["CNT_PAYMENT"] < needed), usual, found["CNT_PAYMENT"])


def _add_amounts(found: Values, stories: Stories) -> None:
    """Add what was asked and granted, the down payment and the instalment, which repays more than was lent."""
    story, amount = found["STORY"].astype(int), found["AMOUNT"]
    asked = stories.names_amount("a")[story]
    found["AMT_APPLICATION"] = np.where(asked, amount, 0.0)
    # A down payment is asked as a share of the price, rounded up to the money step.
    down = np.where(asked, np.ceil(np.round(found["DOWN_RATIO"] * amount / _MONEY_STEP, 2)) * _MONEY_STEP, np.nan)
    financed = np.maximum(amount - np.nan_to_num(down), _MONEY_STEP)
    is_card = np.array([kind == "Revolving loans" for kind in stories.part(0)])[story]
    granted = np.where(asked, _money(financed * found["GRANTED_RATIO"]), amount)
    granted = np.where(is_card & (granted > 0), np.maximum(np.round(granted / CARD_STEP), 1.0) * CARD_STEP, granted)
    found["AMT_CREDIT"] = credit = np.where(stories.names_amount("c")[story], granted, 0.0)
    found["AMT_GOODS_PRICE"] = np.where((found["GOODS_KNOWN"] > 0) & asked, amount, np.nan)
    term = found["CNT_PAYMENT"]
    whole = credit * (1.0 + found["COST"] * (term + 1.0) / 24.0)
    instalment = np.where(
        term > 0, np.ceil(whole / np.maximum(term, 1.0) / _CENT) * _CENT, found["CARD_RATIO"] * credit
    )
    found["AMT_ANNUITY"] = np.where(stories.names_amount("i")[story], np.round(instalment, 3), np.nan)
    found["AMT_DOWN_PAYMENT"] = down
    found["RATE_DOWN_PAYMENT"] = down * _DOWN_PAYMENT_FACTOR / np.maximum(credit + down, _CENT)


def _add_dates(found: Values, stories: Stories) -> None:
    """Add the dates of granted credits, one after the other; those of cards follow from their months."""
    story, decided = found["STORY"].astype(int), found["DAYS_DECISION"]
    term = np.nan_to_num(found["CNT_PAYMENT"])
    first = decided + np.maximum(np.nan_to_num(found["FIRST_DUE_LAG"], nan=_USUAL_FIRST_DUE), 1.0)
    planned = first + DAYS_PER_INSTALMENT * np.maximum(term - 1.0, 0.0)
    # What has ended did so at least a few days ago, after at least one instalment and at most all of them.
    n_past = np.floor((_LATEST_END - first) / DAYS_PER_INSTALMENT) + 1.0
    n_paid = np.clip(term - np.nan_to_num(found["EARLY_INSTALMENTS"]), 1.0, np.maximum(n_past, 1.0))
    last = np.minimum(first + DAYS_PER_INSTALMENT * (n_paid - 1.0), _LATEST_END)
    settled = np.where(stories.has("DAYS_LAST_DUE")[story], last, decided)
    ended = np.minimum(settled + np.maximum(np.nan_to_num(found["TERMINATION_LAG"], nan=_USUAL_SETTLING), 1.0), -1.0)
    days = {"DAYS_FIRST_DUE": first, "DAYS_LAST_DUE": last, "DAYS_TERMINATION": ended, "DAYS_FIRST_DRAWING": decided}
    exists = stories.has("DAYS_FIRST_DUE")[story] | stories.is_to_come("DAYS_FIRST_DUE")[story]
    for date in DATES:
        known = np.where(stories.has(date)[story] & (days[date] < 0), days[date], NO_DAY)
        found[date] = np.where(exists, known, np.nan)
    found["DAYS_LAST_DUE_1ST_VERSION"] = np.where(exists, np.where(term > 0, planned, NO_DAY), np.nan)


# The contract is closed some days after the last instalment.
_LATEST_END, _USUAL_SETTLING = -4.0, 6.0


def _process_start(
    rng: np.random.Generator, applicants: Applicants, requests: Requests, drawn: Values, profile: Profile
) -> Values:
    """Return weekday and hour at which each application was begun, mostly on the day it was decided."""
    day_key = requests.owner * 4096.0 - requests.day
    first_of_day = np.unique(day_key, return_index=True, return_inverse=True)
    leader = first_of_day[1][first_of_day[2]]
    n = len(leader)
    shift = np.where(happens(rng, _SAME_WEEKDAY, n), drawn["WEEKDAY_SHIFT"][leader], drawn["WEEKDAY_SHIFT"])
    hour = drawn["HOUR_APPR_PROCESS_START"]
    own, past = (profile.application_labels("WEEKDAY_APPR_PROCESS_START"), profile.labels("WEEKDAY_APPR_PROCESS_START"))
    today = np.array([_WEEKDAYS.index(label) for label in own])
    column = np.array([float(past.index(label)) for label in _WEEKDAYS])
    weekday = today[applicants.values["WEEKDAY_APPR_PROCESS_START"].astype(int)][requests.owner]
    return {
        "WEEKDAY_APPR_PROCESS_START": column[((weekday + requests.day + shift) % 7).astype(int)],
        "HOUR_APPR_PROCESS_START": np.where(happens(rng, _SAME_HOUR, n), hour[leader], hour),
    }


def weekday_shift(own_weekday: Floats, past_weekday: Floats, day: Floats) -> Floats:
    """Return how many days of the week a previous application began after the weekday of its decision."""
    shift: Floats = np.mod(past_weekday - own_weekday - day, 7.0)
    return shift


def weekday_numbers(labels: NDArray[np.object_]) -> Floats:
    """Return days of the week as numbers, Monday first."""
    return np.array([float(_WEEKDAYS.index(label)) for label in labels])


def _money(amount: Floats) -> Floats:
    """Return amounts of credit, nearly all multiples of the same step."""
    return np.round(amount / _MONEY_STEP) * _MONEY_STEP


def granted(previous: Values, profile: Profile, *, revolving: bool) -> NDArray[np.int64]:
    """Return the rows of granted loans: cards, or loans with a schedule of instalments that has begun."""
    stories = Stories(profile.labels("STORY"))
    story = previous["STORY"].astype(int)
    is_card = np.array([kind == "Revolving loans" for kind in stories.part(0)])
    is_granted = np.array([status == "Approved" for status in stories.part(1)])
    if revolving:
        is_dated = stories.has("DAYS_FIRST_DRAWING") | stories.is_to_come("DAYS_FIRST_DRAWING")
        return np.flatnonzero((is_granted & is_card & is_dated)[story])
    has_schedule = (previous["DAYS_FIRST_DUE"] < 0) & (previous["CNT_PAYMENT"] > 0) & (previous["AMT_ANNUITY"] > 0)
    return np.flatnonzero((is_granted & ~is_card)[story] & has_schedule)
