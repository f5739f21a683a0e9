"""The gate of the features: over one dossier the function computes what training computed over all rows, to the bit."""

from __future__ import annotations

import multiprocessing
from collections import deque
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache
from itertools import batched
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from tqdm import tqdm

from features.dossier import read_dossier
from features.engine import FeatureEngine
from scoring.contract import DossierParity
from scoring.features import InputEncoder
from training.errors import ParityError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from features.engine import Value
    from scoring.contract import Input
    from training.features.dataset import Dataset
    from training.sources.dossiers import Dossier

_ANY_NUMBER = 1 << 30
# Dossiers that a process is handed at a time, and how many such parts wait for one.
_PART = 100
_AHEAD = 2


class DossierSet(NamedTuple):
    """Dossiers with the keys of their applicants, and the encoded rows that the batch made of the same data."""

    dossiers: Iterable[tuple[int, Dossier]]
    rows: Dataset


def engine_of(inputs: Sequence[Input]) -> FeatureEngine:
    """Return the engine that computes some inputs."""
    return FeatureEngine.computing({item.name: item.table for item in inputs})


def check_dossiers(
    inputs: Sequence[Input],
    data_sets: Mapping[str, DossierSet],
    *,
    processes: int = 1,
    progress: bool = False,
) -> DossierParity:
    """Compute the inputs of applicants, each from the dossier alone, and compare them with those of the batch.

    The graph reads the same bits in both cases, so no decision can differ.

    Parameters
    ----------
    data_sets
        By name; a dossier whose applicant is not among the rows is passed over.
    processes
        Engines that share the dossiers; 1 stays in this process.

    Raises
    ------
    ParityError
        ``TRN405`` for a dossier that cannot be read, or an input that differs in any bit.
    """
    names = [item.name for item in inputs]
    counts: dict[str, int] = {}
    with _engines(processes) as engines:
        for name, found in data_sets.items():
            rows, place = found.rows.columns(names), {int(key): row for row, key in enumerate(found.rows.ids)}
            known = ((key, dossier) for key, dossier in found.dossiers if key in place)
            hidden = None if progress else True
            with tqdm(desc=f"dossiers of {name}", unit="dossier", disable=hidden) as bar:
                for keys, computed in _computed(inputs, known, engines, parts=processes * _AHEAD):
                    _compare(names, computed, rows[[place[key] for key in keys]], keys)
                    bar.update(len(keys))
                    counts[name] = counts.get(name, 0) + len(keys)
    return DossierParity(
        n_applicants=sum(counts.values()),
        n_inputs=len(names),
        differing_inputs=0,
        data_sets={name: counts.get(name, 0) for name in data_sets},
    )


def _engines(processes: int) -> Executor:
    """Return what computes parts; a process that is forked would share DuckDB's locks, so they are started anew."""
    if processes == 1:
        return ThreadPoolExecutor(1)
    return ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn"))


def _computed(
    inputs: Sequence[Input], dossiers: Iterable[tuple[int, Dossier]], engines: Executor, *, parts: int
) -> Iterator[tuple[list[int], np.ndarray]]:
    """Yield keys with the encoded inputs of their dossiers, in order; no more than some parts are held at a time."""
    waiting: deque[tuple[list[int], Future[np.ndarray]]] = deque()
    for part in batched(dossiers, _PART):
        keys = [key for key, _ in part]
        waiting.append((keys, engines.submit(_rows, tuple(inputs), [dossier for _, dossier in part])))
        if len(waiting) == parts:
            first, computed = waiting.popleft()
            yield first, computed.result()
    for keys, computed in waiting:
        yield keys, computed.result()


def _rows(inputs: tuple[Input, ...], dossiers: Sequence[Dossier]) -> np.ndarray:
    """Return the encoded inputs of dossiers, shape ``(n_dossiers, n_inputs)``."""
    engine, encoder = _tools(inputs)
    return encoder.encode([inputs_of(engine, dossier) for dossier in dossiers])


@cache
def _tools(inputs: tuple[Input, ...]) -> tuple[FeatureEngine, InputEncoder]:
    """Open what computes and encodes some inputs, once in a process."""
    return engine_of(inputs), InputEncoder(inputs)


def inputs_of(engine: FeatureEngine, dossier: Dossier) -> dict[str, Value]:
    """Return the inputs that an engine computes of a dossier.

    Raises
    ------
    ParityError
        ``TRN405`` when the dossier cannot be read.
    """
    read = read_dossier(dossier, most_records=_ANY_NUMBER)
    if read.problems:
        first = read.problems[0]
        raise ParityError("TRN405", f"a dossier is refused: {first.place}, {first.fault}")
    return engine.compute(read.columns)


def _compare(names: Sequence[str], computed: np.ndarray, expected: np.ndarray, keys: Sequence[int]) -> None:
    same = (computed.view(np.int64) == expected.view(np.int64)) | (np.isnan(computed) & np.isnan(expected))
    if same.all():
        return
    row = int(np.argmin(same.all(axis=1)))
    differing = [name for name, agrees in zip(names, same[row], strict=True) if not agrees]
    raise ParityError(
        "TRN405", f"{', '.join(differing[:3])} of SK_ID_CURR {keys[row]} differ between its dossier and the batch"
    )
