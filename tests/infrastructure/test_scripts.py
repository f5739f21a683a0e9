"""The scripts behind the workflows' steps: what they do with bad input, and that what they call takes their options."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
from typing import TYPE_CHECKING

import pytest

from benchmarks.service.budgets import BUDGETS, BudgetedFigure, budget_report, compare
from benchmarks.service.budgets import main as budgets
from delivery.errors import DeliveryError
from delivery.mocked_aws import CREDENTIALS
from delivery.paths import BUNDLE, PACKAGE, ROOT
from delivery.stack import Stack

if TYPE_CHECKING:
    from pathlib import Path

UNSET = {
    "ENVIRONMENT", "REASON", "REPOSITORY", "EXECUTION_ROLE_ARN", "VERSION", "TEMPLATE", "PROPOSAL", "RUN_ID", "BASE",
    "DATA",
}  # fmt: skip


def run(name: str, *options: str, cwd: Path = ROOT, **given: str) -> subprocess.CompletedProcess[str]:
    """Run a script of the project with the given variables."""
    environment = {name: value for name, value in os.environ.items() if name not in UNSET}
    return subprocess.run(
        [str(cwd / "scripts" / name), *options],
        cwd=cwd,
        env=environment | given,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("deploy", {}, "deploy: ENVIRONMENT is not set; one of dev, staging, production"),
        ("deploy", {"ENVIRONMENT": "prod"}, "error 'prod' is no environment of samconfig.toml; there are dev,"),
        ("deploy", {"ENVIRONMENT": "dev", "TEMPLATE": "none.yaml"}, "deploy: none.yaml is absent; run `make package`"),
        (
            "github-roles",
            {"REPOSITORY": "lender/scoring"},
            "github-roles: ENVIRONMENT is not set; staging or production",
        ),
        ("github-roles", {"ENVIRONMENT": "staging"}, "github-roles: REPOSITORY is not set; <owner>/<name> on GitHub"),
        (
            "github-roles",
            {"ENVIRONMENT": "prod", "REPOSITORY": "a/b"},
            "error 'prod' is no environment of samconfig.toml;",
        ),
        ("propose", {"PROPOSAL": "none"}, "propose: none/files.tar.gz is absent; run scripts/candidate"),
        ("budgets", {"BASE": "no-such-ref"}, "budgets: no-such-ref is no commit here; name one with BASE=<ref>"),
        ("candidate", {"DATA": "no-such-folder"}, "candidate: DATA=no-such-folder is no folder"),
        ("candidate --all", {}, "candidate: no option but --trained is known"),
        ("invoke none.json", {}, "invoke: there is no none.json; the sample events are in tests/events"),
        ("announce-promotion", {"GITHUB_REPOSITORY": ""}, "announce: GITHUB_REPOSITORY is not set; <owner>/<name>"),
    ],
)
def test_bad_input_is_one_line_and_status_two(name: str, given: dict[str, str], told: str) -> None:
    """What is wrong and what to do, before anything is done."""
    done = run(*name.split(), **given)
    (line,) = done.stderr.splitlines()

    assert done.returncode == 2
    assert line.startswith(told)


@pytest.mark.parametrize(
    ("name", "given", "told", "status"),
    [
        (
            "deploy",
            {"EXECUTION_ROLE_ARN": "arn:aws:iam::123456789012:role/any"},
            "deploy: staging, BundleSha256=",
            2,  # what is served is asked before SAM is
        ),
        ("github-roles", {"REPOSITORY": "lender/scoring"}, "github-roles: staging of lender/scoring, for the stack", 1),
    ],
)
def test_script_goes_as_far_as_aws(name: str, given: dict[str, str], told: str, status: int) -> None:
    """It reads the environment's configuration and asks AWS, which is not there."""
    nowhere = {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_MAX_ATTEMPTS": "1", **CREDENTIALS}
    done = run(name, ENVIRONMENT="staging", **nowhere, **given)

    assert done.returncode == status
    assert told in done.stderr
    assert 'Could not connect to the endpoint URL: "http://127.0.0.1:1/"' in done.stderr


def test_invoke_without_a_container_engine_names_the_way_without_one() -> None:
    """Who has no Docker is told, after what SAM says, what asks the same package without it."""
    done = run("invoke", "tests/events/score_rest.json", DOCKER_HOST="tcp://127.0.0.1:1")

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("invoke: Docker does not answer;")
    assert done.stderr.endswith(": make smoke-package\n")


def test_a_planted_secret_is_found(tmp_path: Path) -> None:
    """A key of AWS in a file fails the scan; the project's own files of settings do not."""
    planted = tmp_path / "settings.py"
    planted.write_text(f'aws_access_key_id = "AKIA{"Q" * 16}"\n', encoding="utf-8")  # the form of one, and nobody's
    found = run("secrets", str(planted))
    clean = run("secrets", "template.yaml", "samconfig.toml", ".github/workflows/deploy.yml", "Makefile")

    assert (found.returncode, clean.returncode) == (1, 0), clean.stderr
    assert "AWS Access Key" in found.stderr


def test_audit_looks_at_what_is_deployed_first() -> None:
    """Every group of the lock is one that pip-audit reads; without network that is all that can be said."""
    done = run("audit", "--dry-run")

    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("audit: lambda\n")
    assert done.stderr.count("would have audited") == 4


def test_proposal_becomes_a_commit_with_bundle_and_reason(tmp_path: Path) -> None:
    """The branch of a proposal holds the bundle, its pages and its events, and says why."""
    clone, proposal = tmp_path / "clone", tmp_path / "proposal"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    shutil.copy(ROOT / "scripts" / "propose", clone / "scripts" / "propose")
    proposal.mkdir()
    (proposal / "comparison.md").write_text("## Comparison\n", encoding="utf-8")
    changed = json.loads((BUNDLE / "parity.json").read_text(encoding="utf-8")) | {"tolerance": 2e-6}
    (tmp_path / "parity.json").write_text(json.dumps(changed), encoding="utf-8")
    with tarfile.open(proposal / "files.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "parity.json", "bundle/parity.json")
        archive.add(ROOT / "tests" / "events" / "score_rest.json", "events/score_rest.json")
        archive.add(ROOT / "docs" / "version.json", "docs/version.json")
    done = run("propose", "--dry-run", cwd=clone, PROPOSAL=str(proposal), RUN_ID="7", REASON="drift of EXT_SOURCE_2")
    told = subprocess.run(
        ["git", "-C", str(clone), "show", "--stat", "--format=%D|%s"], capture_output=True, text=True, check=True
    ).stdout

    assert done.returncode == 0, done.stderr
    assert told.startswith("HEAD -> candidate/7|Propose a candidate: drift of EXT_SOURCE_2")
    assert "lambda/bundle/parity.json" in told


def test_budgets_hold_for_the_built_package() -> None:
    """The package as it is stays within what it may be."""
    if not PACKAGE.is_dir():
        pytest.fail(f"{PACKAGE} is absent; run `make package`")
    found = compare(PACKAGE, None, runs=1)

    assert [one.name for one in found] == list(BUDGETS)
    # The time of a busy machine is no figure: only that there is one is looked at.
    assert all(one.value > 0 for one in found)
    assert all(one.value <= BUDGETS[one.name].most for one in found if BUDGETS[one.name].unit == "MiB")


@pytest.mark.parametrize(
    ("value", "base", "n_breaches"), [(100, None, 0), (100, 100, 0), (103.5, 100, 1), (121, None, 1), (121, 100, 2)]
)
def test_budget_is_an_amount_and_a_growth(value: float, base: float | None, n_breaches: int) -> None:
    """Too large is too large whatever was before; too much more is too much below the limit as well."""
    figure = BudgetedFigure("unzipped", value, base)

    assert len(figure.breaches) == n_breaches
    assert ("Within the budgets." in budget_report([figure])) is (n_breaches == 0)


def test_budgets_without_a_package_say_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line, and status 2."""
    status = budgets(["--package", str(tmp_path / "none"), "--out", str(tmp_path / "page.md")])

    assert (status, capsys.readouterr().err) == (2, f"error {tmp_path / 'none'} is absent; run `make package`\n")


def test_stack_of_an_unknown_environment_is_refused() -> None:
    """The environments that there are stand in the message."""
    with pytest.raises(DeliveryError, match="there are dev, staging, production"):
        Stack("prod")
