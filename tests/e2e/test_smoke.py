"""The smoke test of a deployment, against the real API over HTTP and the built package under the emulator."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from delivery.__main__ import main
from delivery.paths import BUNDLE
from tests.builders.bundles import with_threshold

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def other_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a bundle of the same model with another threshold."""
    return with_threshold(tmp_path_factory.mktemp("bundles") / "other", 0.02)


def test_right_deployment_passes(api: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An API that serves the bundle gives the trained model's answers."""
    status = main(["smoke", "--url", api])

    assert (status, capsys.readouterr().out) == (0, f"smoke: {api} gives the trained model's answers\n")


def test_deployment_of_another_bundle_fails(api: str, other_bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Same model, other threshold: the seal and the decisions tell, and the status fails the deployment."""
    status = main(["smoke", "--url", api, "--bundle", str(other_bundle)])
    told = capsys.readouterr().err.splitlines()

    assert status == 1
    assert told[0].startswith("wrong GET /v1/model: status 200, bundle ")
    assert any(": decided accepte, the trained model refuse" in line for line in told)


def test_built_package_passes_before_it_is_deployed(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is uploaded is asked first, with only what is in the package on its path."""
    status = main(["smoke", "--package", str(package)])

    assert status == 0
    assert "gives the trained model's answers" in capsys.readouterr().out


def test_broken_bundle_is_no_measure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A bundle whose seals are broken proves nothing of a deployment: bad input, status 2, one line."""
    shutil.copytree(BUNDLE, tmp_path / "bundle")
    (tmp_path / "bundle" / "model.onnx").write_bytes(b"another model")
    status = main(["smoke", "--url", "http://127.0.0.1:1", "--bundle", str(tmp_path / "bundle")])
    (line,) = capsys.readouterr().err.splitlines()

    assert status == 2
    assert line.startswith("error the bundle cannot be compared with: SCR203")


def test_key_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty variable would be an API without a key, refused for another reason."""
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    status = main(["smoke", "--url", "http://127.0.0.1:1", "--key-env", "NO_SUCH_KEY"])

    assert (status, capsys.readouterr().err) == (
        2,
        "error the variable NO_SUCH_KEY is not set; put the API key into it\n",
    )
