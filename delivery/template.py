"""What the SAM template says of the function, and the CloudFormation template that is deployed from it."""

from __future__ import annotations

import json
import subprocess
import tomllib
from typing import TYPE_CHECKING, Any

import yaml

from delivery.errors import DeliveryError
from delivery.paths import FUNCTION, ROOT, SAM_PYTHON, TEMPLATE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class _TemplateLoader(yaml.CSafeLoader):
    """Reads CloudFormation's short forms such as ``!Ref`` as ``{"Ref": …}``."""


def _short_form(loader: _TemplateLoader, tag: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        return {tag: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {tag: loader.construct_sequence(node)}
    return {tag: loader.construct_mapping(node)}  # type: ignore[arg-type]


_TemplateLoader.add_multi_constructor("!", _short_form)


def read_template(path: Path = TEMPLATE) -> dict[str, Any]:
    """Return the template as plain data."""
    return dict(yaml.load(path.read_text(encoding="utf-8"), Loader=_TemplateLoader))  # noqa: S506  a safe loader


def function_properties(function: str = FUNCTION) -> dict[str, Any]:
    """Return the properties of a function."""
    return dict(read_template()["Resources"][function]["Properties"])


def function_environment(function: str = FUNCTION) -> dict[str, str]:
    """Return the variables that the template sets for a function: parameters at their default, no real secret.

    A resource goes by its name in the template.
    """
    defaults = {name: str(one["Default"]) for name, one in read_template()["Parameters"].items()}
    variables = function_properties(function)["Environment"]["Variables"]
    return {name: _local_value(value, defaults) for name, value in variables.items()}


def _local_value(value: str | dict[str, str], defaults: Mapping[str, str]) -> str:
    if isinstance(value, str):
        return value
    # What AWS resolves on deployment, such as a secret, stays as it is written: a placeholder.
    return defaults.get(value["Ref"], value["Ref"]) if "Ref" in value else value["Sub"]


def deployed_template(parameters: Mapping[str, str] | None = None, *, package: str | None = None) -> dict[str, Any]:
    """Return the template as AWS gets it, after SAM's transform.

    Parameters
    ----------
    parameters
        Values of parameters; the others have their defaults.
    package
        Address of the uploaded package; `sam deploy` names it after the hash of its content.

    Raises
    ------
    DeliveryError
        When SAM cannot transform the template; the message is SAM's.
    """
    where = ["--package", package] if package else []
    given = [f"{name}={value}" for name, value in (parameters or {}).items()]
    done = subprocess.run(  # noqa: S603  the project's own command
        [str(SAM_PYTHON), str(ROOT / "scripts" / "transform-template"), *where, *given],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DeliveryError(f"the template cannot be transformed:\n{done.stderr}")
    return dict(json.loads(done.stdout))


def configured_environments() -> dict[str, dict[str, Any]]:
    """Return what ``sam deploy`` is given for each environment of ``samconfig.toml``, by its name."""
    configured = tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))
    return {
        name: dict(commands["deploy"]["parameters"])
        for name, commands in configured.items()
        if isinstance(commands, dict) and "deploy" in commands
    }


def environments() -> dict[str, dict[str, str]]:
    """Return the parameters of each environment, by its name in ``samconfig.toml``."""
    return {
        name: dict(pair.split("=", 1) for pair in given["parameter_overrides"])
        for name, given in configured_environments().items()
    }
