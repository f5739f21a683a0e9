"""What monitoring is given of the desk: decisions, and nobody's data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from frontend.desk.cases import Verdict
from frontend.desk.export import main
from frontend.desk.store import DecisionStore
from tests.builders.cases import a_decision, a_new_case

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_decided_cases_are_written_without_anybody_s_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line holds request, proposal and decision; no name, comment, officer or application."""
    url = f"sqlite:///{tmp_path / 'decisions.db'}"
    store = DecisionStore(url, four_eyes_amount=1e6)
    store.decide(store.open(a_new_case(number="1")), a_decision(Verdict.REFUSE, key="1", comment="Secret."))
    store.open(a_new_case(number="2"))
    monkeypatch.setenv("DECISIONS_URL", url)

    status = main(["--out", str(tmp_path / "decisions.jsonl")])

    text = (tmp_path / "decisions.jsonl").read_text(encoding="utf-8")
    (line,) = [json.loads(one) for one in text.splitlines()]
    assert status == 0
    assert (line["decision"], line["classe"], line["ecart"], line["contresigne"]) == ("refus", "refuse", False, False)
    assert [one for one in ("Hélène", "Secret", "Ada", "DAYS_BIRTH") if one in text] == []


def test_a_database_that_is_gone_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command ends with status 2 and says why."""
    monkeypatch.setenv("DECISIONS_URL", f"sqlite:///{tmp_path / 'absent' / 'decisions.db'}")

    assert main(["--out", str(tmp_path / "decisions.jsonl")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
