"""The pictures and rules of the architecture are read from the code."""

from __future__ import annotations

import re

import pytest

from delivery.paths import ROOT
from documents.architecture import (
    allowed_imports,
    picture_of_rooms,
    picture_within,
    say_imports,
    tell_names,
    without_detours,
)
from documents.imports import ROOMS, import_graph

ARROWS = re.compile(r"^  (\w+) --> (.+)$", re.MULTILINE)


def arrows(picture: str) -> dict[str, list[str]]:
    """Return the arrows of a picture."""
    return {start: ends.split(" & ") for start, ends in ARROWS.findall(picture)}


def test_every_room_is_drawn() -> None:
    """The picture has a node for each room, with the name of its folder."""
    assert re.findall(r'\["(.+)/"\]', picture_of_rooms()) == [
        "lambda/" + room if room in {"features", "scoring"} else room for room in ROOMS
    ]


def test_every_arrow_is_an_import() -> None:
    """No arrow is drawn that no line of code stands for."""
    imports = {(name.split(".")[0], target.split(".")[0]) for name, found in import_graph().items() for target in found}

    assert {(start, end) for start, ends in arrows(picture_of_rooms()).items() for end in ends} <= imports


@pytest.mark.parametrize("room", ["scoring", "training", "monitoring"])
def test_every_part_of_a_room_is_drawn(room: str) -> None:
    """The picture of a room has a node for each of its modules and rooms, but for what only starts it."""
    parts = {path.stem for path in ROOMS[room].iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}

    assert set(re.findall(r"^  (\w+)\[", picture_within(room), re.MULTILINE)) == parts - {"__init__", "__main__"}


def test_contributing_shows_the_picture() -> None:
    """Whoever arrives sees the rooms as they are now; `make pages` draws them anew."""
    assert picture_of_rooms() in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_a_circle_keeps_all_that_can_be_reached() -> None:
    """Where parts import each other, leaving out detours cuts nobody off."""
    assert without_detours({"a": ["b", "c"], "b": ["c"], "c": ["b"]}) == {"a": ["c"], "b": ["c"], "c": ["b"]}


def test_allowed_imports_are_those_of_import_linter() -> None:
    """What a page says a room may import is what import-linter lets through."""
    allowed = allowed_imports()

    assert allowed["scoring"] == allowed["features"] == allowed["frontend"] == ()
    assert allowed["training"] == ("commandline", "features", "scoring", "metrics")
    assert {"scoring.contract", "scoring.decision"} <= set(allowed["metrics"])
    assert "scoring.service" not in allowed["delivery"]


@pytest.mark.parametrize(
    ("room", "said"),
    [
        ("scoring", "none"),
        ("frontend", "none"),
        ("training", "all above"),
        ("metrics", "`scoring.contract`, `.decision`, `.errors`"),
    ],
)
def test_what_a_room_may_import_is_told_from_the_ground_up(room: str, said: str) -> None:
    """A room that may import none, or all before it, is told in words, any other by names."""
    assert say_imports(room, none="none", all_above="all above") == said


def test_modules_of_one_room_are_told_side_by_side() -> None:
    """The name of the room is not repeated, and begins anew after another room."""
    assert tell_names(["scoring.a", "scoring.b", "metrics", "scoring.c"]) == "`scoring.a`, `.b`, `metrics`, `scoring.c`"
