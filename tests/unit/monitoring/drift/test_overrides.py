"""Promises about officers' decisions: any form of file is read, overrides are counted, outcomes say who was right."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from metrics.values import NotApplicable
from monitoring.drift.overrides import Overrides, measure_overrides
from monitoring.errors import MonitoringError
from monitoring.windows.audit_records import Period
from monitoring.windows.decision_files import DecisionReading, read_decisions
from tests.builders.contracts import a_policy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
COLUMNS = ("reference", "date", "proposition", "decision", "code_motif", "montant", "agent")


def rows() -> list[dict[str, Any]]:
    """Return 200 decisions: 40 grant what was to be refused, 20 refuse what was to be granted, 10 had no proposal."""
    words = [("refus", "accord")] * 40 + [("accord", "refus")] * 20 + [("examen", "accord")] * 10
    words += [("accord", "accord")] * 100 + [("refus", "refus")] * 30
    return [
        {
            "reference": f"r-{place}",
            "date": (DAY + timedelta(hours=place)).isoformat(),
            "proposition": proposition,
            "decision": decision,
            "code_motif": "D02" if proposition != decision else "D01",
            "montant": 1000.5,
            "agent": "a1",
        }
        for place, (proposition, decision) in enumerate(words)
    ]


def written(path: Path, told: Sequence[dict[str, Any]]) -> Path:
    """Write decisions in the form that the name asks for."""
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(list(told)), path)
    elif path.suffix == ".jsonl":
        names = {"reference": "id_requete", "date": "decide_le", "code_motif": "motif"}
        lines = [{names.get(key, key): value for key, value in row.items()} for row in told]
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    else:
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.DictWriter(stream, COLUMNS, delimiter=";" if path.stem == "excel" else ",")
            writer.writeheader()
            writer.writerows(told)
    return path


def measured(path: Path, outcomes: dict[str, float], period: Period | None = None) -> Overrides:
    """Read a file and measure it."""
    decisions, reading = read_decisions(path, period or Period())
    return measure_overrides(decisions, reading, outcomes, a_policy(0.1))


@pytest.mark.parametrize("name", ["a.csv", "excel.csv", "a.parquet", "a.jsonl"])
def test_every_form_of_file_tells_the_same(name: str, tmp_path: Path) -> None:
    """A table with commas or semicolons, Parquet, and the export of the page."""
    found = measured(written(tmp_path / name, rows()), {})

    assert (found.n_decisions, found.n_reviews) == (200, 10)
    assert found.override_rate == pytest.approx(60 / 190)
    assert (found.granted_against, found.refused_against, found.by_reason) == (40, 20, {"D02": 60})
    assert isinstance(found.excess_cost, NotApplicable)


def test_outcomes_say_who_was_right(tmp_path: Path) -> None:
    """Half of those granted against the proposal default: that is 5 - 0.5 a decision above the refusals."""
    outcomes = {f"r-{place}": float(place % 2) for place in range(40)}
    found = measured(written(tmp_path / "a.csv", rows()), outcomes)

    assert found.n_known == 40
    assert not isinstance(found.officer_right, NotApplicable)
    assert found.officer_right.value == 0.5
    assert not isinstance(found.excess_cost, NotApplicable)
    assert found.excess_cost.value == pytest.approx(4.5)
    assert found.excess_p_value is not None
    assert found.excess_p_value < 1e-4


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    """The last decision of a case counts; what is not decided, not readable or of another time does not."""
    told = rows()
    again = told[0] | {"decision": "refus", "date": (DAY + timedelta(days=30)).isoformat()}
    spoiled = [again, told[1] | {"decision": "pieces"}, told[2] | {"reference": "x", "date": "hier"}]
    path = written(tmp_path / "a.csv", [*told, *spoiled])
    late = Period(since=DAY + timedelta(hours=1))

    assert measured(path, {}).granted_against == 39
    assert measured(path, {}, late).reading == DecisionReading(203, 0, 1, 1, 1)
    assert measured(path, {}).reading.repeated == 1


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    """The columns that are missing are named."""
    path = tmp_path / "a.csv"
    path.write_text("reference,date\n1,2026-01-01\n", encoding="utf-8")

    with pytest.raises(MonitoringError, match=r"MON926.*proposition, decision"):
        read_decisions(path, Period())
    with pytest.raises(MonitoringError, match="MON902"):
        read_decisions(tmp_path / "absent.csv", Period())
