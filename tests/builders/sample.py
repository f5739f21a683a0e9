"""Where the real Home Credit sample lies, for the tests that compare with it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

# What the real tables hold that is not what it looks, and a sample drawn after them holds too.
AS_IN_REAL_TABLES = (
    "application_train.OWN_CAR_AGE",
    "application_test.OWN_CAR_AGE",
    "bureau.DAYS_CREDIT_ENDDATE",
    "bureau.AMT_CREDIT_SUM",
    "bureau.AMT_ANNUITY",
    "bureau.CREDIT_CURRENCY",
    "previous_application.AMT_ANNUITY",
    "previous_application.AMT_APPLICATION",
    "previous_application.AMT_CREDIT",
    "previous_application.CNT_PAYMENT",
    "previous_application.FLAG_LAST_APPL_PER_CONTRACT",
)


def home_credit_sample() -> Path:
    """Return the folder of the real sample, or skip the test where there is none."""
    folder = Path(os.environ.get("HOME_CREDIT_SAMPLE", REPOSITORY.parent / "shared" / "home-credit"))
    if not (folder / "application_train.parquet").is_file():
        pytest.skip(f"the real sample is not at {folder}; set HOME_CREDIT_SAMPLE to its folder")
    return folder
