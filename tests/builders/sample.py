"""Where the real Home Credit sample lies, for the tests that compare with it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def home_credit_sample() -> Path:
    """Return the folder of the real sample, or skip the test where there is none."""
    folder = Path(os.environ.get("HOME_CREDIT_SAMPLE", REPOSITORY.parent / "shared" / "home-credit"))
    if not (folder / "application_train.parquet").is_file():
        pytest.skip(f"the real sample is not at {folder}; set HOME_CREDIT_SAMPLE to its folder")
    return folder
