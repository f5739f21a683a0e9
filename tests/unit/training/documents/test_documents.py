"""The documents: every number from the bundle and the record, and a record belongs to one bundle."""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from scoring.contract import CONTRACT_FILE, Estimate, contract_bytes, load_contract, sha256_of
from training.documents.figures import segments
from training.documents.pages import PAGES, pages_of, render_pages
from training.documents.record import RECORD_FILE, Gate, Move, VersionRecord, read_record, record_text
from training.errors import DataError
from training.evidence import read_evidence
from training.explanations.report import ExplanationSummary, RankedInput

if TYPE_CHECKING:
    from pathlib import Path

AN_ESTIMATE = Estimate(value=0.0618, low=0.0335, high=0.0902)


@pytest.fixture
def record(bundle_dir: Path) -> VersionRecord:
    """Return a record of the small trees."""
    return VersionRecord(
        contract_sha256=sha256_of(bundle_dir / CONTRACT_FILE),
        synthetic=True,
        gates=(Gate(gate="cost", n_findings=1, n_breaches=0),),
        history=(
            Move(
                at="2026-01-02T03:04:05+00:00",
                alias="production",
                version="2",
                previous="1",
                action="promote",
                by="ada",
                reason="comité",
                overridden={"fairness": "trop loin"},
            ),
        ),
        explanations=ExplanationSummary(
            n_explained=500,
            strongest=(("Score externe 2", 0.25),),
            costliest=(RankedInput(label="Score externe 3", value=AN_ESTIMATE),),
            n_cases=6,
            agreement=0.61,
            shared=3.5,
            lime_fit=0.42,
            opposed=("Revenu annuel",),
        ),
    )


def test_pages_quote_the_contract(bundle_dir: Path, record: VersionRecord) -> None:
    """Threshold, cost and AUC stand in both pages as the contract has them, with a comma."""
    contract = load_contract(bundle_dir)
    cost = f"{contract.quality.cost.value:.4f}".replace(".", ",")

    assert all(cost in page for page in render_pages(bundle_dir, record).values())


def test_pages_follow_the_bundle(bundle_dir: Path, record: VersionRecord, tmp_path: Path) -> None:
    """Another threshold in the contract is another threshold in the pages: no number is typed."""
    folder = shutil.copytree(bundle_dir, tmp_path / "bundle")
    contract = load_contract(folder)
    policy = contract.decision.model_copy(update={"threshold": 0.4321})
    (folder / CONTRACT_FILE).write_bytes(contract_bytes(contract.model_copy(update={"decision": policy})))

    assert "43,21" in render_pages(folder, record)["note-de-decision.md"]
    assert "43,21" not in render_pages(bundle_dir, record)["note-de-decision.md"]


def test_model_card_tells_the_history(bundle_dir: Path, record: VersionRecord) -> None:
    """Who promoted what, why, and past which gate is in the card."""
    card = render_pages(bundle_dir, record)["model-card.md"]

    assert "| production | 1 → 2 | promote | ada | comité ; passe outre équité (trop loin) |" in card


def test_pages_have_no_broken_tables(bundle_dir: Path, record: VersionRecord) -> None:
    """Every row of a table has as many cells as the one above it, and nothing is left of the template."""
    for page in render_pages(bundle_dir, record).values():
        assert "{{" not in page
        assert "{%" not in page
        lines = page.splitlines()
        for above, line in pairwise(lines):
            if above.startswith("|") and line.startswith("|"):
                assert above.count("|") == line.count("|"), line


def test_segments_add_up_to_everybody(bundle_dir: Path) -> None:
    """The segments of a variable have as many applications as there are, and cost what everybody costs on average."""
    evidence = read_evidence(bundle_dir)
    everybody, *others = segments(evidence, load_contract(bundle_dir))
    served = next(one for one in evidence.policies if one.name == "seuil_servi")

    assert everybody.n_applications == evidence.n_applications
    assert everybody.cost == pytest.approx(served.cost.value, abs=2e-3)
    assert others


def test_record_of_another_bundle_is_refused(bundle_dir: Path, record: VersionRecord, tmp_path: Path) -> None:
    """Documents are never rendered from the figures of one bundle and the history of another."""
    (tmp_path / RECORD_FILE).write_text(record_text(record.model_copy(update={"contract_sha256": "0" * 64})), "utf-8")

    with pytest.raises(DataError, match=r"TRN185: .* is the record of another bundle"):
        pages_of(bundle_dir, tmp_path)


def test_record_that_is_none_is_refused(bundle_dir: Path, tmp_path: Path) -> None:
    """An absent or damaged record is one line."""
    (tmp_path / RECORD_FILE).write_text(json.dumps({"history": []}), "utf-8")

    with pytest.raises(DataError, match=r"TRN185: .* is no record"):
        read_record(tmp_path / RECORD_FILE, bundle_dir)


def test_record_survives_its_file(bundle_dir: Path, record: VersionRecord, tmp_path: Path) -> None:
    """Written, read and written again, a record is the same."""
    (tmp_path / RECORD_FILE).write_text(record_text(record), "utf-8")

    assert read_record(tmp_path / RECORD_FILE, bundle_dir) == record
    assert set(pages_of(bundle_dir, tmp_path)) == set(PAGES)
