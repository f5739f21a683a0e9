"""Fit how many records applicants have, and the chains that draw them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.population.drawing import bureau, previous
from training.population.fitting.chain import ChainSettings
from training.population.fitting.correction import CorrectionSettings
from training.population.fitting.marginals import NumberSpec
from training.population.fitting.tables import fit_table, numbered

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from training.population.drawing.chain import Chain
    from training.population.drawing.codes import Codes, Values

_SETTINGS = ChainSettings(n_leaves=100, min_leaf=100, n_levels=13, n_predictors=20, n_rows=60_000)
_CORRECTION = CorrectionSettings(n_rounds=2, n_trees=100, n_leaves=12, n_candidates=4)
# The last columns of the blocks that are corrected together.
_BLOCKS = {
    "bureau": ("AMT_CREDIT_SUM", "ANNUITY_RATIO"),
    "previous": ("NAME_TYPE_SUITE", "FIRST_DRAWING_LAG", "NFLAG_LAST_APPL_IN_DAY"),
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
    "DEBT_RATIO",
    "AMT_CREDIT_SUM_LIMIT",
    "CREDIT_DAY_OVERDUE",
    "AMT_CREDIT_SUM_OVERDUE",
    "AMT_CREDIT_MAX_OVERDUE",
    "CNT_CREDIT_PROLONG",
    "UPDATE_LAG",
    "ANNUITY_RATIO",
)
PREVIOUS_COLUMNS = (
    "NAME_CONTRACT_TYPE",
    "DAYS_DECISION",
    "NAME_CONTRACT_STATUS",
    "PRODUCT_COMBINATION",
    "NAME_CLIENT_TYPE",
    "NAME_PORTFOLIO",
    "NAME_PRODUCT_TYPE",
    "NAME_YIELD_GROUP",
    "CHANNEL_TYPE",
    "NAME_SELLER_INDUSTRY",
    "NAME_GOODS_CATEGORY",
    "NAME_CASH_LOAN_PURPOSE",
    "CODE_REJECT_REASON",
    "NAME_PAYMENT_TYPE",
    "NAME_TYPE_SUITE",
    "CNT_PAYMENT",
    "ASKED",
    "AMOUNT",
    "DOWN_RATIO",
    "GRANTED_RATIO",
    "GOODS_KNOWN",
    "ANNUITY_RATIO",
    "FIRST_DUE_LAG",
    "PLANNED_END_LAG",
    "LAST_DUE_LAG",
    "TERMINATION_LAG",
    "FIRST_DRAWING_LAG",
    "NFLAG_INSURED_ON_APPROVAL",
    "RATE_INTEREST_PRIMARY",
    "RATE_INTEREST_PRIVILEGED",
    "SELLERPLACE_AREA",
    "WEEKDAY_APPR_PROCESS_START",
    "HOUR_APPR_PROCESS_START",
    "FLAG_LAST_APPL_PER_CONTRACT",
    "NFLAG_LAST_APPL_IN_DAY",
)

SPECS: dict[str, NumberSpec] = {
    "DAYS_CREDIT": _DAYS,
    "DAYS_DECISION": _DAYS,
    "TERM": _LAG,
    "LIFE_RATIO": _RATIO,
    "AMT_CREDIT_SUM": _MONEY,
    "DEBT_RATIO": _RATIO,
    "AMT_CREDIT_SUM_LIMIT": _MONEY,
    "AMT_CREDIT_SUM_OVERDUE": _MONEY,
    "AMT_CREDIT_MAX_OVERDUE": _MONEY,
    "UPDATE_LAG": _LAG,
    "ANNUITY_RATIO": NumberSpec(atom_share=0.001, n_intervals=80, decimals=5),
    "AMOUNT": NumberSpec(step=0.045, atom_share=0.0012, n_intervals=80, decimals=3),
    "GRANTED_RATIO": _RATIO,
    "DOWN_RATIO": _RATIO,
    "FIRST_DUE_LAG": _LAG,
    "PLANNED_END_LAG": _LAG,
    "LAST_DUE_LAG": _LAG,
    "TERMINATION_LAG": _LAG,
    "FIRST_DRAWING_LAG": _LAG,
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


def fit_bureau(loans: pd.DataFrame, given: Mapping[str, Codes]) -> Chain:
    """Return the chain of loans at other lenders; `given` has one code per loan."""
    return _fit_records("bureau", loans, BUREAU_COLUMNS, bureau.model_values, given)


def fit_previous(applications: pd.DataFrame, given: Mapping[str, Codes]) -> Chain:
    """Return the chain of previous applications; `given` has one code per previous application."""
    return _fit_records("previous", applications, PREVIOUS_COLUMNS, previous.model_values, given)


def _fit_records(
    name: str,
    records: pd.DataFrame,
    columns: tuple[str, ...],
    model_values: Callable[[Values], Values],
    given: Mapping[str, Codes],
) -> Chain:
    """Return the chain of one table of records."""
    owners = records["SK_ID_CURR"].to_numpy()
    corrections = dict.fromkeys(_BLOCKS[name], _CORRECTION)
    risk = records["SK_ID_CURR"].astype(float) * 0.0 + given["RISK"]
    categories, values = numbered(records, risk)
    return fit_table(name, columns, model_values(values), categories, SPECS, given, _SETTINGS, corrections, owners)
