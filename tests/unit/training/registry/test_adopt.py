"""A proposed threshold becomes a version like any other: staged, promoted, served, rolled back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from scoring.bundle import Bundle
from scoring.decision import decide
from training.__main__ import main
from training.bundle.golden import wrong_golden_answers
from training.bundle.recalibrated import read_proposal, write_recalibrated_bundle
from training.errors import DataError
from training.registry import aliases, versions
from training.registry.gates import OVERRIDABLE

if TYPE_CHECKING:
    from pathlib import Path

    from mlflow.tracking import MlflowClient

    from tests.unit.training.registry.conftest import Register


def written_proposal(bundle: Path, path: Path, **changes: Any) -> Path:  # noqa: ANN401  any field
    """Write a proposal for a bundle, as `monitoring recalibrate` does."""
    contract = Bundle.open(bundle).contract
    content = {
        "training_run_id": contract.identity.training_run_id,
        "window": "essai",
        "n_applications": 1_000,
        "threshold_now": contract.decision.threshold,
        "threshold": 0.2,
        "threshold_interval": [0.15, 0.25],
        "saving": {"value": 0.02, "low": 0.01, "high": 0.03},
        "recommended": True,
        "method": "essai",
        "environment": {"DECISION_THRESHOLD": "0.2"},
    }
    path.write_text(json.dumps(content | changes), encoding="utf-8")
    return path


def ids_of(client: MlflowClient, version: str) -> list[int]:
    """Return the applicants that a version is judged on."""
    return list(versions.hold_out_of(client, version).column("SK_ID_CURR").to_pylist())


def test_only_the_threshold_and_what_follows_from_it_changes(bundle_dir: Path, tmp_path: Path) -> None:
    """Model and tables are the same files; golden decisions are those of the new threshold, and are served."""
    proposal = read_proposal(written_proposal(bundle_dir, tmp_path / "p.json"))
    before = Bundle.open(bundle_dir).contract

    after = write_recalibrated_bundle(Bundle.open(bundle_dir), tmp_path / "bundle", proposal)

    assert Bundle.open(tmp_path / "bundle").contract == after
    assert (after.decision.threshold, after.decision.review_band) == (0.2, (0.15, 0.25))
    assert after.decision.bayes_within_interval is False
    assert {name for name in after.files if after.files[name] != before.files[name]} <= {"parity.json"}
    assert (after.inputs, after.quality, after.reference) == (before.inputs, before.quality, before.reference)
    golden = json.loads((tmp_path / "bundle" / "parity.json").read_text(encoding="utf-8"))["applications"]
    assert all(one["decision"] == decide(one["default_probability"], threshold=0.2).value for one in golden)
    assert wrong_golden_answers(Bundle.open(tmp_path / "bundle")) == 0


@pytest.mark.parametrize("changes", [{"training_run_id": "other"}, {"threshold_now": 0.123}])
def test_a_proposal_for_another_model_is_refused(changes: dict[str, Any], bundle_dir: Path, tmp_path: Path) -> None:
    """What was measured with one model says nothing of another."""
    proposal = read_proposal(written_proposal(bundle_dir, tmp_path / "p.json", **changes))

    with pytest.raises(DataError, match="TRN191"):
        write_recalibrated_bundle(Bundle.open(bundle_dir), tmp_path / "bundle", proposal)
    assert not (tmp_path / "bundle").exists()


@pytest.mark.parametrize("changes", [{"threshold": 1.0}, {"threshold": 0.3}, {"threshold": None}])
def test_what_is_no_proposal_is_refused(changes: dict[str, Any], bundle_dir: Path, tmp_path: Path) -> None:
    """A threshold is a probability within its own interval."""
    with pytest.raises(DataError, match="TRN190"):
        read_proposal(written_proposal(bundle_dir, tmp_path / "p.json", **changes))


def test_adopting_stages_a_version_that_can_be_promoted(
    bundle_dir: Path, empty_store: MlflowClient, register: Register, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Production keeps its threshold until the staged version is promoted, and a rollback brings it back."""
    first = register(bundle_dir)
    aliases.move_alias(empty_store, aliases.PRODUCTION, first, action="promote", reason="test")
    proposal = written_proposal(bundle_dir, tmp_path / "p.json")
    doubtful = written_proposal(bundle_dir, tmp_path / "d.json", recommended=False)

    assert main(["adopt", "--proposal", str(doubtful)]) == 2
    assert "TRN192" in capsys.readouterr().err
    assert main(["adopt", "--proposal", str(proposal)]) == 0

    staged = aliases.require_version(empty_store, aliases.STAGING)
    assert aliases.require_version(empty_store, aliases.PRODUCTION) == first != staged
    assert ids_of(empty_store, staged) == ids_of(empty_store, first)
    overruled = [word for gate in OVERRIDABLE for word in ("--override", gate)]
    assert (
        main(["promote", "--reason", "the window is newer than the hold-out", "--break-glass", "test", *overruled]) == 0
    )
    assert versions.sound_bundle_of(empty_store, staged).contract.decision.threshold == 0.2
    assert main(["rollback", "--reason", "test"]) == 0
    assert aliases.require_version(empty_store, aliases.PRODUCTION) == first
