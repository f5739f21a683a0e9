"""The import graph of the rooms, read from the sources: module to module, those for types included."""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING

from delivery.paths import ROOM, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

# From the ground up: a room imports those before it, as .importlinter allows.
ROOMS = {
    "commandline": ROOT / "commandline",
    "features": ROOM / "features",
    "scoring": ROOM / "scoring",
    "metrics": ROOT / "metrics",
    "training": ROOT / "training",
    "monitoring": ROOT / "monitoring",
    "frontend": ROOT / "frontend",
    "delivery": ROOT / "delivery",
    "benchmarks": ROOT / "benchmarks",
    "documents": ROOT / "documents",
}


@cache
def modules() -> dict[str, Path]:
    """Return every module of the rooms by its dotted name; a package by its own."""
    return {
        ".".join([room, *path.relative_to(folder).with_suffix("").parts]).removesuffix(".__init__"): path
        for room, folder in ROOMS.items()
        for path in sorted(folder.rglob("*.py"))
    }


@cache
def import_graph(*, types: bool = True) -> dict[str, frozenset[str]]:
    """Return by module the modules it imports.

    Parameters
    ----------
    types
        Whether imports under ``if TYPE_CHECKING:`` count.
    """
    return {name: frozenset(_imported(name, path, types=types)) for name, path in modules().items()}


def _imported(name: str, path: Path, *, types: bool) -> Iterable[str]:
    for node in _imports(ast.parse(path.read_text(encoding="utf-8")), types=types):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for full in names:
            target = full if full in modules() else full.rpartition(".")[0]
            # A package is imported with each of its modules; that is no arrow of its own.
            if target in modules() and target != name and not name.startswith(f"{target}."):
                yield target


def _imports(tree: ast.AST, *, types: bool) -> Iterable[ast.Import | ast.ImportFrom]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif types or not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield from _imports(node, types=types)


def between_sub_rooms(graph: Mapping[str, Iterable[str]], room: str) -> dict[str, set[str]]:
    """Return by sub-room of a room the sub-rooms it imports; a module that stands loose there counts as one.

    >>> between_sub_rooms({"a.b.c": ["a.d.e", "a.b.f", "g.h"], "a.d.e": ["a.i"]}, "a")
    {'a.b': {'a.d'}, 'a.d': {'a.i'}}
    """
    found: dict[str, set[str]] = {}
    for name, targets in graph.items():
        if name.startswith(f"{room}."):
            own = _sub_room(name)
            inside = {_sub_room(target) for target in targets if target.startswith(f"{room}.")}
            found.setdefault(own, set()).update(inside - {own})
    return found


def _sub_room(module: str) -> str:
    return ".".join(module.split(".")[:2])


def circles(graph: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Return one way round each circle that a walk of the graph meets; none where there is no circle.

    >>> circles({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]})
    [['a', 'b', 'c', 'a']]
    """
    found: list[list[str]] = []
    done: set[str] = set()

    def visit(name: str, way: list[str]) -> None:
        if name in way:
            found.append([*way[way.index(name) :], name])
        elif name not in done:
            for target in sorted(graph.get(name, ())):
                visit(target, [*way, name])
            done.add(name)

    for name in graph:
        visit(name, [])
    return found
