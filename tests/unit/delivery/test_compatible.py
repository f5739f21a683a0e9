"""Before a deployment, what is served is asked whether the bundle still takes what partners send."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from delivery.commands.compatible import judge
from delivery.errors import DeliveryError
from delivery.paths import BUNDLE
from tests.builders.bundles import that_turns_away

if TYPE_CHECKING:
    from pathlib import Path

    from delivery.events import HttpRequest


def serving(status: int, content: Any) -> Any:  # noqa: ANN401  an Ask
    """Return a way to ask a deployment that answers one thing."""

    def ask(request: HttpRequest) -> tuple[int, dict[str, Any]]:
        assert request.path == "/v1/contract"
        return status, content

    return ask


def test_a_bundle_that_narrows_its_inputs_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same bundle may follow itself; one that turns partners away is refused, with each field that does so."""
    served = serving(200, json.loads((BUNDLE / "contract.json").read_bytes()))

    assert judge(served, BUNDLE, "staging") == 0
    assert judge(served, that_turns_away(tmp_path / "strange"), "staging") == 1
    *told, advice = capsys.readouterr().err.splitlines()
    assert all("lower bound" in sentence for sentence in told)
    assert "--previous" in advice


@pytest.mark.parametrize(("status", "content"), [(500, {}), (200, {"schema_version": "0"})])
def test_what_cannot_be_compared_is_one_line(status: int, content: dict[str, Any]) -> None:
    """Nothing is deployed on a guess."""
    with pytest.raises(DeliveryError, match="contract"):
        judge(serving(status, content), BUNDLE, "staging")
