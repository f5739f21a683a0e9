"""`sam local invoke`: the built package in the Lambda base image, where a container engine has it."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from delivery.events import golden_applications
from delivery.paths import BUNDLE, EVENTS, FUNCTION, ROOT

pytestmark = pytest.mark.e2e

IMAGE = "public.ecr.aws/lambda/python:3.12-x86_64"


@pytest.fixture(scope="module")
def base_image() -> str:
    """Return the name of the base image, or skip where it cannot be run."""
    try:
        inspected = subprocess.run(["docker", "image", "inspect", IMAGE], capture_output=True, check=False, timeout=30)
    except FileNotFoundError:
        pytest.skip("no container engine: docker is not installed")
    if inspected.returncode:
        pytest.skip(f"no container engine answers, or it has no image {IMAGE}")
    return IMAGE


def sam_local_invoke(event_file: str) -> dict[str, Any]:
    """Return what the function answers to a committed event file."""
    done = subprocess.run(
        [".venv-sam/bin/sam", "local", "invoke", FUNCTION, "--skip-pull-image", "--event", str(EVENTS / event_file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_sam_local_invoke_scores(package: object, base_image: str) -> None:
    """In the Lambda image, the sample event gets the decision of the trained model."""
    sent = json.loads(json.loads((EVENTS / "score_rest.json").read_text(encoding="utf-8"))["body"])
    golden = next(one for one in golden_applications(BUNDLE) if one["application"] == sent)
    answer = sam_local_invoke("score_rest.json")

    assert answer["statusCode"] == 200
    assert golden["decision"] == json.loads(answer["body"])["classe"]
