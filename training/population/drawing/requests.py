"""The requests of an applicant, from the newest back: which day, and which story."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from training.population.drawing.chain import Lean
from training.population.drawing.marginals import CODE_SCALE
from training.population.drawing.months import OLDEST_DAY
from training.population.drawing.stories import story_codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.population.drawing.applicants import Applicants
    from training.population.drawing.chain import Chain
    from training.population.drawing.codes import Codes

type Floats = NDArray[np.float64]
type Rows = NDArray[np.int64]

# The trait that shows in requests: many, recent and refused.
LEANS = {"GAP": ("strain", -0.25), "STORY": ("strain", 0.40)}
# Stands for the days back to the oldest month of the record, in which more was granted than on other days: the cards
# that are older than the record.
TO_OLDEST_MONTH = 9999.0
_DAYS_OF_MONTH = 30
# A credit that has ended cannot have been granted yesterday: first instalment, last one, and the end of the contract.
_YOUNGEST_ENDED = -45.0
# A phone number is mostly changed on the day of a request, as on real days.
_CHANGES_PHONE = 0.87


@dataclass(frozen=True)
class Requests:
    """Requests of a chunk of applicants, laid end to end, each applicant's newest first.

    Parameters
    ----------
    owner
        Place of the applicant.
    day
        Day of the decision.
    story
        Number of the story.
    """

    owner: Rows
    day: Floats
    story: Floats


def request_codes(*, n_older: Floats, n_all: Floats, newer_day: Floats, newer_story: Floats) -> dict[str, Codes]:
    """Return what is known of a request before it is drawn, as codes; the newest has no newer story (NaN)."""
    return {
        "IS_NEWEST": np.where(np.isnan(newer_story), CODE_SCALE, 0).astype(np.uint16),
        "N_OLDER": np.minimum(n_older * 600, CODE_SCALE).astype(np.uint16),
        "N_ALL": np.minimum(n_all * 600, CODE_SCALE).astype(np.uint16),
        "NEWER_DAY": (np.clip(-newer_day, 0.0, -OLDEST_DAY) * 22).astype(np.uint16),
        "NEWER_STORY": story_codes(newer_story),
    }


def story_given(state: dict[str, Codes], *, day: Floats, gap: Floats) -> dict[str, Codes]:
    """Return what is known of a request once its day is: its state, the day, and whether it shares that day."""
    return state | {
        "DECIDED": (np.clip(-day, 0.0, -OLDEST_DAY) * 22).astype(np.uint16),
        "SAME_DAY": np.where(gap == 0, CODE_SCALE, 0).astype(np.uint16),
    }


def drawn_requests(
    gaps: Chain, story_chain: Chain, rng: np.random.Generator, applicants: Applicants, is_ended: NDArray[np.bool_]
) -> Requests:
    """Draw day and story of every request; `is_ended` tells which stories have come to their end."""
    n_all = applicants.n_previous
    order = np.argsort(-n_all, kind="stable")
    n_sorted = n_all[order]
    longest = int(n_sorted.max(initial=0))
    days, stories = np.zeros((len(order), longest)), np.full((len(order), longest), np.nan)
    day, story = np.zeros(len(order)), np.full(len(order), np.nan)
    for place in range(longest):
        n = int(np.searchsorted(-n_sorted, -place))
        who = order[:n]
        codes = request_codes(
            n_older=(n_sorted[:n] - 1 - place).astype(float),
            n_all=n_sorted[:n].astype(float),
            newer_day=day[:n],
            newer_story=story[:n],
        )
        leans = {column: Lean(applicants.traits[trait][who], weight) for column, (trait, weight) in LEANS.items()}
        given = {name: codes[name] if name in codes else applicants.codes[name][who] for name in gaps.given}
        gap = gaps.draw(rng, n, given, leans).values["GAP"]
        day = _older(rng, day[:n], gap)
        known = story_given(codes, day=day, gap=gap)
        given = {name: known[name] if name in known else applicants.codes[name][who] for name in story_chain.given}
        story = story_chain.draw(rng, n, given, leans).values["STORY"]
        day = np.where(is_ended[story.astype(int)], np.minimum(day, _YOUNGEST_ENDED), day)
        days[who, place], stories[who, place] = day, story
    owner = np.repeat(np.arange(len(n_all)), n_all)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(n_all) - n_all, n_all)
    requests = Requests(owner, days[owner, within], stories[owner, within])
    return _with_phone_day(rng, requests, applicants.values["DAYS_LAST_PHONE_CHANGE"], is_ended)


def _older(rng: np.random.Generator, newer: Floats, gap: Floats) -> Floats:
    """Return the day `gap` days before; where the record does not reach so far, any day that is left of it."""
    day = newer - gap
    left: Floats = np.floor(newer + (OLDEST_DAY - newer) * rng.random(len(newer)))
    oldest = np.minimum(OLDEST_DAY + np.floor(rng.random(len(newer)) * _DAYS_OF_MONTH), newer)
    return np.where(gap == TO_OLDEST_MONTH, oldest, np.where(day < OLDEST_DAY, left, day))


def days_between(newer: Floats, day: Floats) -> Floats:
    """Return the days from a request to the newer one, or the sign of the oldest month of the record."""
    return np.where(day < OLDEST_DAY + _DAYS_OF_MONTH, TO_OLDEST_MONTH, newer - day)


def _with_phone_day(
    rng: np.random.Generator, requests: Requests, phone_change: Floats, is_ended: NDArray[np.bool_]
) -> Requests:
    """Move the requests of the day nearest to the change of phone onto that day: the number was given with them."""
    owner, day = requests.owner, requests.day
    phone = phone_change[owner]
    moves = (rng.random(len(phone_change)) < _CHANGES_PHONE)[owner] & (phone < -1) & (phone >= OLDEST_DAY)
    moves &= ~is_ended[requests.story.astype(int)] | (phone <= _YOUNGEST_ENDED)
    distance = np.abs(day - phone)
    nearest = np.full(len(phone_change), np.inf)
    np.minimum.at(nearest, owner, distance)
    is_nearest = moves & (distance == nearest[owner])
    # Of two days equally near, one on each side, the older is meant: the number came with the first contact.
    older = np.zeros(len(phone_change), dtype=bool)
    older[owner[is_nearest & (day <= phone)]] = True
    is_nearest &= (day <= phone) | ~older[owner]
    return Requests(owner, np.where(is_nearest, phone, day), requests.story)


def history_codes(requests: Requests, is_approved: NDArray[np.bool_]) -> Codes:
    """Return for each request what came before its day: nothing (0), requests without an approval, or an approval."""
    n_owners = int(requests.owner.max(initial=-1)) + 1
    oldest, oldest_approved = np.zeros(n_owners), np.zeros(n_owners)
    np.minimum.at(oldest, requests.owner, requests.day)
    approved = is_approved[requests.story.astype(int)]
    np.minimum.at(oldest_approved, requests.owner[approved], requests.day[approved])
    had_approval = oldest_approved[requests.owner] < requests.day
    is_first = oldest[requests.owner] == requests.day
    codes: Codes = np.where(is_first, 0, np.where(had_approval, 2, 1)).astype(np.uint16) * np.uint16(20_000)
    return codes


def company_codes(requests: Requests) -> Codes:
    """Return for each request whether the applicant made others on its day."""
    key = requests.owner * 4096.0 - requests.day
    _, place, counts = np.unique(key, return_inverse=True, return_counts=True)
    return np.where(counts[place] > 1, CODE_SCALE, 0).astype(np.uint16)
