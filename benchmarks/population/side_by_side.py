"""What is compared between the real tables and the sample: missing together, default rates, records, shift."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks.population.likeness import column_distances

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# Columns along which the default rate is compared: the strongest of the application table.
STRONG = (
    "EXT_SOURCE_1",
    "EXT_SOURCE_2",
    "EXT_SOURCE_3",
    "DAYS_BIRTH",
    "DAYS_EMPLOYED",
    "DAYS_ID_PUBLISH",
    "DAYS_LAST_PHONE_CHANGE",
    "AMT_GOODS_PRICE",
    "AMT_CREDIT",
    "NAME_EDUCATION_TYPE",
    "NAME_INCOME_TYPE",
    "CODE_GENDER",
    "NAME_CONTRACT_TYPE",
    "REGION_RATING_CLIENT_W_CITY",
    "FLAG_DOCUMENT_3",
)
_N_BANDS = 5
# A band with fewer real applications than this has no rate worth comparing, nor one that may be published.
_FEWEST = 400
_FEWEST_MISSING = 0.001


def missing_together(real: pd.DataFrame, sample: pd.DataFrame) -> pd.DataFrame:
    """Return for each pair of columns the share of rows that lack both, on both sides, most different first."""
    names = [name for name in real if name in sample and real[name].isna().mean() > _FEWEST_MISSING]
    shares = []
    for side in (real, sample):
        missing = side[names].isna().to_numpy(np.float32)
        shares.append(missing.T @ missing / len(side))
    first, second = np.triu_indices(len(names), k=1)
    table = pd.DataFrame(
        {
            "first": [names[i] for i in first],
            "second": [names[i] for i in second],
            "real": shares[0][first, second],
            "sample": shares[1][first, second],
        }
    )
    table["difference"] = (table["real"] - table["sample"]).abs()
    return table.sort_values("difference", ascending=False, ignore_index=True)


def default_rates(real: pd.DataFrame, sample: pd.DataFrame, columns: Sequence[str] = STRONG) -> pd.DataFrame:
    """Return the default rate per band of each column, bands being fifths of the real rows, categories, or missing."""
    parts = []
    for name in columns:
        bands = _bands(real[name], [real[name], sample[name]])
        rates = [
            side["TARGET"].groupby(band).agg(["mean", "size"]) for side, band in zip((real, sample), bands, strict=True)
        ]
        both = rates[0].join(rates[1]["mean"].rename("sample"), how="inner")
        both = both[both["size"] >= _FEWEST].rename(columns={"mean": "real"})
        parts.append(both.assign(column=name, error=np.sqrt(both["real"] * (1 - both["real"]) / both["size"])))
    table = pd.concat(parts).rename_axis("band").reset_index()
    return table[["column", "band", "real", "sample", "error"]]


def _bands(real: pd.Series, sides: Sequence[pd.Series]) -> list[pd.Series]:
    """Return a band per row of each side."""
    if not pd.api.types.is_numeric_dtype(real) or real.nunique() <= _N_BANDS:
        return [side.astype(object).where(side.notna(), "missing").astype(str) for side in sides]
    edges = np.unique(real.quantile(np.linspace(0, 1, _N_BANDS + 1)[1:-1]))
    labels = [f"fifth {i + 1}" for i in range(len(edges) + 1)]

    def band(side: pd.Series) -> pd.Series:
        numbers = np.searchsorted(edges, side.to_numpy(float), side="left")
        return pd.Series(np.where(side.isna(), "missing", np.array(labels)[numbers % len(labels)]), index=side.index)

    return [band(side) for side in sides]


def records_per_applicant(records: pd.DataFrame, ids: NDArray[np.int64]) -> dict[str, float]:
    """Return mean, share without any, and quantiles of the number of records per applicant."""
    counts = records["SK_ID_CURR"].value_counts().reindex(ids, fill_value=0).to_numpy()
    quantiles = {f"q{int(100 * q)}": float(np.quantile(counts, q)) for q in (0.25, 0.5, 0.75, 0.95)}
    return {"mean": float(counts.mean()), "none": float((counts == 0).mean())} | quantiles


def set_shift(real: Sequence[pd.DataFrame], sample: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return per column the distance between training and test applications, real and sample, most shifted first."""
    sides = [
        column_distances(*pair).set_index("column")[["distance", "missing_real", "missing_sample"]]
        for pair in (real, sample)
    ]
    table = pd.DataFrame({"real": sides[0]["distance"], "sample": sides[1]["distance"]}).dropna()
    return table.sort_values("real", ascending=False).rename_axis("column").reset_index()
