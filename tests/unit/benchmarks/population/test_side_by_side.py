"""What is compared between the real tables and the sample."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.population.side_by_side import default_rates, missing_together, records_per_applicant, set_shift

N = 4_000


def applications(seed: int, *, slope: float = 1.0, missing: float = 0.5) -> pd.DataFrame:
    """Return applications whose default follows one column, and two columns that are missing together."""
    rng = np.random.default_rng(seed)
    score = rng.random(N)
    house = np.where(rng.random(N) < missing, np.nan, rng.random(N))
    default = rng.random(N) < 0.2 * (1 - slope / 2 + slope * score)
    return pd.DataFrame({"SCORE": score, "A_AVG": house, "B_AVG": house * 2, "TARGET": default.astype(int)})


def test_missing_together_sees_columns_that_part() -> None:
    """Columns that lack the same rows on one side and other rows on the other differ by what they share."""
    real, sample = applications(0), applications(1)
    sample["B_AVG"] = sample["B_AVG"].to_numpy()[::-1]
    found = missing_together(real, sample).iloc[0]

    assert {found["first"], found["second"]} == {"A_AVG", "B_AVG"}
    assert abs(found["real"] - 0.5) < 0.03
    assert abs(found["sample"] - 0.25) < 0.03


def test_default_rates_follow_the_bands_of_the_real_rows() -> None:
    """The same risk gives the same rates within the noise, another risk does not."""
    same = default_rates(applications(0), applications(1), ["SCORE"])
    other = default_rates(applications(0), applications(1, slope=-1.0), ["SCORE"])

    assert list(same["band"]) == [f"fifth {i}" for i in range(1, 6)]
    assert ((same["real"] - same["sample"]).abs() < 6 * same["error"]).all()
    assert (other["real"] - other["sample"]).abs().max() > 0.1


def test_records_count_applicants_without_any() -> None:
    """An applicant without a record counts as zero, and a record of nobody asked for counts nowhere."""
    records = pd.DataFrame({"SK_ID_CURR": [1, 1, 1, 2, 9]})
    found = records_per_applicant(records, np.array([1, 2, 3, 4]))

    assert found["mean"] == 1.0
    assert found["none"] == 0.5
    assert found["q95"] > 2


def test_set_shift_puts_real_and_sample_side_by_side() -> None:
    """A column that shifts from training to test on one side only is seen on that side only."""
    shifted = applications(1).assign(SCORE=lambda t: t["SCORE"] ** 2)
    found = set_shift((applications(0), shifted), (applications(2), applications(3))).set_index("column")

    assert found.loc["SCORE", "real"] > 0.2
    assert found.loc["SCORE", "sample"] < 0.05
