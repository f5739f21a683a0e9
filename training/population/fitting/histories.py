"""Fit how many records applicants have, and the chains that draw them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from training.population.drawing import balances, bureau
from training.population.drawing.previous import (
    PRICING_SEPARATOR,
    model_values,
    record_codes,
    weekday_numbers,
    weekday_shift,
)
from training.population.drawing.requests import Requests, days_between, request_codes, story_given
from training.population.drawing.stories import Stories, story_labels, story_order
from training.population.fitting.chain import ChainSettings
from training.population.fitting.correction import CorrectionSettings
from training.population.fitting.marginals import MIN_CELL, NumberSpec, category_marginal, category_numbers
from training.population.fitting.tables import COUNT, fit_table, numbered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from training.population.drawing.chain import Chain
    from training.population.drawing.codes import Codes

_SETTINGS = ChainSettings(n_leaves=100, min_leaf=100, n_levels=13, n_predictors=20, n_rows=60_000)
_CORRECTION = CorrectionSettings(n_rounds=2, n_trees=100, n_leaves=12, n_candidates=4)
# The last columns of the blocks that are corrected together.
_BLOCKS = {
    "bureau": ("AMT_CREDIT_SUM", "TROUBLE", "ANNUITY_RATIO"),
    "previous": ("NAME_TYPE_SUITE", "CARD_RATIO", "NFLAG_LAST_APPL_IN_DAY"),
}
_DAYS = NumberSpec(step=1.0, atom_share=0.01, n_intervals=60, decimals=0)
_LAG = NumberSpec(step=1.0, atom_share=0.001, n_intervals=80, decimals=0)
_MONEY = NumberSpec(step=4.5, atom_share=0.0005, n_intervals=100, decimals=1)
_RATIO = NumberSpec(atom_share=0.001, n_intervals=60, decimals=4)

# What the number and the content of records may depend on.
GIVEN = (
    "RISK",
    "DAYS_BIRTH",
    "CODE_GENDER",
    "NAME_INCOME_TYPE",
    "NAME_EDUCATION_TYPE",
    "AMT_INCOME_TOTAL",
    "AMT_GOODS_PRICE",
    "EXT_SOURCE_1",
    "EXT_SOURCE_2",
    "EXT_SOURCE_3",
    "AMT_REQ_CREDIT_BUREAU_YEAR",
    "DAYS_LAST_PHONE_CHANGE",
)

BUREAU_COLUMNS = (
    "CREDIT_TYPE",
    "DAYS_CREDIT",
    "CREDIT_ACTIVE",
    "CREDIT_CURRENCY",
    "TERM",
    "LIFE_RATIO",
    "AMT_CREDIT_SUM",
    *balances.COLUMNS,
    "TROUBLE",
    "DEBT_RATIO",
    "AMT_CREDIT_SUM_LIMIT",
    "DAYS_LATE",
    "OVERDUE",
    "MOST_OVERDUE",
    "CNT_CREDIT_PROLONG",
    "UPDATE_LAG",
    "ANNUITY_RATIO",
)
BUREAU_STRATA = {
    "LIFE_RATIO": "CREDIT_ACTIVE",
    "WORST": "HAS_BALANCES",
    "N_LATE": "WORST",
    "LAST": "WORST",
    "LAST_AGE": "LAST",
    "CLOSED_MONTHS": "LAST",
    "UNKNOWN_SHARE": "LAST",
    "TROUBLE": "WORST",
    "DEBT_RATIO": "CREDIT_ACTIVE",
    "AMT_CREDIT_SUM_LIMIT": "CREDIT_ACTIVE",
    "DAYS_LATE": "TROUBLE",
    "OVERDUE": "TROUBLE",
    "MOST_OVERDUE": "TROUBLE",
    "UPDATE_LAG": "CREDIT_ACTIVE",
}
PREVIOUS_COLUMNS = (
    "NAME_CLIENT_TYPE",
    "PRICING",
    "NAME_PORTFOLIO",
    "NAME_PRODUCT_TYPE",
    "CHANNEL_TYPE",
    "NAME_SELLER_INDUSTRY",
    "NAME_GOODS_CATEGORY",
    "NAME_CASH_LOAN_PURPOSE",
    "CODE_REJECT_REASON",
    "NAME_PAYMENT_TYPE",
    "NAME_TYPE_SUITE",
    "CNT_PAYMENT",
    "AMOUNT",
    "NFLAG_INSURED_ON_APPROVAL",
    "DOWN_RATIO",
    "GRANTED_RATIO",
    "GOODS_KNOWN",
    "COST",
    "CARD_RATIO",
    "FIRST_DUE_LAG",
    "EARLY_INSTALMENTS",
    "TERMINATION_LAG",
    "RATE_INTEREST_PRIMARY",
    "RATE_INTEREST_PRIVILEGED",
    "SELLERPLACE_AREA",
    "WEEKDAY_SHIFT",
    "HOUR_APPR_PROCESS_START",
    "FLAG_LAST_APPL_PER_CONTRACT",
    "NFLAG_LAST_APPL_IN_DAY",
)
_OF_STORY = (
    "PRICING", "NAME_PORTFOLIO", "CODE_REJECT_REASON", "NAME_PAYMENT_TYPE", "NAME_TYPE_SUITE", "CNT_PAYMENT", "AMOUNT",
    "NFLAG_INSURED_ON_APPROVAL", "DOWN_RATIO", "GRANTED_RATIO", "GOODS_KNOWN", "CARD_RATIO", "FIRST_DUE_LAG",
    "EARLY_INSTALMENTS", "TERMINATION_LAG", "RATE_INTEREST_PRIMARY", "RATE_INTEREST_PRIVILEGED",
)  # fmt: skip
_OF_PRICING = (
    "NAME_PRODUCT_TYPE", "CHANNEL_TYPE", "NAME_SELLER_INDUSTRY", "NAME_GOODS_CATEGORY", "NAME_CASH_LOAN_PURPOSE",
    "COST", "SELLERPLACE_AREA",
)  # fmt: skip
PREVIOUS_STRATA = {
    "NAME_CLIENT_TYPE": "HISTORY",
    "FLAG_LAST_APPL_PER_CONTRACT": "IN_COMPANY",
    "NFLAG_LAST_APPL_IN_DAY": "IN_COMPANY",
    **dict.fromkeys(_OF_STORY, "STORY"),
    **dict.fromkeys(_OF_PRICING, "PRICING"),
}
_REQUEST = ChainSettings(n_leaves=260, min_leaf=60, n_levels=13, n_predictors=20, n_rows=60_000)
# Days of requests are not kept to a week: within it they say little, and the weekday follows from the application's.
_GAP = NumberSpec(step=1.0, atom_share=0.004, n_intervals=80, decimals=0)

SPECS: dict[str, NumberSpec] = {
    "DAYS_CREDIT": _DAYS,
    "DAYS_DECISION": _DAYS,
    "TERM": _LAG,
    "LIFE_RATIO": _RATIO,
    "AMT_CREDIT_SUM": _MONEY,
    "DEBT_RATIO": _RATIO,
    "AMT_CREDIT_SUM_LIMIT": _MONEY,
    "OVERDUE": NumberSpec(step=4.5, atom_share=0.01, n_intervals=8, decimals=1),
    "DAYS_LATE": NumberSpec(step=1.0, atom_share=0.01, n_intervals=8, decimals=0),
    "MOST_OVERDUE": NumberSpec(step=4.5, atom_share=0.01, n_intervals=60, decimals=1),
    "LAST_AGE": COUNT,
    "CLOSED_MONTHS": COUNT,
    "UNKNOWN_SHARE": NumberSpec(atom_share=0.001, n_intervals=20, decimals=2),
    "GAP": _GAP,
    "COST": NumberSpec(atom_share=0.0005, n_intervals=120, decimals=4),
    "CARD_RATIO": _RATIO,
    "EARLY_INSTALMENTS": COUNT,
    "UPDATE_LAG": _LAG,
    "ANNUITY_RATIO": NumberSpec(atom_share=0.001, n_intervals=80, decimals=5),
    "AMOUNT": NumberSpec(step=0.045, atom_share=0.0012, n_intervals=80, decimals=3),
    "GRANTED_RATIO": _RATIO,
    "DOWN_RATIO": _RATIO,
    "FIRST_DUE_LAG": _LAG,
    "TERMINATION_LAG": _LAG,
    "RATE_INTEREST_PRIMARY": NumberSpec(atom_share=0.0, n_intervals=3, decimals=4),
    "RATE_INTEREST_PRIVILEGED": NumberSpec(atom_share=0.0, n_intervals=3, decimals=4),
    "SELLERPLACE_AREA": _LAG,
}


def fit_counts(codes: Mapping[str, Codes], counts: Mapping[str, NDArray[np.int64]]) -> Chain:
    """Return the chain that draws how many loans elsewhere and previous applications an applicant has."""
    values = {name: count.astype(float) for name, count in counts.items()}
    given = {name: codes[name] for name in GIVEN}
    settings = ChainSettings(n_leaves=24, min_leaf=150, n_levels=9)
    return fit_table("counts", tuple(counts), values, {}, {}, given, settings)


def count_codes(chain: Chain, counts: Mapping[str, NDArray[np.int64]]) -> dict[str, Codes]:
    """Return the codes of counts of records."""
    rng = np.random.default_rng(3)
    return {m.name: m.codes(m.ranks(counts[m.name].astype(float), rng)) for m in chain.marginals}


def fit_bureau(loans: pd.DataFrame, months: pd.DataFrame, given: Mapping[str, Codes]) -> Chain:
    """Return the chain of loans at other lenders; `given` has one code per loan."""
    summary = balances.month_summary(months, loans["SK_ID_BUREAU"].to_numpy())
    given = {**given, "HAS_BALANCES": bureau.balance_codes(~np.isnan(summary["WORST"]))}
    # From settled to overdue, as a lean on the trait of lateness and one on debt expect.
    categories, values = numbered(loans, _risk(loans, given))
    values = bureau.model_values(values | summary)
    return fit_table(
        "bureau", BUREAU_COLUMNS, values, categories, SPECS, given, _SETTINGS,
        dict.fromkeys(_BLOCKS["bureau"], _CORRECTION), loans["SK_ID_CURR"].to_numpy(), BUREAU_STRATA,
    )  # fmt: skip


@dataclass(frozen=True)
class FittedPrevious:
    """The chains of days between requests, of their stories and of the rest of previous applications.

    Parameters
    ----------
    gap, request, previous
        The chains.
    categories
        Labels of categories that follow from the stories and the pricing.
    """

    gap: Chain
    request: Chain
    previous: Chain
    categories: dict[str, tuple[str, ...]]


def fit_previous(applications: pd.DataFrame, previous: pd.DataFrame, given: Mapping[str, Codes]) -> FittedPrevious:
    """Return the chains of previous applications; `given` has one code per previous application.

    Parameters
    ----------
    applications
        The applications now, of which the weekday counts.
    previous
        Previous applications. Those whose story fewer than twenty rows tell are left out.
    """
    labels, previous, given = _common(previous, given)
    story = category_marginal("STORY", labels, story_order(previous, _risk(previous, given)))
    numbers = category_numbers(labels, story)
    order = np.lexsort((-numbers, -previous["DAYS_DECISION"].to_numpy(), previous["SK_ID_CURR"].to_numpy()))
    previous, numbers = previous.iloc[order].reset_index(drop=True), numbers[order]
    given = {name: code[order] for name, code in given.items()}
    requests, state, gap = _requests(previous, numbers)
    owners = previous["SK_ID_CURR"].to_numpy()
    days = fit_table(
        "gap", ("GAP",), {"GAP": gap}, {}, SPECS, state | dict(given), _REQUEST, None, owners, {"GAP": "IS_NEWEST"}
    )
    known = story_given(state, day=requests.day, gap=gap) | dict(given)
    request = fit_table(
        "request", ("STORY",), {"STORY": numbers}, {"STORY": story}, SPECS, known, _REQUEST, None, owners,
        {"STORY": "SAME_DAY"},
    )  # fmt: skip
    is_approved = np.array([status == "Approved" for status in Stories(story.labels).part(1)])
    own = record_codes(requests, is_approved)
    rest = _fit_rest(applications, previous, own | dict(given))
    kinds = ("NAME_CONTRACT_TYPE", "NAME_CONTRACT_STATUS", "PRODUCT_COMBINATION", "NAME_YIELD_GROUP")
    categories = {name: tuple(sorted(previous[name].dropna().unique())) for name in kinds}
    categories["WEEKDAY_APPR_PROCESS_START"] = tuple(sorted(previous["WEEKDAY_APPR_PROCESS_START"].unique()))
    return FittedPrevious(days, request, rest, categories)


def _common(previous: pd.DataFrame, given: Mapping[str, Codes]) -> tuple[pd.Series, pd.DataFrame, dict[str, Codes]]:
    """Return stories, rows and codes without the rows whose story or pricing is rare."""
    labels, pricing = story_labels(previous), _pricing(previous)
    kept = previous["PRODUCT_COMBINATION"].notna().to_numpy()
    for column in (labels, pricing):
        kept &= (column.map(column[kept].value_counts()).fillna(0) >= MIN_CELL).to_numpy()
    rows = np.flatnonzero(kept)
    common = previous.iloc[rows].reset_index(drop=True)
    return labels.iloc[rows].reset_index(drop=True), common, {name: code[rows] for name, code in given.items()}


def _pricing(previous: pd.DataFrame) -> pd.Series:
    """Return product, yield group and whether an instalment is known, as one label."""
    known = np.where(previous["AMT_ANNUITY"].notna() & (previous["CNT_PAYMENT"] > 0), "repaid", "open")
    product = previous["PRODUCT_COMBINATION"].fillna("").astype(str)
    parts = [product, previous["NAME_YIELD_GROUP"].astype(str), pd.Series(known.astype(str), previous.index)]
    return pd.concat(parts, axis=1).agg(PRICING_SEPARATOR.join, axis=1)


def _requests(
    previous: pd.DataFrame, story: NDArray[np.float64]
) -> tuple[Requests, dict[str, Codes], NDArray[np.float64]]:
    """Return requests, what was known before each, and the days to the newer one; rows stand newest first."""
    owners = previous["SK_ID_CURR"]
    groups = previous.groupby(owners)
    day = previous["DAYS_DECISION"].to_numpy(float)
    newer_day = groups["DAYS_DECISION"].shift().fillna(0.0).to_numpy(float)
    newer_story = pd.Series(story).groupby(owners.to_numpy()).shift()
    place, n_all = groups.cumcount().to_numpy(float), groups["DAYS_DECISION"].transform("size").to_numpy(float)
    state = request_codes(
        n_older=n_all - 1 - place, n_all=n_all, newer_day=newer_day, newer_story=np.asarray(newer_story, np.float64)
    )
    return Requests(np.unique(owners, return_inverse=True)[1], day, story), state, days_between(newer_day, day)


def _fit_rest(applications: pd.DataFrame, previous: pd.DataFrame, given: Mapping[str, Codes]) -> Chain:
    """Return the chain of everything that follows the day and the story of a request."""
    records = previous.assign(PRICING=_pricing(previous))
    categories, values = numbered(records, _risk(records, given))
    own = records["SK_ID_CURR"].map(applications.set_index("SK_ID_CURR")["WEEKDAY_APPR_PROCESS_START"])
    today, then = (weekday_numbers(column.to_numpy(object)) for column in (own, records["WEEKDAY_APPR_PROCESS_START"]))
    values["WEEKDAY_SHIFT"] = weekday_shift(today, then, values["DAYS_DECISION"])
    return fit_table(
        "previous", PREVIOUS_COLUMNS, model_values(values), categories, SPECS, given, _SETTINGS,
        dict.fromkeys(_BLOCKS["previous"], _CORRECTION), records["SK_ID_CURR"].to_numpy(), PREVIOUS_STRATA,
    )  # fmt: skip


def _risk(records: pd.DataFrame, given: Mapping[str, Codes]) -> pd.Series:
    return pd.Series(given["RISK"].astype(float), index=records.index)
