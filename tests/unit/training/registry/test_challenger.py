"""A challenger beside what is served: same applications, paired costs, and the gates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.__main__ import main
from training.registry.challenger import measure_side_by_side, side_by_side_page

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from mlflow.tracking import MlflowClient


def test_a_bundle_beside_itself_differs_by_nothing(client: MlflowClient, bundle_dir: Path) -> None:
    """Both are measured on the same applications, in the same way."""
    both = measure_side_by_side(client, "2", bundle_dir)

    assert both.difference == (0.0, 0.0)
    assert both.challenger.cost == both.served.cost
    assert both.absent == ()


def test_page_shows_both_and_every_gate(client: MlflowClient, bundle_dir: Path) -> None:
    """Who merges sees cost, AUC and threshold of both, and whether a promotion would pass."""
    page = side_by_side_page(measure_side_by_side(client, "2", bundle_dir))

    assert "| candidat | " in page
    assert "| en service | " in page
    assert [gate for gate in ("parity", "calibration", "cost", "fairness") if f"**{gate}**" not in page] == []


def test_compare_command_writes_the_page_of_the_staged_version(
    client: MlflowClient, bundle_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The staged version is the challenger where none is named."""
    out = tmp_path / "new" / "comparison.md"
    status = main(["compare", "--bundle", str(bundle_dir), "--out", str(out)])

    assert (status, capsys.readouterr().out) == (0, f"{out}: version 2 beside {bundle_dir}\n")
    assert out.read_text(encoding="utf-8").startswith("## Candidat et modèle en service")


def test_served_bundle_that_is_none_is_one_line(
    client: MlflowClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder without a bundle is named, with status 2."""
    status = main(["compare", "--bundle", str(tmp_path), "--out", str(tmp_path / "page.md")])
    (line,) = capsys.readouterr().err.splitlines()

    assert status == 2
    assert "TRN171" in line
