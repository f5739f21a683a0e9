"""Fit the correction of a chain: a classifier of real against drawn rows, round after round."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import lightgbm as lgb
import numpy as np

from training.population.drawing.chain import Chain
from training.population.drawing.correction import Correction
from training.population.drawing.marginals import CODE_SCALE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from training.population.drawing.codes import Codes

_UNREAD = (
    "tree_sizes", "split_gain", "leaf_weight", "leaf_count", "internal_value", "internal_weight",
    "internal_count",
)  # fmt: skip


@dataclass(frozen=True)
class CorrectionSettings:
    """How finely a chain is corrected.

    Parameters
    ----------
    n_rounds, n_trees, n_leaves
        Classifiers, trees of each, and leaves of each tree.
    min_leaf
        Fewest rows in a leaf, real and drawn together.
    learning_rate
        Step of each tree.
    n_candidates
        How many candidates are drawn of each row.
    n_rows
        Real rows that are used.
    feature_fraction
        Share of the columns that a tree sees.
    """

    n_rounds: int = 2
    n_trees: int = 150
    n_leaves: int = 12
    min_leaf: int = 200
    learning_rate: float = 0.1
    n_candidates: int = 4
    n_rows: int = 50_000
    feature_fraction: float = 0.8


def corrected(
    chain: Chain, given: Mapping[str, Codes], real: Mapping[str, Codes], blocks: Mapping[str, CorrectionSettings]
) -> Chain:
    """Return the chain with corrections fitted on real rows, block after block.

    Parameters
    ----------
    given
        Codes of the columns the chain is given, per real row.
    real
        Codes of the drawn columns, per real row.
    blocks
        Last column of each block and how finely it is corrected, in the order of the chain.
    """
    start = 0
    for last, settings in blocks.items():
        end = chain.columns.index(last) + 1
        before = {name: given[name] for name in chain.given} | {name: real[name] for name in chain.columns[:start]}
        block = {name: real[name] for name in chain.columns[start:end]}
        fitted = _fit_block(_part(chain, start, end), before, block, settings)
        chain = replace(chain, corrections=(*chain.corrections, fitted))
        start = end
    return chain


def _part(chain: Chain, start: int, end: int) -> Chain:
    """Return the columns from `start` to `end` as a chain of their own, given all columns before."""
    given = (*chain.given, *chain.columns[:start])
    return Chain(chain.name, given, chain.marginals[start:end], chain.predictors[start:end], chain.draws[start:end])


def _fit_block(
    block: Chain, before: Mapping[str, Codes], real: Mapping[str, Codes], settings: CorrectionSettings
) -> Correction:
    """Fit the classifiers of one block, each against draws that the ones before it correct."""
    rng = np.random.default_rng(5)
    rows_used = np.sort(rng.permutation(len(next(iter(real.values()))))[: settings.n_rows])
    before, real = ({name: code[rows_used] for name, code in side.items()} for side in (before, real))
    columns = (*block.given, *block.columns)
    is_real = np.repeat([1, 0], len(next(iter(real.values()))))
    models: tuple[str, ...] = ()
    fitted = Correction(block.columns[-1], columns, models, settings.n_candidates)
    for _ in range(settings.n_rounds):
        drawn = block.draw(rng, len(is_real) // 2, before).codes
        rows = np.vstack(
            [_matrix({**before, **{n: side[n] for n in block.columns}}, columns) for side in (real, drawn)]
        )
        models = (*models, _classifier(rows, is_real, settings))
        fitted = Correction(block.columns[-1], columns, models, settings.n_candidates)
        block = replace(block, corrections=(fitted,))
    return fitted


def _matrix(codes: Mapping[str, Codes], columns: tuple[str, ...]) -> NDArray[np.float32]:
    return np.column_stack([codes[name] for name in columns]).astype(np.float32)


def _classifier(rows: NDArray[np.float32], is_real: NDArray[np.int64], settings: CorrectionSettings) -> str:
    """Return a boosted classifier in LightGBM's text format, without what prediction does not read."""
    parameters = {
        "objective": "binary",
        "num_leaves": settings.n_leaves,
        "learning_rate": settings.learning_rate,
        "min_data_in_leaf": settings.min_leaf,
        "feature_fraction": settings.feature_fraction,
        "lambda_l2": 5.0,
        "num_threads": 1,
        "verbose": -1,
        "seed": 0,
    }
    booster = lgb.train(parameters, lgb.Dataset(rows, is_real), num_boost_round=settings.n_trees)
    return _stripped(booster.model_to_string())


def _stripped(model: str) -> str:
    """Return the model with short numbers and without counts, gains, sizes and parameters."""
    trees = model[: model.index("end of trees")]
    kept = [line for line in trees.splitlines() if not line.startswith(_UNREAD)]
    return "\n".join([*(_shortened(line) for line in kept), "end of trees", ""])


def _shortened(line: str) -> str:
    """Return a line with thresholds as whole codes and effects to three decimals."""
    name, _, numbers = line.partition("=")
    if name == "threshold":
        # Codes are whole numbers: a row is at most the threshold exactly if it is at most its floor.
        return "threshold=" + " ".join(str(int(float(x))) for x in numbers.split())
    if name == "leaf_value":
        return "leaf_value=" + " ".join(f"{float(x):.3f}" for x in numbers.split())
    if name == "feature_infos":
        # LightGBM insists on ranges; the whole scale of codes tells nothing of the rows.
        return "feature_infos=" + " ".join([f"[0:{CODE_SCALE}]"] * len(numbers.split()))
    return line
