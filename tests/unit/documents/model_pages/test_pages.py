"""The documents: every number from the bundle and the record, and a record belongs to one bundle."""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from documents.model_pages.candidates import RealCandidates, cheaper_on_hold_out, read_real_candidates
from documents.model_pages.pages import PAGES, pages_of, render_pages
from documents.model_pages.segments import segments
from documents.record import RECORD_FILE, Gate, Move, VersionRecord, read_record, record_text
from scoring.bundle import contract_bytes, load_contract, sha256_of
from scoring.contract import CONTRACT_FILE, Estimate
from scoring.numerals import FRENCH
from training.bundle.evidence import read_evidence
from training.errors import DataError
from training.explanations.report import ExplanationSummary, RankedInput
from training.fairness.distances import group_distances

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
    cost = FRENCH.say(contract.quality.cost.value, ".4f")

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


def compared(
    name: str, imbalance: str, cost: float, *, champion: bool = False, standard_error: float = 0.004
) -> dict[str, object]:
    """Return one candidate as the report of the benchmarks has it."""
    return {
        "name": name,
        "family": "lightgbm",
        "imbalance": imbalance,
        "champion": champion,
        "exportable": True,
        "parameters": {},
        "threshold": 0.09,
        "cost": {"value": cost, "low": cost, "high": cost},
        "cost_difference": {"mean": 0.0, "standard_error": standard_error},
        "log_loss_difference": {"mean": 0.0, "standard_error": 0.0},
        "auc": 0.76,
        "accuracy": 0.7,
        "brier": 0.07,
        "calibration_error": 0.002,
        "fit_seconds": 1.0,
        "size_bytes": None,
        "latency_us": None,
    }


@pytest.fixture
def real(tmp_path: Path) -> RealCandidates:
    """Return a comparison in which weights help one candidate, and a merged one was not tried with them."""
    rows = [
        compared("lightgbm_merged_seeds", "none", 0.4, champion=True),
        compared("lightgbm_short", "none", 0.53),
        compared("lightgbm_short+class_weights", "class_weights", 0.52),
    ]
    report = {"measures": {"real_sample": {"figures": {"n_applications": 63374, "candidates": rows}}}}
    (tmp_path / "bench.json").write_text(json.dumps(report), "utf-8")
    found = read_real_candidates(tmp_path / "bench.json")
    assert found is not None
    return found


def test_ways_are_compared_on_the_same_candidate(real: RealCandidates) -> None:
    """A long model without weights is no rival of a short one with them."""
    assert real.imbalance == {"lightgbm_short": {"class_weights": 0.52, "none": 0.53}}
    assert real.cheapest_ways == {"class_weights": 1}
    assert real.usual_error == 0.004


def test_a_version_of_made_up_applicants_shows_what_was_measured_on_real_ones(
    bundle_dir: Path, record: VersionRecord, real: RealCandidates
) -> None:
    """The note answers what to do about rare defaults; a lender's own version shows its own figures alone."""
    told = render_pages(bundle_dir, record, real)["note-de-decision.md"]
    own = render_pages(bundle_dir, record.model_copy(update={"synthetic": False}), real)["note-de-decision.md"]

    assert "| LightGBM court | 0,5300 | 0,5200 | – | – |" in told
    assert "0,5200" not in own


def test_nothing_is_said_of_what_was_not_measured(tmp_path: Path) -> None:
    """Without a report, or without candidates in it, there is no comparison."""
    (tmp_path / "bench.json").write_text(json.dumps({"measures": {}}), "utf-8")

    assert read_real_candidates(tmp_path / "none.json") is None
    assert read_real_candidates(tmp_path / "bench.json") is None


def test_model_card_says_how_each_distance_stands(bundle_dir: Path, record: VersionRecord) -> None:
    """A distance beyond its limit without proof is to be watched, in card and note, with the groups it lies between."""
    evidence = read_evidence(bundle_dir)
    assert evidence.fairness is not None
    sex = evidence.fairness.attributes[0]
    (distance, *_) = group_distances(sex)

    assert {distance.attribute} == {sex.label}
    assert set(distance.between.split(" et ")) == {group.label for group in sex.judged}
    assert f"| {distance.between} |" in render_pages(bundle_dir, record)["model-card.md"]


def test_families_cheaper_on_the_hold_out_are_not_passed_over(bundle_dir: Path) -> None:
    """Whoever reads the hold-out table is told what the rule makes of a rival that costs less there."""
    contract = load_contract(bundle_dir)
    rival = contract.quality.cost.model_copy(update={"value": contract.quality.cost.value - 0.001})
    baselines = {**contract.quality.baselines, "xgboost": rival}
    quality = contract.quality.model_copy(update={"baselines": baselines})

    assert cheaper_on_hold_out(contract.model_copy(update={"quality": quality}))["xgboost"] == rival
    assert "accepter_tout" not in cheaper_on_hold_out(contract)


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
