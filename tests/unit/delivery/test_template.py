"""The template: what is deployed, and by which settings."""

from __future__ import annotations

import re

import pytest

from delivery.errors import DeliveryError
from delivery.paths import FUNCTIONS, ROOM
from delivery.template import deployed_template, function_environment, function_properties
from scoring.settings import read_settings

every_function = pytest.mark.parametrize("function", FUNCTIONS)


@every_function
def test_handler_exists(function: str) -> None:
    """The template names a module of the room and an attribute that it defines."""
    module, _, attribute = function_properties(function)["Handler"].rpartition(".")
    source = (ROOM / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")

    assert re.search(rf"\n(\w+, )*{attribute} = ", source)


@every_function
def test_function_is_what_onnxruntime_and_snapstart_ask_for(function: str) -> None:
    """x86_64 (arm64 hosts may abort), Python 3.12 and snapshots of published versions behind an alias."""
    properties = function_properties(function)

    assert properties["Architectures"] == ["x86_64"]
    assert properties["Runtime"] == "python3.12"
    assert properties["SnapStart"] == {"ApplyOn": "PublishedVersions"}
    assert properties["AutoPublishAlias"] == "live"


@every_function
def test_environment_is_one_the_settings_accept(function: str) -> None:
    """The function starts with the variables that the template gives it."""
    assert read_settings(function_environment(function)).log_level == "INFO"


def test_telemetry_is_off() -> None:
    """No dependency reports home from the function."""
    assert function_environment()["ORT_DISABLE_TELEMETRY"] == "1"


def test_transform_that_fails_is_said() -> None:
    """A value that SAM does not accept gives SAM's message, not a template."""
    with pytest.raises(DeliveryError, match="the template cannot be transformed"):
        deployed_template({"Environment": "production"}, package="no address")
