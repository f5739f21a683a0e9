"""Corrections: a chain that blurs what goes together is brought closer to the real rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lightgbm as lgb
import numpy as np
import pytest

from training.population.drawing.packing import packed_chain, unpacked_chain
from training.population.fitting.chain import ChainSettings, fit_chain
from training.population.fitting.correction import CorrectionSettings, _stripped, corrected
from training.population.fitting.marginals import NumberSpec, number_marginal

if TYPE_CHECKING:
    from training.population.drawing.chain import Chain

N = 8_000


@pytest.fixture(scope="module")
def chains() -> tuple[Chain, Chain]:
    """Return a chain whose second column knows the first only by halves, and the same chain corrected."""
    rng = np.random.default_rng(0)
    first = rng.normal(size=N)
    values = {"FIRST": first, "SECOND": first + 0.3 * rng.normal(size=N)}
    marginals = [number_marginal(name, column, NumberSpec()) for name, column in values.items()]
    chain = fit_chain("test", marginals, values, {}, ChainSettings(n_leaves=2, min_leaf=100, n_levels=9))
    real = {m.name: m.codes(m.ranks(values[m.name], rng)) for m in marginals}
    return chain, corrected(chain, {}, real, {"SECOND": CorrectionSettings(n_rounds=2, n_trees=60)})


def correlation(chain: Chain) -> float:
    """Return how closely the columns of a draw go together."""
    drawn = chain.draw(np.random.default_rng(1), N, {}).values
    return float(np.corrcoef(drawn["FIRST"], drawn["SECOND"])[0, 1])


def test_a_correction_brings_back_what_the_chain_blurred(chains: tuple[Chain, Chain]) -> None:
    """Columns that go together at 0.96 and are drawn at less come closer when corrected."""
    blurred, mended = (correlation(chain) for chain in chains)

    assert blurred < 0.85
    assert mended > blurred + 0.05


def test_a_correction_keeps_single_columns(chains: tuple[Chain, Chain]) -> None:
    """The distribution of each column stays what it was."""
    for name in ("FIRST", "SECOND"):
        quartiles = [
            np.quantile(chain.draw(np.random.default_rng(2), N, {}).values[name], [0.25, 0.5, 0.75]) for chain in chains
        ]

        np.testing.assert_allclose(quartiles[0], quartiles[1], atol=0.12)


def test_a_corrected_chain_comes_back_from_its_arrays(chains: tuple[Chain, Chain]) -> None:
    """A corrected chain that was packed and unpacked draws the same rows."""
    again = unpacked_chain("test", packed_chain(chains[1]))
    drawn = [chain.draw(np.random.default_rng(3), 400, {}).values["SECOND"] for chain in (chains[1], again)]

    np.testing.assert_array_equal(drawn[0], drawn[1])


def test_stripping_a_classifier_keeps_its_answers() -> None:
    """Without counts and gains, and with whole thresholds, a classifier of whole codes answers as before."""
    rng = np.random.default_rng(0)
    rows = rng.integers(0, 65_535, (2_000, 3)).astype(np.float32)
    booster = lgb.train({"objective": "binary", "verbose": -1}, lgb.Dataset(rows, rows[:, 0] > rows[:, 1]), 20)
    stripped = lgb.Booster(model_str=_stripped(booster.model_to_string()))

    # Effects are kept to three decimals: twenty trees differ by at most twenty halves of that.
    np.testing.assert_allclose(
        booster.predict(rows, raw_score=True), stripped.predict(rows, raw_score=True), atol=0.0101
    )
    assert "leaf_count" not in _stripped(booster.model_to_string())
