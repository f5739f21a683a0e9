"""What tools of the trade say of the template: SAM's validation, cfn-lint before and after the transform, cfripper."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

from delivery.paths import ROOT
from delivery.template import deployed_template, environments

if TYPE_CHECKING:
    from pathlib import Path

# The transform leaves parameters that it has resolved, and names dependencies twice: both are SAM's doing.
OF_THE_TRANSFORM = ["W2001", "W3005"]
ACCOUNT = "123456789012"
# The one grant that cfripper cannot know the reason of: see GatewayLoggingRole in the template.
EXPECTED = {("WildcardResourceRule", "GatewayLoggingRole")}
# CloudFormation makes the stack's own roles, of the stack's name only; lists and random passwords have no resource.
EXPECTED_OF_GITHUB = {
    ("PrivilegeEscalationRule", "ExecutionRole", "iam:PutRolePolicy iam:UpdateAssumeRolePolicy"),
    ("WildcardResourceRule", "ExecutionRole", "kms:ListAliases secretsmanager:GetRandomPassword"),
    ("WildcardResourceRule", "ExecutionRole", "logs:DescribeLogGroups logs:DescribeResourcePolicies"),
}


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run one of the environment's programs from the root of the project."""
    environment = os.environ | {"AWS_DEFAULT_REGION": "eu-west-3", "SAM_CLI_TELEMETRY": "0"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=180)


def policy_failures(template: Path) -> list[dict[str, Any]]:
    """Return what cfripper finds in a template."""
    done = run(
        ".venv-sam/bin/cfripper", str(template), "--format", "json", "--resolve", "--logging", "ERROR",
        "--aws-account-id", ACCOUNT,
    )  # fmt: skip
    return list(json.loads(done.stdout)["failures"])


def test_sam_finds_the_template_valid() -> None:
    """`sam validate --lint` has nothing to say."""
    done = run(".venv-sam/bin/sam", "validate", "--lint")

    assert done.returncode == 0, done.stdout + done.stderr


def test_cfn_lint_has_nothing_to_say(tmp_path: Path) -> None:
    """The current cfn-lint finds no error and no warning, before the transform and after it in each environment."""
    paths = ["template.yaml", "infra/github-oidc.yaml"]
    for name, parameters in environments().items():
        paths.append(str(tmp_path / f"{name}.json"))
        (tmp_path / f"{name}.json").write_text(json.dumps(deployed_template(parameters)), encoding="utf-8")
    done = run(".venv/bin/cfn-lint", "--ignore-checks", *OF_THE_TRANSFORM, "--template", *paths)

    assert len(paths) == 5
    assert (done.returncode, done.stdout) == (0, "")


def test_policy_check_finds_what_is_known_and_no_more(deployed: dict[str, Any], tmp_path: Path) -> None:
    """Cfripper's rules on roles, buckets, keys and topics find the one grant that AWS itself asks for."""
    path = tmp_path / "deployed.json"
    path.write_text(json.dumps(deployed), encoding="utf-8")
    found = {(one["rule"], *one["resource_ids"]) for one in policy_failures(path)}

    assert found == EXPECTED


def test_policy_check_of_the_roles_of_github_finds_what_is_known_and_no_more() -> None:
    """Of the roles that workflows take on, only CloudFormation's reaches further than the rules of the tool like."""
    failures = policy_failures(ROOT / "infra" / "github-oidc.yaml")
    found = {(one["rule"], *one["resource_ids"], " ".join(sorted(one["actions"]))) for one in failures}

    assert found == EXPECTED_OF_GITHUB
