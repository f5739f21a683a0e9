"""Groups: every application in one, unknown values too, ages by band."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from scoring.numerals import DAYS_A_YEAR
from training.fairness.groups import AGE_BAND, groupings


def a_table(**columns: object) -> pa.Table:
    """Return a feature table with some columns."""
    return pa.table(columns)


def test_protected_categories_and_age_are_grouped() -> None:
    """What the dictionary marks as protected is found by itself; the age comes from the date of birth."""
    found = groupings(
        a_table(CODE_GENDER=["F", "M"], NAME_FAMILY_STATUS=["Widow", "Widow"], DAYS_BIRTH=[-9_000.0, -20_000.0])
    )

    assert [one.attribute for one in found] == ["CODE_GENDER", "NAME_FAMILY_STATUS", AGE_BAND]


def test_an_unknown_value_is_a_group_of_its_own() -> None:
    """Nobody is left out of the audit."""
    (grouping,) = groupings(a_table(CODE_GENDER=["F", None, "M"]))

    assert [grouping.groups[code] for code in grouping.codes] == ["F", "?", "M"]


def test_an_age_on_the_edge_belongs_to_the_band_it_opens() -> None:
    """Who is exactly 25 is in the band that begins with 25."""
    ages = np.array([24.99, 25.0, 34.99, 64.9, 65.0, 90.0])
    (grouping,) = groupings(a_table(DAYS_BIRTH=-ages * DAYS_A_YEAR))

    assert [grouping.groups[code] for code in grouping.codes] == ["<25", "25-34", "25-34", "55-64", "65+", "65+"]


def test_a_table_without_attributes_has_no_groups() -> None:
    """Nothing is made up where there is nothing to audit."""
    assert groupings(a_table(AMT_CREDIT=[1.0])) == []
