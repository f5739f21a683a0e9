"""What the SAM template says of the function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from delivery.paths import FUNCTION, TEMPLATE

if TYPE_CHECKING:
    from pathlib import Path


class _TemplateLoader(yaml.SafeLoader):
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


def function_properties() -> dict[str, Any]:
    """Return the properties of the scoring function."""
    return dict(read_template()["Resources"][FUNCTION]["Properties"])


def function_environment() -> dict[str, str]:
    """Return the variables that the template sets for the function, at the default of their parameters."""
    template = read_template()
    variables = function_properties()["Environment"]["Variables"]
    return {
        name: str(template["Parameters"][value["Ref"]]["Default"]) if isinstance(value, dict) else value
        for name, value in variables.items()
    }
