"""The gate of the features: what a dossier comes to is the row of the batch, or there is no bundle."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from features.tables import HISTORY_TABLES
from tests.builders.home_credit import small_tables, write_tables
from training.bundle.dossier_parity import DossierSet, check_dossiers
from training.errors import ParityError
from training.features import build_features
from training.features.dataset import read_dataset
from training.schema import load_inputs
from training.sources import load_sources
from training.sources.dossiers import dossiers_of

if TYPE_CHECKING:
    from scoring.bundle import Bundle
    from training.sources import Sources
    from training.sources.dossiers import Dossier

INPUTS = [entry for entry in load_inputs() if not entry.protected]
N_TRAIN, N_TEST = 8, 3


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """Return a small data folder with sentinels and gaps."""
    folder = write_tables(tmp_path_factory.mktemp("data"), small_tables(n_train=N_TRAIN, n_test=N_TEST))
    return load_sources(folder, tables=HISTORY_TABLES)


@pytest.fixture(scope="module")
def found(sources: Sources, tmp_path_factory: pytest.TempPathFactory) -> DossierSet:
    """Return its dossiers and its encoded rows."""
    table = build_features(sources, tmp_path_factory.mktemp("features") / "features.parquet")
    rows = read_dataset(table.path, INPUTS)
    return DossierSet(list(dossiers_of(sources)), rows)


def test_every_applicant_passes(found: DossierSet) -> None:
    """All inputs of all applicants, those to be scored included, are the same to the last bit."""
    parity = check_dossiers(INPUTS, {"small": found})

    assert (parity.n_applicants, parity.n_inputs, parity.differing_inputs) == (N_TRAIN + N_TEST, len(INPUTS), 0)
    assert parity.data_sets == {"small": N_TRAIN + N_TEST}


def test_processes_share_the_dossiers(found: DossierSet) -> None:
    """However many engines there are, every dossier is computed and counted once, and a bit that differs is found."""
    rows = found.rows.rows.copy()
    rows[-1, found.rows.input_names.index("AMT_CREDIT")] += 1

    assert check_dossiers(INPUTS, {"small": found}, processes=2) == check_dossiers(INPUTS, {"small": found})
    with pytest.raises(ParityError, match=r"^TRN405: AMT_CREDIT of"):
        check_dossiers(INPUTS, {"small": found._replace(rows=replace(found.rows, values=rows))}, processes=2)


def test_a_bit_that_differs_stops_the_export(found: DossierSet) -> None:
    """The message names input and applicant, and no value."""
    rows = found.rows.rows.copy()
    column = found.rows.input_names.index("AMT_CREDIT")
    rows[2, column] *= 1 + 2**-52

    with pytest.raises(ParityError, match=r"^TRN405: AMT_CREDIT of SK_ID_CURR \d+ differ between its dossier and"):
        check_dossiers(INPUTS, {"small": found._replace(rows=replace(found.rows, values=rows))})


def test_a_dossier_that_is_refused_stops_the_export(found: DossierSet) -> None:
    """What the batch reads and the route refuses would be an applicant nobody can score."""
    (key, dossier), *_ = found.dossiers
    broken = (key, {**dossier, "bureau": [{"SK_ID_BUREAU": 1, "CREDIT_ACTIVE": "?"}]})

    with pytest.raises(ParityError, match=r"^TRN405: a dossier is refused: bureau\[0\].CREDIT_ACTIVE, not in the voc"):
        check_dossiers(INPUTS, {"small": found._replace(dossiers=[broken])})


def test_applicants_without_history_can_be_passed_over(sources: Sources) -> None:
    """Of a folder whose histories cover a part, the part is compared."""
    with_history = dict(dossiers_of(sources, with_history_alone=True))

    assert 0 < len(with_history) < N_TRAIN + N_TEST
    assert all(any(dossier[name] for name in HISTORY_TABLES) for dossier in with_history.values())


def test_golden_dossiers_are_short_and_of_both_kinds(bundle: Bundle) -> None:
    """A deployment is proved on raw rows of applicants with histories, that a person can read."""
    dossiers = [one["dossier"] for one in bundle.golden_dossiers]

    assert len(dossiers) == 20
    assert all(sum(len(one[name]) for name in HISTORY_TABLES) <= 120 for one in dossiers)
    assert all(any(one[name] for one in dossiers) for name in HISTORY_TABLES)


def test_the_first_dossiers_are_those_of_all(sources: Sources) -> None:
    """Asked for a few, it gives the first, with and without those who have no history."""
    for with_history_alone in (False, True):
        every = [_in_order(one) for one in dossiers_of(sources, with_history_alone=with_history_alone)]
        first = dossiers_of(sources, with_history_alone=with_history_alone, most=5)

        assert [_in_order(one) for one in first] == every[:5]


def _in_order(found: tuple[int, Dossier]) -> tuple[int, dict[str, list[str]]]:
    """Return a dossier with the rows of each table sorted: no feature depends on their order, and none is promised."""
    key, dossier = found
    tables = {name: rows if isinstance(rows, list) else [rows] for name, rows in dossier.items()}
    return key, {
        name: sorted(json.dumps(row, sort_keys=True, default=str) for row in rows) for name, rows in tables.items()
    }
