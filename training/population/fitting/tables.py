"""Fit the chains of a table: read each column as its kind, then fit the columns in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from training.population.fitting.chain import ChainSettings, fit_chain
from training.population.fitting.correction import CorrectionSettings, corrected
from training.population.fitting.marginals import NumberSpec, category_marginal, category_numbers, number_marginal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from training.population.drawing.chain import Chain
    from training.population.drawing.codes import Codes
    from training.population.drawing.marginals import Marginal

type Numbered = dict[str, NDArray[np.float64]]

COUNT = NumberSpec(step=1.0, atom_share=0.0, n_intervals=10, decimals=0)


def numbered(table: pd.DataFrame, order: pd.Series) -> tuple[dict[str, Marginal], Numbered]:
    """Return the distributions of a table's categories, and all its columns as numbers."""
    marginals: dict[str, Marginal] = {}
    values: Numbered = {}
    for name, column in table.items():
        if pd.api.types.is_numeric_dtype(column):
            values[str(name)] = column.to_numpy(float)
            continue
        labels = column.astype("object").map(lambda label: label if isinstance(label, str) else None)
        marginals[str(name)] = category_marginal(str(name), labels, order)
        values[str(name)] = category_numbers(labels, marginals[str(name)])
    return marginals, values


def fit_table(  # noqa: PLR0913, PLR0917 - a table is its columns, what they follow and how they are fitted
    name: str,
    columns: Sequence[str],
    values: Numbered,
    categories: Mapping[str, Marginal],
    specs: Mapping[str, NumberSpec],
    given: Mapping[str, Codes],
    settings: ChainSettings,
    corrections: Mapping[str, CorrectionSettings] | None = None,
    owners: NDArray[np.int64] | None = None,
    strata: Mapping[str, str] | None = None,
) -> Chain:
    """Return the chain of the named columns, corrected by blocks; numbers without a spec are counts."""
    marginals = [
        categories[column]
        if column in categories
        else number_marginal(column, values[column], specs.get(column, COUNT), owners)
        for column in columns
    ]
    chain = fit_chain(name, marginals, values, given, settings, strata)
    if not corrections:
        return chain
    rng = np.random.default_rng(4)
    real = {m.name: m.codes(m.ranks(values[m.name], rng)) for m in marginals}
    return corrected(chain, given, real, corrections)
