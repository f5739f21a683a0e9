"""A correction of a chain's draws: among a few candidates of each row, the likelier real one is taken."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import lightgbm as lgb
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from training.population.drawing.codes import Codes


@dataclass(frozen=True)
class Correction:
    """Boosted log-ratios of real to drawn rows, after which candidates of a row are chosen.

    The chain draws each column given a few others; what it blurs, a classifier of real against drawn rows sees. Its
    log-odds are the logarithm of the ratio of the two densities: a row taken among `n_candidates` draws with chances
    proportional to that ratio follows the real density more closely (sampling importance resampling, Rubin 1987).

    Parameters
    ----------
    last
        Last column of the block it corrects; blocks follow one another along the chain.
    columns
        Columns the classifiers read, in order: those known before the block, then those of the block.
    models
        The classifiers in LightGBM's text format, one per round; each corrects what is left after those before.
    n_candidates
        How many candidates are drawn of each row.
    """

    last: str
    columns: tuple[str, ...]
    models: tuple[str, ...]
    n_candidates: int

    @cached_property
    def _boosters(self) -> tuple[lgb.Booster, ...]:
        return tuple(lgb.Booster(model_str=model) for model in self.models)

    def log_ratio(self, codes: Mapping[str, Codes]) -> NDArray[np.float64]:
        """Return the log-ratio of the real to the drawn density of each row, up to a constant."""
        known = np.column_stack([codes[name] for name in self.columns]).astype(np.float32)
        total = np.zeros(len(known))
        for booster in self._boosters:
            total += np.asarray(booster.predict(known, raw_score=True, num_threads=1))
        return total

    def chosen(self, rng: np.random.Generator, codes: Mapping[str, Codes]) -> NDArray[np.int64]:
        """Return which of the stacked candidates is taken for each row.

        Candidates stand in `n_candidates` blocks of all rows. The largest of log-ratios with Gumbel noise is a draw
        with chances proportional to the ratios.
        """
        log_ratio = self.log_ratio(codes)
        noisy = (log_ratio + rng.gumbel(size=len(log_ratio))).reshape(self.n_candidates, -1)
        n_rows = noisy.shape[1]
        best: NDArray[np.int64] = noisy.argmax(axis=0) * n_rows + np.arange(n_rows)
        return best
