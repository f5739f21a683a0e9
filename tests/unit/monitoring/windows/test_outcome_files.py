"""Promises about outcome files: every row is matched, mended, counted or refused."""

from __future__ import annotations

import pytest

from monitoring.errors import MonitoringError
from monitoring.windows.outcome_files import OutcomeReading, matched_outcomes

REQUESTS = frozenset({"3", "4", "r-1/0"})


@pytest.mark.parametrize("identifier", ["3", 3, 3.0, "3.0", " 3 ", "0003"])
def test_an_identifier_is_found_whatever_a_program_made_of_it(identifier: object) -> None:
    """Numbers, decimals, blanks and zeros before: the request is the same, and that it was mended is counted."""
    found, reading = matched_outcomes([(identifier, 1)], REQUESTS, source="issues")

    assert found == {"3": 1.0}
    assert reading.mended == (identifier != "3")


def test_every_row_is_counted() -> None:
    """Duplicates, strangers and outcomes that have not come yet stand apart."""
    rows = [("3", 1), ("3", 1), ("r-1/0", 0), ("stranger", 1), ("4", None), ("4", float("nan"))]

    found, reading = matched_outcomes(rows, REQUESTS, source="issues")

    assert found == {"3": 1.0, "r-1/0": 0.0}
    assert reading == OutcomeReading(rows=6, matched=2, duplicates=1, unmatched=1, mended=0, not_known_yet=2)


def test_a_contradiction_is_refused() -> None:
    """One request cannot have defaulted and not; the last row does not win in silence."""
    with pytest.raises(MonitoringError, match=r"MON914.*both 0 and 1 of 1 request"):
        matched_outcomes([("3", 1), (3.0, 0)], REQUESTS, source="issues")


def test_nothing_that_matches_is_not_fine() -> None:
    """A file of other requests is told, and so is anything but 0 and 1."""
    with pytest.raises(MonitoringError, match=r"MON924.*none of the 1 outcome"):
        matched_outcomes([("stranger", 1)], REQUESTS, source="issues")
    with pytest.raises(MonitoringError, match=r"MON914.*0 and 1"):
        matched_outcomes([("3", "yes")], REQUESTS, source="issues")
