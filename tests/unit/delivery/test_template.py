"""The template: what is deployed, and by which settings."""

from __future__ import annotations

import subprocess

import pytest

from delivery.paths import ROOM, ROOT
from delivery.template import function_environment, function_properties, read_template
from scoring.settings import read_settings


def test_handler_exists() -> None:
    """The template names a module of the room and an attribute that it defines."""
    module, _, attribute = function_properties()["Handler"].rpartition(".")
    source = (ROOM / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")

    assert f"\n{attribute} = " in source


def test_function_is_what_onnxruntime_and_snapstart_ask_for() -> None:
    """x86_64 (arm64 hosts may abort), Python 3.12 and snapshots of published versions behind an alias."""
    properties = function_properties()

    assert properties["Architectures"] == ["x86_64"]
    assert properties["Runtime"] == "python3.12"
    assert properties["SnapStart"] == {"ApplyOn": "PublishedVersions"}
    assert properties["AutoPublishAlias"] == "live"


def test_environment_is_one_the_settings_accept() -> None:
    """The function starts with the variables that the template gives it."""
    assert read_settings(function_environment()).log_level == "INFO"


def test_telemetry_is_off() -> None:
    """No dependency reports home from the function."""
    assert function_environment()["ORT_DISABLE_TELEMETRY"] == "1"


def test_stage_is_throttled() -> None:
    """One client's loop cannot run up the lender's bill: the whole stage has a rate and a burst."""
    (setting,) = read_template()["Resources"]["ScoringApi"]["Properties"]["MethodSettings"]

    assert (setting["ResourcePath"], setting["HttpMethod"]) == ("/*", "*")
    assert {"ThrottlingRateLimit", "ThrottlingBurstLimit"} <= setting.keys()


def test_logs_are_kept_for_a_set_time() -> None:
    """The function writes to a log group with a retention rule, not to one that AWS makes without."""
    resources = read_template()["Resources"]
    group = function_properties()["LoggingConfig"]["LogGroup"]["Ref"]

    assert "RetentionInDays" in resources[group]["Properties"]


@pytest.mark.e2e
def test_template_is_valid() -> None:
    """`sam validate --lint` has nothing to say."""
    done = subprocess.run(
        [".venv-sam/bin/sam", "validate", "--lint"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )

    assert done.returncode == 0, done.stdout + done.stderr
