"""Promises about officers' decisions: any form of file is read, overrides are counted, outcomes say who was right."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from frontend.desk.cases import Verdict
from frontend.desk.export import decision_lines
from frontend.desk.store import DecisionStore
from metrics.values import NotApplicable
from monitoring.__main__ import main
from monitoring.drift.overrides import Overrides, measure_overrides
from monitoring.errors import MonitoringError
from monitoring.windows.audit_records import Period
from monitoring.windows.decision_files import DecisionReading, read_decisions
from tests.builders.cases import a_decision, a_new_case, a_reply
from tests.builders.contracts import a_policy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.unit.monitoring.conftest import Bench

DAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
COLUMNS = (
    "reference",
    "date",
    "proposition",
    "decision",
    "code_motif",
    "classe",
    "probabilite_de_defaut",
    "contresigne",
    "montant",
)


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
            "classe": "accepte" if proposition == "accord" else "refuse",
            "probabilite_de_defaut": 0.2,
            "contresigne": place < 5,
            "montant": 1000.5,
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
    assert found.countersigned == 5
    assert isinstance(found.granted_known, NotApplicable)


def test_an_override_and_a_departure_are_two_things(tmp_path: Path) -> None:
    """An examined case has no proposal to override, but the model's class, from which its decision may depart."""
    found = measured(written(tmp_path / "a.csv", rows()), {})
    without_class = [{**row, "classe": ""} for row in rows()]

    assert not isinstance(found.departure_rate, NotApplicable)
    assert found.departure_rate.value == pytest.approx((60 + 10) / 200)
    assert isinstance(measured(written(tmp_path / "b.csv", without_class), {}).departure_rate, NotApplicable)


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
    assert not isinstance(found.granted_known, NotApplicable)
    assert (found.granted_known.n, found.granted_known.default_rate.value) == (40, 0.5)
    assert found.granted_known.expected == pytest.approx(0.2)


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


def test_the_page_s_own_export_is_read(tmp_path: Path) -> None:
    """What the desk writes, monitoring reads: an examined case and one that follows its proposal."""
    store = DecisionStore(f"sqlite:///{tmp_path / 'decisions.db'}", four_eyes_amount=1e6)
    examined = store.open(a_new_case(number="1", reply=a_reply(proposition="examen")))
    store.decide(examined, a_decision(Verdict.GRANT, key="1", reason="D02", comment="Pièces."))
    other = a_reply(proposition="refus", meta={**a_reply()["meta"], "id_requete": "r-2"})
    store.decide(store.open(a_new_case(number="2", reply=other)), a_decision(Verdict.REFUSE, key="2"))
    path = tmp_path / "decisions.jsonl"
    path.write_text(decision_lines(store.decided()), encoding="utf-8")

    decisions, reading = read_decisions(path, Period())

    assert (reading.rows, reading.unreadable, reading.undecided) == (2, 0, 0)
    assert {(one.proposal.value, one.is_override, one.departs_from_class) for one in decisions} == {
        ("examen", False, True),
        ("refus", False, False),
    }


def test_the_command_tells_and_writes(bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The part of the report on decisions is printed alone, in French, and kept as JSON."""
    path = written(tmp_path / "decisions.jsonl", rows())
    pq.write_table(pa.table({"id_requete": ["r-0", "r-1"], "TARGET": [0, 1]}), tmp_path / "issues.parquet")
    out = tmp_path / "decisions.json"
    files = ["--decisions", str(path), "--outcomes", str(tmp_path / "issues.parquet"), "--out", str(out)]

    status = main(["decisions", "--bundle", str(bench.bundle), *files])

    assert status == 0
    assert "Défauts des 2 accords donnés contre un refus proposé : 50,0" in capsys.readouterr().out
    assert json.loads(out.read_text(encoding="utf-8"))["rate"]["value"] == pytest.approx(60 / 190)


@pytest.mark.parametrize("line", ['"text"', "7", "{", '{"decision": "accord"}'])
def test_lines_that_are_no_decisions_are_refused(line: str, tmp_path: Path) -> None:
    """A file of something else is named, not read in part."""
    (tmp_path / "a.jsonl").write_text(line, encoding="utf-8")

    with pytest.raises(MonitoringError, match="MON926"):
        read_decisions(tmp_path / "a.jsonl", Period())


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    """The columns that are missing are named."""
    path = tmp_path / "a.csv"
    path.write_text("reference,date\n1,2026-01-01\n", encoding="utf-8")

    with pytest.raises(MonitoringError, match=r"MON926.*proposition, decision"):
        read_decisions(path, Period())
    with pytest.raises(MonitoringError, match="MON902"):
        read_decisions(tmp_path / "absent.csv", Period())
