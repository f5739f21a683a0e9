"""What the tests of the deployed template share: the template after SAM's transform, and ways to look into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from delivery.template import deployed_template, environments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

type Resources = dict[str, dict[str, Any]]
type Statement = dict[str, Any]


@pytest.fixture(scope="session")
def deployed() -> dict[str, Any]:
    """Return the template of production as CloudFormation gets it."""
    return deployed_template(environments()["production"])


@pytest.fixture(scope="session")
def resources(deployed: dict[str, Any]) -> Resources:
    """Return its resources by name."""
    return dict(deployed["Resources"])


@pytest.fixture(scope="session")
def of_type(resources: Resources) -> Callable[[str], Resources]:
    """Look resources of a type up; there is at least one, or the test would pass on nothing."""

    def find(kind: str) -> Resources:
        found = {name: one["Properties"] for name, one in resources.items() if one["Type"] == kind}
        assert found, f"the template has no {kind}"
        return found

    return find


@pytest.fixture(scope="session")
def statements(resources: Resources) -> list[tuple[str, Statement]]:
    """Return every policy statement of the template, with the name of its resource."""
    return [(name, statement) for name, one in resources.items() for statement in _statements(one["Properties"])]


@pytest.fixture(scope="session")
def grants(statements: list[tuple[str, Statement]]) -> list[tuple[str, Statement]]:
    """Return the statements that allow something."""
    found = [(name, one) for name, one in statements if one["Effect"] == "Allow"]
    assert len(found) > 10
    return found


def _statements(value: object) -> Iterator[Statement]:
    """Yield the statements of all policies within a value, wherever CloudFormation puts them."""
    if isinstance(value, dict):
        yield from value.get("Statement", [])
        value = list(value.values())
    if isinstance(value, list):
        for below in value:
            yield from _statements(below)


@pytest.fixture(scope="session")
def as_list() -> Callable[[object], list[Any]]:
    """Return what a policy gives as one value or as a list, as a list."""
    return lambda value: value if isinstance(value, list) else [value]
