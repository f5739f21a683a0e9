"""Officers and the model: how often they differ, why, and who was right once it is known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from frontend.desk.cases import Verdict
from frontend.desk.export import decision_lines
from frontend.desk.store import DecisionStore
from monitoring.__main__ import main
from monitoring.errors import MonitoringError
from monitoring.report.officer_decisions import read_decisions, report_decisions
from tests.builders.cases import a_decision, a_new_case, a_reply

if TYPE_CHECKING:
    from pathlib import Path


def a_line(request: int, decision: str, **changes: object) -> dict[str, Any]:
    """Return a decision on a refusal of the model."""
    line = {
        "id_requete": f"r{request}",
        "probabilite_de_defaut": 0.2,
        "classe": "refuse",
        "decision": decision,
        "motif": "D05",
        "contresigne": False,
    }
    return line | changes


def written(folder: Path, *lines: object) -> Path:
    """Write an export."""
    path = folder / "decisions.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
    return path


def test_the_page_s_own_export_is_read(tmp_path: Path) -> None:
    """What the desk writes, monitoring reads: an override with its reason, and one decision that follows the model."""
    store = DecisionStore(f"sqlite:///{tmp_path / 'decisions.db'}", four_eyes_amount=1e6)
    examined = a_reply(proposition="examen")
    other = a_reply(meta={**a_reply()["meta"], "id_requete": "r-2"})
    override = store.open(a_new_case(number="1", reply=examined))
    store.decide(override, a_decision(Verdict.GRANT, key="1", reason="D02", comment="Pièces."))
    store.decide(store.open(a_new_case(number="2", reply=other)), a_decision(Verdict.REFUSE, key="2"))
    path = tmp_path / "decisions.jsonl"
    path.write_text(decision_lines(store.decided()), encoding="utf-8")

    report = report_decisions(read_decisions(path), {})

    assert (report.n, report.granted, report.refused, dict(report.reasons)) == (2, 1, 0, {"D02": 1})
    assert report.override_rate.value == 0.5
    assert report.known is None


def test_who_was_right_is_counted_where_it_is_known(tmp_path: Path) -> None:
    """Of four credits granted against the model, three outcomes are known: one default, two officers who were right."""
    lines = [a_line(place, "accord") for place in range(4)] + [a_line(4, "refus")]

    report = report_decisions(read_decisions(written(tmp_path, *lines)), {"r0": 1.0, "r1": 0.0, "r2": 0.0, "r4": 1.0})

    assert report.known is not None
    assert (report.known.n, report.known.officer_right) == (3, 2)
    assert report.known.default_rate.low < 1 / 3 < report.known.default_rate.high
    assert report.known.expected == pytest.approx(0.2)


def test_the_command_tells_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The report is printed in French and kept as JSON."""
    path = written(tmp_path, a_line(0, "accord"), a_line(1, "refus"))
    pq.write_table(pa.table({"id_requete": ["r0"], "TARGET": [0]}), tmp_path / "issues.parquet")
    out = tmp_path / "decisions.json"

    status = main(
        ["decisions", "--decisions", str(path), "--outcomes", str(tmp_path / "issues.parquet"), "--out", str(out)]
    )

    assert status == 0
    assert "L’agent a eu raison 1 fois, le modèle 0." in capsys.readouterr().out
    assert json.loads(out.read_text(encoding="utf-8"))["override_rate"]["value"] == 0.5


@pytest.mark.parametrize(
    "lines",
    [[], ["text"], [{"decision": "accord"}], [a_line(1, "peut-être")], [a_line(1, "refus"), a_line(1, "refus")]],
)
def test_what_is_no_export_is_refused(tmp_path: Path, lines: list[object]) -> None:
    """A file of something else is named with what to do, not read in part."""
    with pytest.raises(MonitoringError, match="MON926"):
        read_decisions(written(tmp_path, *lines))
