"""What a full run's searches try: the families' own search spaces, or those of a file, checked before any training."""

from __future__ import annotations

import difflib
import tomllib
from math import prod
from typing import TYPE_CHECKING, Any

from training.candidates.families import FAMILIES
from training.candidates.search_space import Range, SearchSpace
from training.compiler.unproved import NOT_SEARCHED
from training.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from training.candidates import Setting

LARGEST_GRID = 60
_RANGE_KEYS = {"low", "high", "log"}


def own_search_spaces() -> dict[str, SearchSpace]:
    """Return the search space of each family that has one."""
    return {family.name: family.space for family in FAMILIES.values() if family.space is not None}


def read_search_spaces(path: Path) -> dict[str, SearchSpace]:
    """Read the search space of each family that a file names, in its library's own names.

    A list is tried value by value; a range is searched within::

        [decision_tree]
        max_depth = [3, 4, 5]

        [lightgbm]
        learning_rate = { low = 0.02, high = 0.1, log = true }

    Raises
    ------
    ModelError
        ``TRN204`` when the file cannot be read, or names what there is not.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ModelError("TRN204", f"the search space {path} cannot be read ({error})") from error
    return {family: _space(str(path), family, entries) for family, entries in content.items()}


def _space(where: str, family: str, entries: object) -> SearchSpace:
    _known(where, "family", family, FAMILIES)
    if not isinstance(entries, dict) or not entries:
        message = f"{where}: {family} holds nothing; write [{family}] and one line a parameter"
        raise ModelError("TRN204", message)
    for name in entries:
        if reason := NOT_SEARCHED.get(family, {}).get(name):
            raise ModelError("TRN204", f"{where}: {family}.{name} cannot be searched: {reason}")
        _known(f"{where}: {family}", "parameter", name, FAMILIES[family].searchable)
    lists = {name: entry for name, entry in entries.items() if isinstance(entry, list)}
    values = {name: _values(f"{where}: {family}.{name}", entry) for name, entry in lists.items()}
    ranges = {name: _range(f"{where}: {family}.{name}", entries[name]) for name in entries if name not in lists}
    size = prod(len(one) for one in values.values())
    if not ranges and size > LARGEST_GRID:
        raise ModelError("TRN204", f"{where}: {family} is a grid of {size}; at most {LARGEST_GRID} are tried")
    return SearchSpace(values, ranges)


def _known(where: str, kind: str, name: str, allowed: Collection[str]) -> None:
    if name in allowed:
        return
    near = difflib.get_close_matches(name, allowed, n=1)
    hint = f"; did you mean {near[0]}?" if near else f"; known are {', '.join(sorted(allowed))}"
    raise ModelError("TRN204", f"{where}: there is no {kind} {name!r}{hint}")


def _values(where: str, values: list[Any]) -> tuple[Setting, ...]:
    if not values or not all(isinstance(value, int | float | str) for value in values):
        raise ModelError("TRN204", f"{where}: a list holds at least one value, numbers or texts")
    return tuple(values)


def _range(where: str, entry: object) -> Range:
    if not isinstance(entry, dict) or not {"low", "high"} <= set(entry) <= _RANGE_KEYS:
        raise ModelError("TRN204", f"{where}: write a list of values, or {{ low = …, high = …, log = true }}")
    low, high, log = entry["low"], entry["high"], entry.get("log", False)
    numbers = all(isinstance(end, int | float) and not isinstance(end, bool) for end in (low, high))
    if not numbers or not isinstance(log, bool):
        raise ModelError("TRN204", f"{where}: low and high are numbers, log is true or false")
    if not low < high or (log and low <= 0):
        raise ModelError("TRN204", f"{where}: low must be below high, and above 0 where log is true")
    return Range(low, high, log)
