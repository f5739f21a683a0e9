"""The shipped profile: small, and free of real rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.population.likeness import column_distances, tell_apart
from training.errors import DataError
from training.population.drawing.generate import Plan, generate
from training.population.drawing.profile import PROFILE_PATH, load_profile, save_profile

# Beside the repository, where the machine has it.
REAL = Path(__file__).parents[6] / "shared" / "home-credit"
# The whole sample of real applications has this many rows: an atom must rest on at least twenty of them.
N_REAL = 112_118


def test_profile_is_small() -> None:
    """The profile that is shipped stays below a megabyte."""
    assert PROFILE_PATH.stat().st_size < 1_000_000


def test_profile_comes_back_from_its_file(tmp_path: Path) -> None:
    """Writing the loaded profile gives the same file byte for byte."""
    save_profile(load_profile(), tmp_path / "again.npz")

    assert PROFILE_PATH.read_bytes() == (tmp_path / "again.npz").read_bytes()


def test_pieces_of_applications_hold_twenty_rows() -> None:
    """No value or interval of an application column rests on fewer than twenty real rows."""
    for marginal in load_profile().application.marginals:
        shares = marginal.shares / marginal.shares.sum()

        # Shares are kept to six decimals, and a lattice is shared out over fewer rows than all.
        assert shares.min() * N_REAL > 18, marginal.name


def test_a_file_that_is_no_profile_is_refused(tmp_path: Path) -> None:
    """A broken profile is named, with the command that makes a new one."""
    broken = tmp_path / "profile.npz"
    broken.write_bytes(b"not a profile")

    with pytest.raises(DataError, match=r"TRN150.*training\.population\.fit"):
        load_profile(broken)


def test_chunks_share_out_the_sets() -> None:
    """All chunks together hold every id once and the asked number of each set."""
    chunks = list(Plan(30_000, seed=1).chunks())
    is_test = np.concatenate([part for _, _, part in chunks])
    ids = np.concatenate([part for _, part, _ in chunks])

    assert np.unique(ids).size == ids.size
    assert (~is_test).sum() == 30_000


@pytest.mark.skipif(not REAL.exists(), reason="the real sample is not on this machine")
def test_applications_are_hard_to_tell_from_real_ones(tmp_path: Path) -> None:
    """A classifier trained to tell drawn applications from real ones stays below 0.75 AUC."""
    generate(load_profile(), Plan(8_000, seed=2), tmp_path, "parquet")
    real, drawn = (pd.read_parquet(folder / "application_train.parquet") for folder in (REAL, tmp_path))

    assert tell_apart(real, drawn).auc < 0.75
    assert column_distances(real, drawn)["distance"].max() < 0.05
