"""Fit cards: their first limit and whether they are used, and their months given the month before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from training.population.drawing.card import OPENED_BEFORE, STATUSES
from training.population.drawing.card_months import OF_DEBT, CardState, amount_codes, least_kind, months_codes, scale
from training.population.fitting.chain import ChainSettings
from training.population.fitting.correction import CorrectionSettings
from training.population.fitting.marginals import NumberSpec
from training.population.fitting.tables import fit_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from training.population.drawing.chain import Chain
    from training.population.drawing.codes import Codes, Values

type Floats = NDArray[np.float64]

_LATTICE = NumberSpec(atom_share=0.0, is_lattice=True)
_SHARE = NumberSpec(atom_share=0.002, n_intervals=60, decimals=4)
_SPECS = {
    "LIMIT": _LATTICE,
    "LIMIT_RATIO": _LATTICE,
    "ATM": NumberSpec(step=450.0, atom_share=0.0, n_intervals=40, decimals=0),
    "POS": NumberSpec(step=0.045, atom_share=0.0004, n_intervals=80, decimals=3),
    "PAYMENT": NumberSpec(step=0.045, atom_share=0.0003, n_intervals=100, decimals=3),
    **dict.fromkeys(("MIN", "DEBT_SHARE", "PAID", "GROWTH", "PRINCIPAL", "RECEIVABLE"), _SHARE),
}
_CARD = ChainSettings(n_leaves=16, min_leaf=100, n_levels=9)
_MONTH = ChainSettings(n_leaves=200, min_leaf=120, n_levels=13, n_predictors=20, n_rows=100_000)
_STRATA = {
    "MIN": "MIN_KIND",
    "DEBT_SHARE": "MIN_KIND",
    "PAYMENT": "PAYMENT_KIND",
    "ATM": "DEBT_BEFORE",
    "POS": "DEBT_BEFORE",
    "MIN_KIND": "DEBT_BEFORE",
    "PAYMENT_KIND": "DEBT_BEFORE",
    "IS_OWED": "DEBT_BEFORE",
    "GROWTH": "DEBT_BEFORE",
    "PRINCIPAL": "IS_OWED",
    "RECEIVABLE": "IS_OWED",
    "SK_DPD": "DEBT_BEFORE",
}
_MONTH_CORRECTION = {"SK_DPD_DEF": CorrectionSettings(n_rounds=2, n_trees=120, n_candidates=3)}


def fit_cards(months: pd.DataFrame, previous: pd.DataFrame, given: Mapping[str, Codes]) -> Chain:
    """Return the chain of cards; `given` has one code per card, in the order of their ids."""
    months = months.sort_values(["SK_ID_PREV", "MONTHS_BALANCE"])
    cards = months.groupby("SK_ID_PREV")
    first = cards.first()
    granted = previous.set_index("SK_ID_PREV")["AMT_CREDIT"].reindex(first.index).to_numpy(float)
    limit = first["AMT_CREDIT_LIMIT_ACTUAL"].to_numpy(float)
    is_old = (first["MONTHS_BALANCE"] <= OPENED_BEFORE).to_numpy()
    values = {
        "IS_USED": (cards["AMT_BALANCE"].max() > 0).to_numpy(float),
        "AS_GRANTED": np.where(np.isnan(granted), 1.0, limit == granted).astype(float),
        "LIMIT": limit,
        "N_MATURE": np.where(is_old, first["CNT_INSTALMENT_MATURE_CUM"].fillna(0.0), 0.0),
    }
    own = {
        "AGE": months_codes(-first["MONTHS_BALANCE"].to_numpy(float)),
        "GRANTED": amount_codes(np.where(np.isnan(granted), limit, granted)),
    }
    return fit_table("card", tuple(values), values, {}, _SPECS, own | dict(given), _CARD)


def fit_card_months(months: pd.DataFrame) -> Chain:
    """Return the chain of the months of cards, given the month before."""
    months = months[months["NAME_CONTRACT_STATUS"].isin(STATUSES)]
    months = months.sort_values(["SK_ID_PREV", "MONTHS_BALANCE"]).reset_index(drop=True)
    state = _state_before(months)
    values = _model_values(months, state)
    owners = months["SK_ID_PREV"].to_numpy()
    return fit_table(
        "card_month", tuple(values), values, {}, _SPECS, state.codes(), _MONTH, _MONTH_CORRECTION, owners, _STRATA
    )


def _state_before(months: pd.DataFrame) -> CardState:
    """Return what was known of each card before each of its months."""
    cards = months.groupby("SK_ID_PREV")
    limit = months["AMT_CREDIT_LIMIT_ACTUAL"].astype(float)

    def before(column: pd.Series) -> Floats:
        return np.asarray(column.groupby(months["SK_ID_PREV"]).shift().fillna(0.0), dtype=np.float64)

    balance = months["AMT_BALANCE"].clip(lower=0.0)
    owed = pd.Series(before(balance))
    is_first = (cards.cumcount() == 0).to_numpy()
    status = months["NAME_CONTRACT_STATUS"].map({label: float(i) for i, label in enumerate(STATUSES)})
    return CardState(
        is_used=(balance.groupby(months["SK_ID_PREV"]).transform("max") > 0).to_numpy(),
        age=np.asarray(cards.cumcount(), dtype=np.float64),
        month=months["MONTHS_BALANCE"].to_numpy(float),
        # A card's first limit is drawn with the card.
        limit=np.where(is_first, limit, before(limit)),
        balance=np.asarray(owed, dtype=np.float64),
        most=np.asarray(owed.groupby(months["SK_ID_PREV"]).cummax(), dtype=np.float64),
        payment=before(months["AMT_PAYMENT_CURRENT"]),
        least=before(months["AMT_INST_MIN_REGULARITY"]),
        atm=before(months["AMT_DRAWINGS_ATM_CURRENT"]),
        pos=before(months["AMT_DRAWINGS_POS_CURRENT"]),
        dpd=before(months["SK_DPD"]),
        status=before(status),
        is_known=before(months["AMT_DRAWINGS_ATM_CURRENT"].notna().astype(float)) > 0,
        closes=np.full(len(months), np.inf),
    )


def _model_values(months: pd.DataFrame, state: CardState) -> Values:
    """Return the columns the chain draws, from the columns of the table; the inverse is in `card_months`."""
    column = {str(name): months[name].to_numpy() for name in months}
    limit = column["AMT_CREDIT_LIMIT_ACTUAL"].astype(float)
    atm, pos = (np.nan_to_num(column[f"AMT_DRAWINGS_{place}_CURRENT"].astype(float)) for place in ("ATM", "POS"))
    payment, least = column["AMT_PAYMENT_CURRENT"], column["AMT_INST_MIN_REGULARITY"]
    paid = column["AMT_PAYMENT_TOTAL_CURRENT"].astype(float)
    balance = np.maximum(column["AMT_BALANCE"], 0.0)
    owed = np.where(balance > 0, balance, np.nan)
    base = np.where(state.balance + atm + pos > 0, state.balance + atm + pos, scale(limit))
    growth = (balance - state.balance - atm - pos + paid) / base
    kind = _payment_kind(payment, least, state)
    known = np.where(payment > 0, payment, np.nan)
    return {
        "STATUS": months["NAME_CONTRACT_STATUS"].map({label: i for i, label in enumerate(STATUSES)}).to_numpy(float),
        "LIMIT_RATIO": np.where(state.limit > 0, np.round(limit / np.maximum(state.limit, 1.0), 4), 1.0),
        "IS_KNOWN": months["AMT_DRAWINGS_ATM_CURRENT"].notna().to_numpy(float),
        "ATM": atm,
        "N_ATM": np.nan_to_num(column["CNT_DRAWINGS_ATM_CURRENT"].astype(float)),
        "POS": pos,
        "N_POS": np.nan_to_num(column["CNT_DRAWINGS_POS_CURRENT"].astype(float)),
        "MIN_KIND": (due := least_kind(least, limit, state.balance)),
        "DEBT_SHARE": np.where(due == OF_DEBT, np.round(least / np.maximum(state.balance, 1.0), 4), np.nan),
        "MIN": np.where(due == CardState.OTHER, np.round(least / scale(limit), 5), np.nan),
        "PAYMENT_KIND": kind,
        "PAYMENT": np.where(kind == CardState.OTHER, payment, np.nan),
        "PAID": np.round(paid / known, 3),
        "IS_OWED": (balance > 0).astype(float),
        "GROWTH": np.where(np.isnan(owed), np.nan, np.round(np.clip(growth, -1.0, 1.0), 4)),
        "PRINCIPAL": np.round(np.clip(column["AMT_RECEIVABLE_PRINCIPAL"] / owed, 0.0, 1.0), 3),
        "RECEIVABLE": np.round(np.clip(column["AMT_RECIVABLE"] / owed, 0.0, 1.5), 3),
        "SK_DPD": column["SK_DPD"].astype(float),
        "SK_DPD_DEF": column["SK_DPD_DEF"].astype(float),
    }


def _payment_kind(payment: Floats, least: Floats, state: CardState) -> Floats:
    """Return how each payment comes about: not recorded, none, as before, the least that is due, or another."""
    rules = [np.isnan(payment), payment == 0, payment == state.payment, payment == least]
    kinds = [CardState.MISSING, CardState.NONE, CardState.AS_BEFORE, CardState.LEAST]
    return np.select(rules, kinds, CardState.OTHER)
