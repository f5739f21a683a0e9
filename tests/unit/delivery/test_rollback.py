"""The way back of a deployed function, on a stack in a mocked AWS."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from delivery import paths
from delivery.__main__ import main
from delivery.commands import parameters
from delivery.commands import rollback as command
from delivery.errors import DeliveryError
from delivery.mocked_aws import mocked_aws
from delivery.rollback import record, roll_back, withdraw
from delivery.stack import Move, Stack, now, way_back
from scoring.bundle import Bundle
from scoring.policy import parse_policy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    type Deploy = Callable[[str], str]


def found_right(stack: Stack, version: str) -> None:
    """Make a version live and record it, as a deployment that was found right does."""
    stack.serve(version, reason="deployed")
    record(stack, Move("deploy", version, "", "found right", "tests", now(), model=f"model:{version}"))


def test_rollback_goes_to_the_version_before(stack: Stack, deploy_code: Deploy) -> None:
    """The alias moves, and the journal has from where, why and by whom."""
    found_right(stack, "1")
    found_right(stack, deploy_code("second"))
    move = roll_back(stack, reason="costs rose", by="somebody")

    assert stack.live_version() == "1"
    assert (move.version, move.left, move.reason, move.by, move.model) == (
        "1",
        "2",
        "costs rose",
        "somebody",
        "model:1",
    )
    assert stack.moves()[-1] == move


def test_rollback_never_goes_to_what_was_found_wrong(stack: Stack, deploy_code: Deploy) -> None:
    """Version 2 was gone back from, version 3 was never right: the way from 4 leads to 1."""
    found_right(stack, "1")
    found_right(stack, deploy_code("second"))
    roll_back(stack, reason="costs rose", by="somebody")
    deploy_code("third")
    found_right(stack, deploy_code("fourth"))
    roll_back(stack, reason="slow", by="somebody")

    assert stack.live_version() == "1"
    assert [one.version for one in way_back(stack.moves())] == ["1"]


def test_rollback_takes_every_request_at_once(stack: Stack, deploy_code: Deploy) -> None:
    """A canary under way ends with it."""
    found_right(stack, "1")
    found_right(stack, deploy_code("second"))
    stack.serve("2", reason="canary", beside={"1": 0.5})
    roll_back(stack, reason="costs rose", by="somebody")

    assert stack.shares() == {"1": 1.0}


@pytest.mark.parametrize(
    ("to", "told"),
    [("1", "serves version 1 already"), ("99", "has no version '99'"), ("$LATEST", "has no version"), ("x", "has no")],
)
def test_rollback_refuses_versions_that_are_none(stack: Stack, to: str, told: str) -> None:
    """Nothing is moved to what is not there, nor to code that is no version."""
    found_right(stack, "1")

    with pytest.raises(DeliveryError, match=told.replace("$", r"\$")):
        roll_back(stack, reason="x", by="somebody", to=to)
    assert stack.live_version() == "1"


def test_first_version_has_no_way_back(stack: Stack) -> None:
    """The message says what to do instead."""
    found_right(stack, "1")

    with pytest.raises(DeliveryError, match="has no version before 1 that was found right; name one with VERSION"):
        roll_back(stack, reason="x", by="somebody")


def test_failed_deployment_goes_back_to_what_was_right(stack: Stack, deploy_code: Deploy) -> None:
    """It answered wrongly after its canary: the alias goes back; where CodeDeploy put it back, nothing is done."""
    found_right(stack, "1")
    stack.serve(deploy_code("second"), reason="deployed")
    moved = withdraw(stack, reason="wrong answers", by="somebody")

    assert moved is not None
    assert (stack.live_version(), moved.left) == ("1", "2")
    assert withdraw(stack, reason="wrong answers", by="somebody") is None


def test_record_refuses_what_is_no_longer_live(stack: Stack) -> None:
    """Somebody moved the alias meanwhile: what was found right is not what is served."""
    with pytest.raises(DeliveryError, match="serves version 1 now, not 2; nothing is recorded"):
        record(stack, Move("deploy", "2", "", "found right", "tests", now()))


def test_record_command_keeps_bundle_and_model_once(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    """The journal names the bundle that is served; a run that is repeated adds nothing."""
    assert main(["record", "--environment", "staging"]) == 0
    assert main(["record", "--environment", "staging"]) == 0
    (move,) = stack.moves()

    assert (move.action, move.version, move.bundle) == ("deploy", "1", Bundle.open(paths.BUNDLE).seal)
    assert move.model.startswith("pret-a-depenser-scoring:")
    assert "is recorded already" in capsys.readouterr().out


def test_rollback_command_names_the_model_last(
    stack: Stack, deploy_code: Deploy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """The registry follows what the last line names, and the move is kept as an artefact too."""
    monkeypatch.setattr(command, "REPORT", tmp_path / "deployment" / "rollback.json")
    found_right(stack, "1")
    found_right(stack, deploy_code("second"))
    status = main(["rollback", "--environment", "staging", "--reason", " costs rose "])

    assert status == 0
    assert capsys.readouterr().out.splitlines()[-1] == "model: model:1"
    assert json.loads((tmp_path / "deployment" / "rollback.json").read_text())["reason"] == "costs rose"


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001])
def test_rollback_command_asks_for_a_reason(reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Without one nothing is asked of AWS."""
    status = main(["rollback", "--environment", "staging", "--reason", reason])

    assert status == 2
    assert "a rollback needs its reason" in capsys.readouterr().err


@pytest.mark.parametrize("command_name", ["record", "smoke", "parameters"])
def test_unknown_environment_is_one_line(command_name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The environments that there are stand in it."""
    status = main([command_name, "--environment", "prod"])

    assert (status, capsys.readouterr().err) == (
        2,
        "error 'prod' is no environment of samconfig.toml; there are dev, staging, production\n",
    )


def test_stack_that_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """AWS's own word, behind the name of the stack."""
    with mocked_aws():
        status = main(["smoke", "--environment", "staging"])
    (line,) = capsys.readouterr().err.splitlines()

    assert status == 2
    assert line.startswith("error pret-a-depenser-scoring-staging: cloudformation describe_stacks: Stack with id")


def test_parameters_name_the_bundle(capsys: pytest.CaptureFixture[str]) -> None:
    """What sam deploy is given: those of the environment, and the hash of the one bundle that may start."""
    main(["parameters", "--environment", "production"])
    lines = capsys.readouterr().out.splitlines()

    assert lines[0] == "Environment=production"
    assert lines[-1] == f"BundleSha256={Bundle.open(paths.BUNDLE).seal}"


@pytest.mark.parametrize(
    ("meant", "told"),
    [("0" * 12, "the seal of .* begins with"), ("absent", "cannot be read")],
)
def test_parameters_refuse_rules_that_are_not_in_the_package(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, meant: str, told: str
) -> None:
    """Deployed, they would send every application to a person."""
    monkeypatch.setattr(parameters, "environments", lambda: {"staging": {"PolicySeal": meant}})
    if meant == "absent":
        monkeypatch.setattr(parameters, "POLICY", tmp_path / "regles.json")

    assert main(["parameters", "--environment", "staging"]) == 2
    assert re.search(told, capsys.readouterr().err)


def test_parameters_pass_on_the_rules_of_the_package(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The head of their seal is enough."""
    seal = parse_policy(paths.POLICY.read_bytes()).seal[:12]
    monkeypatch.setattr(parameters, "environments", lambda: {"staging": {"PolicySeal": seal}})

    assert main(["parameters", "--environment", "staging"]) == 0
    assert f"PolicySeal={seal}" in capsys.readouterr().out.splitlines()
