"""The profile as one small file: many short arrays laid end to end under one name per field."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from training.population.drawing.applications import Follower
from training.population.drawing.chain import Chain
from training.population.drawing.correction import Correction
from training.population.drawing.draws import Draw, Tree
from training.population.drawing.marginals import Marginal
from training.population.drawing.tariffs import Tariffs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

_TREE_FIELDS = ("predictor", "threshold", "left", "right", "leaf")
_PIECES = ("shares", "low", "high")


def packed_chain(chain: Chain) -> dict[str, NDArray[Any]]:
    """Return the arrays that hold a chain, by name."""
    packed = {f"marginal_{field}": _joined([getattr(m, field) for m in chain.marginals]) for field in _PIECES}
    packed["table"] = _joined([draw.table.ravel() for draw in chain.draws])
    packed |= packed_trees([draw.tree for draw in chain.draws])
    packed["header"] = np.frombuffer(json.dumps(_header(chain)).encode(), dtype=np.uint8)
    packed |= {f"correction_{i}": _text(c.models) for i, c in enumerate(chain.corrections)}
    return {f"{chain.name}/{name}": array for name, array in packed.items()}


def unpacked_chain(name: str, arrays: Mapping[str, NDArray[Any]]) -> Chain:
    """Return the chain that `packed_chain` stored under `name`."""
    own = {key.removeprefix(f"{name}/"): array for key, array in arrays.items() if key.startswith(f"{name}/")}
    header = json.loads(own["header"].tobytes())
    pieces = {field: _split(own[f"marginal_{field}"], header["n_pieces"]) for field in _PIECES}
    marginals = [
        Marginal(column, shares, low, high, step, tuple(labels))
        for column, shares, low, high, step, labels in zip(
            header["columns"], *pieces.values(), header["steps"], header["labels"], strict=True
        )
    ]
    trees = unpacked_trees(own, header["n_nodes"])
    sizes = [rows * width for rows, width in header["tables"]]
    tables = [part.reshape(shape) for part, shape in zip(_split(own["table"], sizes), header["tables"], strict=True)]
    return Chain(
        name,
        tuple(header["given"]),
        tuple(marginals),
        tuple(tuple(names) for names in header["predictors"]),
        tuple(Draw(tree, table) for tree, table in zip(trees, tables, strict=True)),
        tuple(
            Correction(last, tuple(columns), _models(own[f"correction_{i}"]), n_candidates)
            for i, (last, columns, n_candidates) in enumerate(header.get("corrections", ()))
        ),
    )


def _text(models: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(models).encode(), dtype=np.uint8)


def _models(text: NDArray[np.uint8]) -> tuple[str, ...]:
    return tuple(json.loads(text.tobytes()))


def packed_trees(trees: Sequence[Tree]) -> dict[str, NDArray[Any]]:
    """Return the fields of many trees laid end to end."""
    return {f"tree_{field}": _joined([getattr(tree, field) for tree in trees]) for field in _TREE_FIELDS}


def unpacked_trees(arrays: Mapping[str, NDArray[Any]], n_nodes: Sequence[int]) -> list[Tree]:
    """Return the trees that `packed_trees` laid end to end, given the number of nodes of each."""
    fields = [_split(arrays[f"tree_{field}"], n_nodes) for field in _TREE_FIELDS]
    return [Tree(*parts) for parts in zip(*fields, strict=True)]


_TARIFF_FIELDS = ("band", "credit_ratio", "annuity_ratio", "count")


def packed_tariffs(tariffs: Tariffs) -> dict[str, NDArray[Any]]:
    """Return the arrays that hold the price list."""
    return {f"tariffs/{field}": getattr(tariffs, field) for field in _TARIFF_FIELDS}


def unpacked_tariffs(arrays: Mapping[str, NDArray[Any]]) -> Tariffs:
    """Return the price list that `packed_tariffs` stored."""
    return Tariffs(*(arrays[f"tariffs/{field}"] for field in _TARIFF_FIELDS))


def packed_followers(followers: Sequence[Follower]) -> dict[str, NDArray[Any]]:
    """Return the arrays that hold followers; measures as whole ten-thousandths."""
    header = [(f.name, f.base, f.is_complemented, f.slope, len(f.bases)) for f in followers]
    parts = {"bases": [f.bases for f in followers], "values": [f.values for f in followers]}
    packed = {name: np.round(_joined(part) * 10_000).astype(np.uint16) for name, part in parts.items()}
    packed["header"] = np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)
    return {f"followers/{name}": array for name, array in packed.items()}


def unpacked_followers(arrays: Mapping[str, NDArray[Any]]) -> tuple[Follower, ...]:
    """Return the followers that `packed_followers` stored."""
    header = json.loads(arrays["followers/header"].tobytes())
    lengths = [n for *_, n in header]
    bases, values = (_split(np.round(arrays[f"followers/{name}"] / 10_000, 4), lengths) for name in ("bases", "values"))
    return tuple(Follower(*head[:4], *columns) for head, *columns in zip(header, bases, values, strict=True))


def _header(chain: Chain) -> dict[str, Any]:
    """Return what is not an array: names, sizes, categories."""
    return {
        "columns": chain.columns,
        "given": chain.given,
        "labels": [m.labels for m in chain.marginals],
        "steps": [m.step for m in chain.marginals],
        "n_pieces": [len(m.shares) for m in chain.marginals],
        "predictors": chain.predictors,
        "n_nodes": [len(draw.tree.leaf) for draw in chain.draws],
        "corrections": [(c.last, c.columns, c.n_candidates) for c in chain.corrections],
        "tables": [draw.table.shape for draw in chain.draws],
    }


def _joined(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(parts)


def _split(joined: NDArray[Any], lengths: Sequence[int]) -> list[NDArray[Any]]:
    return np.split(joined, np.cumsum(lengths)[:-1])
