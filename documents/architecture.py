"""The architecture as the code has it: which room may import which, and pictures of what each does import."""

from __future__ import annotations

from configparser import ConfigParser
from typing import TYPE_CHECKING

from delivery.paths import ROOT
from documents.imports import ROOMS, import_graph, modules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

RULES = ROOT / ".importlinter"
# These do not stand in a picture: the first is the room itself, the second calls its commands.
DUNDERS = {"__init__", "__main__"}


def allowed_imports() -> dict[str, tuple[str, ...]]:
    """Return by room what it may import: rooms below its own, or modules of one that is open to it in part."""
    rules = ConfigParser()
    rules.read_string(RULES.read_text(encoding="utf-8"))
    forbidden: dict[str, set[str]] = {room: set() for room in ROOMS}
    for rule in rules.values():
        if rule.get("type") == "forbidden":
            forbidden[rule["source_modules"].strip()] |= set(rule["forbidden_modules"].split())
    floors = list(ROOMS)
    return {
        room: tuple(name for below in floors[:floor] for name in _open_parts(below, forbidden=forbidden[room]))
        for floor, room in enumerate(floors)
    }


def _open_parts(room: str, *, forbidden: set[str]) -> list[str]:
    if room in forbidden:
        return []
    parts = sorted(name for name in modules() if name.startswith(f"{room}.") and name.count(".") == 1)
    return [part for part in parts if part not in forbidden] if forbidden & set(parts) else [room]


def say_imports(room: str, *, none: str, all_above: str) -> str:
    """Write what a room may import as a table has it that goes from the ground up.

    Parameters
    ----------
    none, all_above
        What is written of a room that may import no other, and of one that may import all before it.
    """
    names = allowed_imports()[room]
    floors = list(ROOMS)
    if list(names) == floors[: floors.index(room)]:
        return all_above if names else none
    return tell_names(names) or none


def tell_names(names: Iterable[str]) -> str:
    """Write names of rooms and modules; modules of one room side by side tell it once.

    >>> tell_names(["metrics", "scoring.bundle", "scoring.contract"])
    '`metrics`, `scoring.bundle`, `.contract`'
    """
    told: list[str] = []
    before = ""
    for name in names:
        room, dot, module = name.partition(".")
        told.append(f"`.{module}`" if dot and room == before else f"`{name}`")
        before = room
    return ", ".join(told)


def room_folders() -> dict[str, str]:
    """Return the folder of each room as a page names it, from the ground up."""
    return {room: f"{folder.relative_to(ROOT)}/" for room, folder in ROOMS.items()}


def picture_of_rooms() -> str:
    """Return the picture of the rooms: an arrow goes from a room to one that it imports."""
    return _flowchart(room_folders(), _arrows({name: name.partition(".")[0] for name in modules()}))


def picture_within(room: str) -> str:
    """Return the picture of what a room consists of: its modules, and its rooms with a stroke behind the name."""
    parts = {
        name: part
        for name, part in ((name, name.split(".")[1]) for name in modules() if name.startswith(f"{room}."))
        if part not in DUNDERS
    }
    folders = {path.name for path in ROOMS[room].iterdir() if path.is_dir()}
    labels = {part: f"{part}/" if part in folders else part for part in sorted(set(parts.values()))}
    return _flowchart(labels, _arrows(parts))


def _arrows(parts: Mapping[str, str]) -> dict[str, set[str]]:
    """Return by part the parts that its modules import; a module without a part counts for nothing."""
    arrows: dict[str, set[str]] = {part: set() for part in parts.values()}
    for name, targets in import_graph().items():
        if name in parts:
            arrows[parts[name]] |= {parts[target] for target in targets if target in parts} - {parts[name]}
    return arrows


def without_detours(arrows: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Leave out each arrow whose end a longer way reaches as well.

    >>> without_detours({"a": ["b", "c"], "b": ["c"], "c": []})
    {'a': ['b'], 'b': ['c'], 'c': []}
    """
    kept = {name: sorted(targets) for name, targets in arrows.items()}
    for name, targets in kept.items():
        for target in list(targets):
            targets.remove(target)
            if target not in _reached(kept, name):
                targets.append(target)
    return {name: sorted(targets) for name, targets in kept.items()}


def _reached(arrows: Mapping[str, Iterable[str]], start: str) -> set[str]:
    found: set[str] = set()
    ahead = list(arrows[start])
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead += arrows.get(name, ())
    return found


def _flowchart(labels: Mapping[str, str], arrows: Mapping[str, Iterable[str]]) -> str:
    """Return a Mermaid flowchart, which GitHub draws."""
    nodes = [f'  {name}["{label}"]' for name, label in labels.items()]
    drawn = [
        f"  {name} --> {' & '.join(targets)}" for name, targets in without_detours(arrows).items() if list(targets)
    ]
    return "\n".join(["```mermaid", "flowchart TD", *nodes, *drawn, "```"])
