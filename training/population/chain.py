"""A table drawn column by column, each given the columns before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from training.population.draws import Draw
    from training.population.marginals import Marginal

type Codes = NDArray[np.uint16]
type Values = dict[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Lean:
    """How the draw of a column leans on a latent trait of the applicant.

    Parameters
    ----------
    trait
        Standard normal, one per row.
    weight
        Correlation of the draw with the trait, in (-1, 1); positive gives higher values to a higher trait. The
        distribution of the column over all rows does not change.
    """

    trait: NDArray[np.float64]
    weight: float

    def levels(self, levels: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return levels of probability that follow the trait and are uniform over the population."""
        rest = float(np.sqrt(1.0 - self.weight**2))
        found: NDArray[np.float64] = ndtr(self.weight * self.trait + rest * ndtri(np.clip(levels, 1e-9, 1 - 1e-9)))
        return found


@dataclass(frozen=True)
class Chain:
    """Columns in the order they are drawn.

    Parameters
    ----------
    name
        What the rows are, for example ``application``.
    given
        Columns known before the chain begins.
    marginals, draws
        One of each per drawn column.
    predictors
        Per drawn column, the names of the columns its tree compares.
    """

    name: str
    given: tuple[str, ...]
    marginals: tuple[Marginal, ...]
    predictors: tuple[tuple[str, ...], ...]
    draws: tuple[Draw, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the drawn columns, in order."""
        return tuple(marginal.name for marginal in self.marginals)

    def draw(
        self,
        rng: np.random.Generator,
        n_rows: int,
        given: Mapping[str, Codes],
        leans: Mapping[str, Lean] | None = None,
    ) -> Drawn:
        """Draw `n_rows` rows given the codes of known columns."""
        codes = dict(given)
        values: dict[str, NDArray[np.float64]] = {}
        for marginal, predictors, draw in zip(self.marginals, self.predictors, self.draws, strict=True):
            levels = rng.random(n_rows)
            if leans and marginal.name in leans:
                levels = leans[marginal.name].levels(levels)
            ranks = draw.ranks(marginal, _stack(codes, predictors, n_rows), levels)
            values[marginal.name], codes[marginal.name] = marginal.values(ranks), marginal.codes(ranks)
        return Drawn(values, codes)


@dataclass(frozen=True)
class Drawn:
    """Rows of a chain: values as floats (categories as numbers, missing as NaN) and their codes."""

    values: dict[str, NDArray[np.float64]]
    codes: dict[str, Codes]


def _stack(codes: Mapping[str, Codes], names: tuple[str, ...], n_rows: int) -> Codes:
    """Return the codes of the named columns, shape ``(n_names, n_rows)``; one row of zeros when there are none."""
    if not names:
        return np.zeros((1, n_rows), dtype=np.uint16)
    return np.stack([codes[name] for name in names])
