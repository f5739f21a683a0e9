"""A table drawn column by column, each given the columns before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from training.population.drawing.codes import Codes
    from training.population.drawing.correction import Correction
    from training.population.drawing.draws import Draw
    from training.population.drawing.marginals import Marginal


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

    def tiled(self, n_times: int) -> Lean:
        """Return the lean of rows that are laid end to end several times."""
        return Lean(np.tile(self.trait, n_times), self.weight)


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
    corrections
        Each chooses among candidates of each row for a block of columns; columns after the last are drawn once.
    """

    name: str
    given: tuple[str, ...]
    marginals: tuple[Marginal, ...]
    predictors: tuple[tuple[str, ...], ...]
    draws: tuple[Draw, ...]
    corrections: tuple[Correction, ...] = ()

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
        drawn = Drawn({}, dict(given))
        start = 0
        for correction in self.corrections:
            end = self.columns.index(correction.last) + 1
            self._add_corrected(rng, n_rows, drawn, range(start, end), correction, leans or {})
            start = end
        self._add(rng, n_rows, drawn, range(start, len(self.draws)), leans or {})
        return drawn

    def _add_corrected(
        self,
        rng: np.random.Generator,
        n_rows: int,
        drawn: Drawn,
        block: range,
        correction: Correction,
        leans: Mapping[str, Lean],
    ) -> None:
        """Add a block of columns, each row chosen among its candidates."""
        first, rest = range(block.start, block.start + 1), range(block.start + 1, block.stop)
        # The candidates of a row share the first column: without it, those that lack a whole group of columns (all
        # measures of a house) would win too often, being never implausible.
        self._add(rng, n_rows, drawn, first, leans)
        n = correction.n_candidates
        read = {*correction.columns, *(name for i in rest for name in self.predictors[i])} & set(drawn.codes)
        many = Drawn({}, {name: np.tile(drawn.codes[name], n) for name in sorted(read)})
        tiled = {self.columns[i]: leans[self.columns[i]].tiled(n) for i in rest if self.columns[i] in leans}
        self._add(rng, n * n_rows, many, rest, tiled)
        taken = correction.chosen(rng, many.codes)
        for name in (self.columns[i] for i in rest):
            drawn.values[name], drawn.codes[name] = many.values[name][taken], many.codes[name][taken]

    def _add(
        self, rng: np.random.Generator, n_rows: int, drawn: Drawn, block: range, leans: Mapping[str, Lean]
    ) -> None:
        """Add a block of columns, each drawn given those before it."""
        for i in block:
            marginal = self.marginals[i]
            levels = rng.random(n_rows)
            if marginal.name in leans:
                levels = leans[marginal.name].levels(levels)
            ranks = self.draws[i].ranks(marginal, _stack(drawn.codes, self.predictors[i], n_rows), levels)
            drawn.values[marginal.name], drawn.codes[marginal.name] = marginal.values(ranks), marginal.codes(ranks)


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
