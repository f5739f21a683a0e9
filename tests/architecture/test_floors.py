"""The house has floors: no circle of imports, no arrow that runs back up, no module that stands loose."""

from __future__ import annotations

import pytest

from tests.architecture.imports import ROOMS, circles, import_graph, modules

FLOORS = list(ROOMS)
# What may stand at the top of a room; everything else has a room of its own.
LOOSE = {
    "training": {"__init__", "__main__", "errors", "files", "wording"},
    "monitoring": {"__init__", "__main__", "config", "errors", "recalibration"},
    "frontend": {"__init__", "app", "settings"},
    "benchmarks": {"__init__", "__main__", "demo", "measures", "programs", "report"},
}


def test_no_module_imports_itself_by_a_detour() -> None:
    """There is no circle of imports anywhere, those for types included."""
    assert circles(import_graph()) == []


def test_a_circle_is_found() -> None:
    """The walk that finds none would find one."""
    assert circles({"a": {"b"}, "b": {"a"}}) == [["a", "b", "a"]]


def test_no_arrow_runs_back_up() -> None:
    """A room imports only rooms below its own."""
    upward = [
        f"{name} imports {target}"
        for name, targets in import_graph().items()
        for target in targets
        if FLOORS.index(target.partition(".")[0]) > FLOORS.index(name.partition(".")[0])
    ]

    assert upward == []


@pytest.mark.parametrize("room", LOOSE)
def test_no_module_stands_loose(room: str) -> None:
    """A module beyond the few that are named belongs to a room inside the room."""
    assert {path.stem for path in ROOMS[room].glob("*.py")} == LOOSE[room]


def test_every_module_is_walked() -> None:
    """The graph covers all rooms: a room that is left out could break every rule."""
    assert {name.partition(".")[0] for name in modules()} == set(FLOORS)
