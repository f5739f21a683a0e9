"""Two people put a version into production; one alone is loud, and stays on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scoring.bundle import Bundle
from training.__main__ import main
from training.errors import RegistryError
from training.registry import aliases, four_eyes

if TYPE_CHECKING:
    from pathlib import Path

    from mlflow.tracking import MlflowClient

pytestmark = pytest.mark.usefixtures("client")
PROMOTED = ["promote", "--version", "1", "--override", "fairness", "--override", "calibration", "--override", "cost"]


def test_who_proposed_cannot_approve(client: MlflowClient, capsys: pytest.CaptureFixture[str]) -> None:
    """The same name, however it is written, is one person; nothing moves."""
    main(["propose", "--version", "1", "--by", "Alix", "--reason", "better"])

    assert main([*PROMOTED, "--by", " alix", "--reason", "r"]) == 2
    assert "TRN320" in capsys.readouterr().err
    assert aliases.version_of(client, aliases.PRODUCTION) is None


def test_nobody_approves_what_nobody_proposed(client: MlflowClient) -> None:
    """A version that was only trained is not on the table."""
    client.delete_model_version_tag("pret-a-depenser-scoring", "2", "proposal")

    with pytest.raises(RegistryError, match="TRN320"):
        four_eyes.sign(client, "2", person="Blaise")


def test_both_are_named_in_history_and_bundle(
    client: MlflowClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever reads the history, or the contract that is served, finds proposer and approver."""
    main(["propose", "--version", "1", "--by", "Alix", "--reason", "better"])
    main([*PROMOTED, "--by", "Blaise", "--reason", "agreed"])
    main(["export", "--out", str(tmp_path / "bundle")])
    main(["history"])
    identity = Bundle.open(tmp_path / "bundle").contract.identity
    last = aliases.alias_history(client)[-1]

    assert (last.proposed_by, last.by, last.broken_glass) == ("Alix", "Blaise", None)
    assert (identity.proposed_by, identity.approved_by) == ("Alix", "Blaise")
    assert "[proposed by Alix]" in capsys.readouterr().out


def test_breaking_the_glass_is_possible_and_loud(
    client: MlflowClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One person alone is told on the screen, in the history and in the bundle."""
    done = main([*PROMOTED, "--by", "proposer", "--reason", "r", "--break-glass", "night, model down"])
    told = capsys.readouterr().err
    main(["export", "--out", str(tmp_path / "bundle")])
    main(["history"])

    assert done == 0
    assert "BREAKING GLASS" in told
    assert aliases.alias_history(client)[-1].broken_glass == "night, model down"
    assert "glass broken" in str(Bundle.open(tmp_path / "bundle").contract.identity.approved_by)
    assert "[GLASS BROKEN: night, model down]" in capsys.readouterr().out
