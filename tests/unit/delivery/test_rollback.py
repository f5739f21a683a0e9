"""The way back of both deployed functions together, on a stack in a mocked AWS."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.stub import Stubber

from delivery import paths
from delivery.__main__ import main
from delivery.commands import parameters
from delivery.commands import rollback as command
from delivery.errors import DeliveryError
from delivery.mocked_aws import mocked_aws
from delivery.paths import DOSSIER_FUNCTION, FUNCTION, FUNCTIONS
from delivery.rollback import record, roll_back, withdraw
from delivery.stack import JOURNAL, Move, Release, Stack, now, way_back
from scoring.bundle import Bundle
from scoring.policy import parse_policy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    type Deploy = Callable[[str], Release]

_NOBODY = {"aws_access_key_id": "nobody", "aws_secret_access_key": "nobody"}
FIRST, SECOND = Release("1", "1"), Release("2", "2")


def serve(stack: Stack, release: Release) -> None:
    """Make the versions of both functions live, as a deployment does."""
    for function in FUNCTIONS:
        stack.serve(function, release.of(function), reason="deployed")


def found_right(stack: Stack, release: Release) -> None:
    """Make versions live and record them, as a deployment that was found right does."""
    serve(stack, release)
    model = f"model:{release.scoring}"
    record(
        stack,
        Move("deploy", release.scoring, "", "found right", "tests", now(), model, dossier_version=release.dossier),
    )


def break_alias_of(monkeypatch: pytest.MonkeyPatch, stack: Stack, function: str, *versions: str) -> None:
    """Let AWS refuse to point the alias of a function to some versions."""
    real = stack.serve

    def serve_or_fail(which: str, version: str, **given: object) -> None:
        if which == function and version in versions:
            raise DeliveryError("lambda update_alias: throttled")
        real(which, version, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(stack, "serve", serve_or_fail)


def test_rollback_takes_both_functions_to_the_versions_before(stack: Stack, deploy_code: Deploy) -> None:
    """Both aliases move, and the journal has from where, why and by whom."""
    found_right(stack, FIRST)
    found_right(stack, deploy_code("second"))
    move = roll_back(stack, reason="costs rose", by="somebody")

    assert stack.live() == move.release == FIRST
    assert (move.left_release, move.reason, move.by, move.model) == (SECOND, "costs rose", "somebody", "model:1")
    assert stack.moves()[-1] == move


def test_rollback_moves_a_function_that_alone_was_published(stack: Stack, deploy_code: Deploy) -> None:
    """A change of the dossier function alone is a release too: going back leaves the other where it is."""
    deploy_code("second")
    found_right(stack, FIRST)
    found_right(stack, Release("1", "2"))

    assert roll_back(stack, reason="dossiers fail", by="somebody").release == FIRST
    assert stack.live() == FIRST


def test_rollback_never_goes_to_what_was_found_wrong(stack: Stack, deploy_code: Deploy) -> None:
    """Version 2 was gone back from, version 3 was never right: the way from 4 leads to 1."""
    found_right(stack, FIRST)
    found_right(stack, deploy_code("second"))
    roll_back(stack, reason="costs rose", by="somebody")
    deploy_code("third")
    found_right(stack, deploy_code("fourth"))
    roll_back(stack, reason="slow", by="somebody")

    assert stack.live() == FIRST
    assert [one.release for one in way_back(stack.moves())] == [FIRST]


def test_rollback_takes_every_request_at_once(stack: Stack, deploy_code: Deploy) -> None:
    """Canaries under way end with it."""
    found_right(stack, FIRST)
    found_right(stack, deploy_code("second"))
    for function in FUNCTIONS:
        stack.serve(function, "2", reason="canary", beside={"1": 0.5})
    roll_back(stack, reason="costs rose", by="somebody")

    assert [stack.shares(function) for function in FUNCTIONS] == [{"1": 1.0}, {"1": 1.0}]


@pytest.mark.parametrize("named", [{}, {"to": "2", "dossier_to": "2"}], ids=["by the journal", "named"])
def test_rollback_from_a_canary_keeps_what_was_live(stack: Stack, deploy_code: Deploy, named: dict[str, str]) -> None:
    """Until a canary has passed the alias names the version before it: that one gets every request, none before it."""
    found_right(stack, FIRST)
    found_right(stack, deploy_code("second"))
    deploy_code("third")
    for function in FUNCTIONS:
        stack.serve(function, "2", reason="canary", beside={"3": 0.1})
    roll_back(stack, reason="costs rose", by="somebody", **named)

    assert [stack.shares(function) for function in FUNCTIONS] == [{"2": 1.0}, {"2": 1.0}]


def test_half_a_rollback_is_put_back_and_says_so(
    stack: Stack, deploy_code: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dossier function cannot be moved: the other serves what it served, its canary too; no move is kept."""
    found_right(stack, FIRST)
    found_right(stack, deploy_code("second"))
    stack.serve(FUNCTION, "2", reason="canary", beside={"1": 0.25})
    break_alias_of(monkeypatch, stack, DOSSIER_FUNCTION, "1")

    with pytest.raises(
        DeliveryError,
        match=r"DossierFunction cannot be moved .*throttled.*; nothing has changed: "
        "ScoringFunction serves version 2, DossierFunction serves version 2",
    ):
        roll_back(stack, reason="costs rose", by="somebody")
    assert stack.live() == SECOND
    assert stack.shares(FUNCTION) == {"2": 0.75, "1": 0.25}
    assert [one.action for one in stack.moves()] == ["deploy", "deploy"]


def test_rollback_that_stays_half_done_says_what_each_serves_and_how_to_end_it(
    stack: Stack, deploy_code: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor can the first be put back: what is told is what AWS serves, and the command it names ends it."""
    found_right(stack, FIRST)
    found_right(stack, deploy_code("second"))
    with monkeypatch.context() as broken:
        break_alias_of(broken, stack, DOSSIER_FUNCTION, "1")
        break_alias_of(broken, stack, FUNCTION, "2")
        with pytest.raises(
            DeliveryError,
            match=r"half is moved: ScoringFunction serves version 1, DossierFunction serves version 2; "
            "end it with VERSION=1 DOSSIER_VERSION=1",
        ):
            roll_back(stack, reason="costs rose", by="somebody")

    assert stack.live() == Release("1", "2")
    assert roll_back(stack, reason="ended", by="somebody", to="1", dossier_to="1").left_release == Release("1", "2")
    assert stack.live() == FIRST


def test_rollback_whose_journal_fails_says_what_is_served(
    stack: Stack, deploy_code: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The aliases are where they should be; that nobody will find it in the journal is told."""
    found_right(stack, FIRST)
    found_right(stack, deploy_code("second"))

    def refuse(_: Move) -> None:
        raise DeliveryError("s3 put_object: denied")

    monkeypatch.setattr(stack, "keep", refuse)
    with pytest.raises(
        DeliveryError, match=r"serves 1 of ScoringFunction and 1 of DossierFunction now, and its journal"
    ):
        roll_back(stack, reason="costs rose", by="somebody")
    assert stack.live() == FIRST


@pytest.mark.parametrize(
    ("to", "dossier_to", "told"),
    [
        ("1", "1", "serves 1 of ScoringFunction and 1 of DossierFunction already"),
        ("1", "", "serves 1 of ScoringFunction and 1 of DossierFunction already"),
        ("99", "1", "has no version '99' of ScoringFunction"),
        ("1", "99", "has no version '99' of DossierFunction"),
        ("$LATEST", "1", "has no version"),
        ("x", "1", "has no"),
        ("99", "", "does not know what was live with version '99'; name both"),
        ("", "99", "does not know what was live with version '99'; name both"),
    ],
)
def test_rollback_refuses_versions_that_are_none(stack: Stack, to: str, dossier_to: str, told: str) -> None:
    """Nothing is moved to what is not there, nor to code that is no version."""
    found_right(stack, FIRST)

    with pytest.raises(DeliveryError, match=told.replace("$", r"\$")):
        roll_back(stack, reason="x", by="somebody", to=to, dossier_to=dossier_to)
    assert stack.live() == FIRST


def test_first_version_has_no_way_back(stack: Stack) -> None:
    """The message says what to do instead."""
    found_right(stack, FIRST)

    with pytest.raises(DeliveryError, match=r"has nothing before 1 of .* that was found right; name it with VERSION"):
        roll_back(stack, reason="x", by="somebody")


def test_journal_older_than_the_dossier_function_does_not_guess(stack: Stack, deploy_code: Deploy) -> None:
    """A move that names one function alone is read; going back to it asks for the version of the other."""
    old = {"action": "deploy", "version": "1", "left": "", "reason": "", "by": "", "at": "2026-01-01"}
    bucket = stack.output("AuditBucketName")
    stack.call(
        "s3", "put_object", Bucket=bucket, Key=f"{JOURNAL}2026-01-01-deploy-1.json", Body=json.dumps(old).encode()
    )
    found_right(stack, deploy_code("second"))

    with pytest.raises(DeliveryError, match=r"older than DossierFunction .* VERSION=1 DOSSIER_VERSION=<n>"):
        roll_back(stack, reason="x", by="somebody")
    assert stack.live() == SECOND
    assert roll_back(stack, reason="x", by="somebody", to="1", dossier_to="1").release == FIRST


def test_failed_deployment_goes_back_to_what_was_right(stack: Stack, deploy_code: Deploy) -> None:
    """It answered wrongly after its canary: the aliases go back; where CodeDeploy put them back, nothing is done."""
    found_right(stack, FIRST)
    serve(stack, deploy_code("second"))
    moved = withdraw(stack, reason="wrong answers", by="somebody")

    assert moved is not None
    assert (stack.live(), moved.left_release) == (FIRST, SECOND)
    assert withdraw(stack, reason="wrong answers", by="somebody") is None


@pytest.mark.parametrize("half", [Release("2", "1"), Release("1", "2")])
def test_canary_that_ended_for_one_function_takes_the_other_with_it(
    stack: Stack, deploy_code: Deploy, half: Release
) -> None:
    """CodeDeploy put one alias back and let the other through: both go to what was right together."""
    found_right(stack, FIRST)
    deploy_code("second")
    serve(stack, half)
    moved = withdraw(stack, reason="half a deployment", by="somebody")

    assert moved is not None
    assert (stack.live(), moved.left_release) == (FIRST, half)


def test_record_refuses_what_is_no_longer_live(stack: Stack) -> None:
    """Somebody moved an alias meanwhile: what was found right is not what is served."""
    for release in (Release("2", "1"), Release("1", "2")):
        move = Move("deploy", release.scoring, "", "found right", "tests", now(), dossier_version=release.dossier)
        with pytest.raises(DeliveryError, match=r"serves 1 of .* now, not .*; nothing is recorded"):
            record(stack, move)


def test_record_command_keeps_bundle_and_model_once(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    """The journal names both versions and the bundle that is served; a run that is repeated adds nothing."""
    assert main(["record", "--environment", "staging"]) == 0
    assert main(["record", "--environment", "staging"]) == 0
    (move,) = stack.moves()

    assert (move.action, move.release, move.bundle) == ("deploy", FIRST, Bundle.open(paths.BUNDLE).seal)
    assert move.model.startswith("pret-a-depenser-scoring:")
    assert "are recorded already" in capsys.readouterr().out


def test_rollback_command_names_the_model_last(
    stack: Stack, deploy_code: Deploy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """The registry follows what the last line names, and the move is kept as an artefact too."""
    monkeypatch.setattr(command, "REPORT", tmp_path / "deployment" / "rollback.json")
    found_right(stack, FIRST)
    found_right(stack, deploy_code("second"))
    status = main(["rollback", "--environment", "staging", "--reason", " costs rose "])
    told = capsys.readouterr().out.splitlines()

    assert status == 0
    assert "1 of ScoringFunction and 1 of DossierFunction are live again" in told[0]
    assert told[-1] == "model: model:1"
    assert json.loads((tmp_path / "deployment" / "rollback.json").read_text())["reason"] == "costs rose"


def test_stack_that_lasts_is_protected_from_deletion(capsys: pytest.CaptureFixture[str]) -> None:
    """CloudFormation is asked by its own parameters; dev may be thrown away."""
    stack = Stack("production")
    client = boto3.client("cloudformation", region_name="eu-west-3", **_NOBODY)
    with Stubber(client) as answers:
        answers.add_response(
            "update_termination_protection",
            {"StackId": "stack"},
            {"StackName": "pret-a-depenser-scoring-prod", "EnableTerminationProtection": True},
        )
        stack._clients["cloudformation"] = client  # noqa: SLF001  the real client, whose answer alone is given
        stack.protect()
        answers.assert_no_pending_responses()

    assert main(["protect", "--environment", "dev"]) == 0
    assert "may be deleted" in capsys.readouterr().out


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
