"""The gate of the features: over one dossier the function computes what training computed over all rows, to the bit."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from tqdm import tqdm

from features.dossier import read_dossier
from features.engine import FeatureEngine
from scoring.contract import DossierParity
from scoring.features import InputEncoder
from training.errors import ParityError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from features.engine import Value
    from scoring.contract import Input
    from training.features.dataset import Dataset
    from training.sources.dossiers import Dossier

_ANY_NUMBER = 1 << 30


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
    progress: bool = False,
) -> DossierParity:
    """Compute the inputs of applicants from their dossiers and compare them with those of the batch.

    The graph reads the same bits in both cases, so no decision can differ.

    Parameters
    ----------
    data_sets
        By name; a dossier whose applicant is not among the rows is passed over.

    Raises
    ------
    ParityError
        ``TRN405`` for a dossier that cannot be read, or an input that differs in any bit.
    """
    engine, encoder = engine_of(inputs), InputEncoder(inputs)
    names = [item.name for item in inputs]
    counts = {}
    for name, found in data_sets.items():
        rows, place = found.rows.columns(names), {int(key): row for row, key in enumerate(found.rows.ids)}
        count = 0
        hidden = None if progress else True
        with tqdm(found.dossiers, desc=f"dossiers of {name}", unit="dossier", disable=hidden) as bar:
            for key, dossier in bar:
                if key in place:
                    computed = encoder.encode([inputs_of(engine, dossier)])[0]
                    _compare(names, computed, rows[place[key]], key)
                    count += 1
        counts[name] = count
    return DossierParity(n_applicants=sum(counts.values()), n_inputs=len(names), differing_inputs=0, data_sets=counts)


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


def _compare(names: Sequence[str], computed: np.ndarray, expected: np.ndarray, key: int) -> None:
    same = (computed.view(np.int64) == expected.view(np.int64)) | (np.isnan(computed) & np.isnan(expected))
    if not same.all():
        differing = [name for name, agrees in zip(names, same, strict=True) if not agrees]
        raise ParityError(
            "TRN405", f"{', '.join(differing[:3])} of SK_ID_CURR {key} differ between its dossier and the batch"
        )
