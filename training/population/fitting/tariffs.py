"""Read the price list of cash loans off their amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.population.drawing.tariffs import RATIO_PARTS, Tariffs, price_band
from training.population.fitting.marginals import MIN_CELL

if TYPE_CHECKING:
    import pandas as pd

# Instalments are whole units of money: shares of one tariff differ by no more than this.
_SAME_TARIFF = 4e-5


def fit_tariffs(applications: pd.DataFrame) -> Tariffs:
    """Return the tariffs that at least twenty cash loans have, as means of those loans."""
    is_cash = (applications["NAME_CONTRACT_TYPE"] == "Cash loans") & applications["AMT_GOODS_PRICE"].notna()
    loans = applications[is_cash & applications["AMT_ANNUITY"].notna()]
    rows = loans.assign(
        band=price_band(loans["AMT_GOODS_PRICE"].to_numpy(float)),
        ratio=loans["AMT_CREDIT"] / loans["AMT_GOODS_PRICE"],
        share=loans["AMT_ANNUITY"] / loans["AMT_CREDIT"],
    )[["band", "ratio", "share"]]
    rows["listed"] = np.round(rows["ratio"] * RATIO_PARTS)
    rows = rows.sort_values(["band", "listed", "share"], ignore_index=True)
    is_new = rows[["band", "listed"]].diff().ne(0.0).any(axis=1) | (rows["share"].diff() > _SAME_TARIFF)
    offers = rows.groupby(is_new.cumsum()).agg(
        band=("band", "first"), listed=("listed", "first"), share=("share", "mean"), count=("share", "size")
    )
    offers = offers[offers["count"] >= MIN_CELL]
    return Tariffs(
        offers["band"].to_numpy(np.int64),
        offers["listed"].to_numpy(float) / RATIO_PARTS,
        np.round(offers["share"].to_numpy(float), 6),
        offers["count"].to_numpy(float),
    )
