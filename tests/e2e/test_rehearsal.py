"""A deployment rehearsed: the mocked stack, the real handler under the emulator, and which version answers when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from delivery.__main__ import main
from delivery.mocked_aws import supported_template
from delivery.paths import BUNDLE
from delivery.rehearsal import Rehearsal, say_step
from delivery.template import deployed_template, environments, read_template
from tests.builders.bundles import that_turns_away, with_threshold

if TYPE_CHECKING:
    from pathlib import Path

    from delivery.rehearsal import Step

pytestmark = pytest.mark.e2e

REFUSES_MOST, REFUSES_LESS = 0.02, 0.1
CANARY = 0.1


@pytest.fixture(scope="module")
def steps(package: Path, dossier_package: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Step]:
    """Walk once: a first deployment, two canaries that an alarm ends, one that passes, a rollback by hand."""
    folder = tmp_path_factory.mktemp("bundles")
    failing, right = with_threshold(folder / "failing", REFUSES_MOST), with_threshold(folder / "right", REFUSES_LESS)
    return list(Rehearsal(package, dossier_package).walk(BUNDLE, failing, that_turns_away(folder / "strange"), right))


def test_each_step_is_answered_by_the_version_it_should_be(steps: list[Step]) -> None:
    """Who answers is read in the replies: the old bundle, both in a canary, the old one again, the new one, the old."""
    expected = [
        ["1"],
        ["1"],
        ["1"],
        ["1", "2"],
        ["1"],
        ["1", "3"],
        ["1"],
        ["1", "4"],
        ["4"],
        ["1"],
    ]

    assert [sorted(step.applications.answered) for step in steps] == expected
    assert [sorted(step.dossiers.answered) for step in steps] == expected


def test_both_functions_share_their_requests_alike_at_every_step(steps: list[Step]) -> None:
    """No step leaves the versions of one function live beside those that the other went back from."""
    assert [step.applications.shares for step in steps] == [step.dossiers.shares for step in steps]


def test_a_canary_gets_the_share_that_the_template_gives_it(steps: list[Step]) -> None:
    """One request in ten, within what a draw of that many varies by."""
    canaries = [step.applications for step in steps if len(step.applications.shares) == 2]

    assert len(canaries) == 3
    for step in canaries:
        new = max(step.shares)
        assert step.shares[new] == pytest.approx(CANARY)
        assert step.answered[new] / sum(step.answered.values()) == pytest.approx(CANARY, abs=0.05)


def test_the_alarm_tells_the_two_canaries_apart(steps: list[Step]) -> None:
    """The bundle that refuses most is stopped while all decisions together still look usual; the other goes on."""
    failing, _, right = (step.applications for step in steps if len(step.applications.shares) == 2)
    limits = read_template()["Parameters"]
    together = sum(failing.refused[one] * failing.answered[one] for one in failing.answered) / sum(
        failing.answered.values()
    )

    assert failing.refused["2"] > limits["RefusalRateHigh"]["Default"] > together
    assert limits["RefusalRateLow"]["Default"] < right.refused["4"] < limits["RefusalRateHigh"]["Default"]


def test_each_canary_ends_by_its_own_alarm_and_no_red_one_blocks_the_repair(steps: list[Step]) -> None:
    """One decides unusually, one turns partners away; what mends them is judged by its own alarms alone."""
    told = " | ".join(step.what for step in steps)

    assert "RefusalRateAlarm stands" in told
    assert "NotScoredAlarm stands" in told
    assert "no alarm of its own, though those of versions 2 and 3 are red: version 4 gets every request" in told


def test_a_package_with_another_bundle_does_not_start(steps: list[Step]) -> None:
    """What SnapStart would meet on publishing is said with its code."""
    assert "is never published: the function does not start: ContractError: SCR206" in steps[2].what


def test_a_step_is_said_in_three_lines(steps: list[Step]) -> None:
    """Shares of the aliases and who answered, function by function and version by version."""
    first, second, third = say_step(4, steps[3]).splitlines()

    assert first.startswith("4. version 2 is a canary: bundle ")
    assert second.startswith("   score: alias live: version 1 90%, version 2 10%; answered: version 1 ")
    assert third.startswith("   dossier: alias live: version 1 90%, version 2 10%; answered: version 1 ")


def test_what_moto_does_not_support_is_named() -> None:
    """Nothing of the template is left out in silence: each resource is made, or named with its type."""
    template = deployed_template(environments()["staging"])
    reduced, lost = supported_template(template)

    assert reduced["Resources"].keys() | lost.keys() == template["Resources"].keys()
    assert {"AWS::Lambda::Function", "AWS::Lambda::Version", "AWS::S3::Bucket", "AWS::KMS::Key", "AWS::IAM::Role"} <= {
        one["Type"] for one in reduced["Resources"].values()
    }
    assert {"AWS::Lambda::Alias", "AWS::CodeDeploy::DeploymentGroup", "AWS::CloudWatch::Alarm"} <= set(lost.values())


def test_rehearsal_without_a_package_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line, and status 2."""
    status = main(["rehearse", "--package", str(tmp_path / "none"), "--failing", "a", "--strange", "c", "--right", "b"])
    (line,) = capsys.readouterr().err.splitlines()

    assert (status, line) == (2, f"error {tmp_path / 'none'} is absent; run `make package`")
