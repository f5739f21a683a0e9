"""Fit cards: their limit and whether they are used, and the months of those that are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.population._fit_chain import ChainSettings
from training.population._fit_marginals import NumberSpec
from training.population._fit_tables import COUNT, fit_table
from training.population.card import age_codes, scale, use_codes

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from training.population.chain import Chain, Codes, Values

_SHARE = NumberSpec(atom_share=0.004, n_intervals=60, decimals=4)
_SPECS = {
    "LIMIT": NumberSpec(atom_share=0.0, is_lattice=True),
    **dict.fromkeys(("ATM", "POS", "PAYMENT", "REST", "MIN"), _SHARE),
    **dict.fromkeys(("N_ATM", "N_POS", "SK_DPD", "SK_DPD_DEF"), COUNT),
}
_CARD = ChainSettings(n_leaves=12, min_leaf=150, n_levels=9)
_MONTH = ChainSettings(n_leaves=60, min_leaf=200, n_levels=13, n_predictors=8, n_rows=60_000)


def fit_cards(months: pd.DataFrame, given: Mapping[str, Codes]) -> Chain:
    """Return the chain of cards; `given` has one code per card, in the order of their ids."""
    cards = months.groupby("SK_ID_PREV")
    values = {
        "LIMIT": cards["AMT_CREDIT_LIMIT_ACTUAL"].median().to_numpy(float),
        "IS_USED": (cards["AMT_BALANCE"].max() > 0).to_numpy(float),
    }
    age = {"AGE": age_codes(np.asarray(cards.size()))}
    return fit_table("card", tuple(values), values, {}, _SPECS, age | dict(given), _CARD)


def fit_card_months(months: pd.DataFrame) -> Chain:
    """Return the chain of the months of used cards, given the month before."""
    months = months.sort_values(["SK_ID_PREV", "MONTHS_BALANCE"])
    months = months[months.groupby("SK_ID_PREV")["AMT_BALANCE"].transform("max") > 0].reset_index(drop=True)
    cards = months.groupby("SK_ID_PREV")
    base = scale(months["AMT_CREDIT_LIMIT_ACTUAL"].to_numpy(float))
    balance = months["AMT_BALANCE"].clip(lower=0.0)
    before = balance.groupby(months["SK_ID_PREV"]).shift().fillna(0.0)
    most = before.groupby(months["SK_ID_PREV"]).cummax()
    given = {
        "USE_BEFORE": use_codes(before.to_numpy() / base),
        "MOST_USED": use_codes(most.to_numpy() / base),
        "AGE": age_codes(np.asarray(cards.cumcount())),
    }
    values = _shares(months, balance.to_numpy() - before.to_numpy(), base)
    return fit_table("card_month", tuple(values), values, {}, _SPECS, given, _MONTH)


def _shares(months: pd.DataFrame, grown: NDArray[np.float64], base: NDArray[np.float64]) -> Values:
    """Return amounts of each month as shares of the card's limit."""
    atm, pos, paid, least = (
        months[name].fillna(0.0).to_numpy()
        for name in (
            "AMT_DRAWINGS_ATM_CURRENT",
            "AMT_DRAWINGS_POS_CURRENT",
            "AMT_PAYMENT_CURRENT",
            "AMT_INST_MIN_REGULARITY",
        )
    )
    return {
        "ATM": np.round(atm / base, 4),
        "N_ATM": months["CNT_DRAWINGS_ATM_CURRENT"].fillna(0.0).to_numpy(),
        "POS": np.round(pos / base, 4),
        "N_POS": months["CNT_DRAWINGS_POS_CURRENT"].fillna(0.0).to_numpy(),
        "PAYMENT": np.round(paid / base, 4),
        # What drawings and payments do not explain: interest, fees and corrections.
        "REST": np.round(np.clip((grown - atm - pos + paid) / base, -1.0, 1.0), 4),
        "MIN": np.round(least / base, 4),
        "SK_DPD": months["SK_DPD"].to_numpy(float),
        "SK_DPD_DEF": months["SK_DPD_DEF"].to_numpy(float),
    }
