"""What may be asked of an applicant, on what ground, and which way a lender knows each input to act.

``policy.csv`` has a row for each kind of input, by the names it covers; ``moves.csv`` the changes of several inputs at
once whose direction is known. What follows for derived columns is worked out from these (`training.compiler.trends`).
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Literal, cast

from training.schema.files import rows_of

Direction = Literal[-1, 0, 1]
KnownBy = Literal["applicant", "bureau", "lender"]


@dataclass(frozen=True, slots=True)
class PolicyEntry:
    """The policy of the inputs that a pattern covers.

    Attributes
    ----------
    columns
        Name of an input, or a pattern with ``*``; of several that fit, the longest holds.
    direction
        What a larger value may do to the risk: 1 raise it, -1 lower it, 0 is not known.
    known_by
        Who can say the value.
    asked
        Whether it may be an input of a model at all.
    ground_fr, ground_en
        Legal and economic ground for asking, or for never asking.
    """

    columns: str
    direction: Direction
    known_by: KnownBy
    asked: bool
    ground_fr: str
    ground_en: str


@dataclass(frozen=True, slots=True)
class Move:
    """A change whose direction a lender knows: inputs that grow together by one factor, or one that grows alone.

    Attributes
    ----------
    direction
        1 where the risk may only rise, -1 where it may only fall.
    """

    name: str
    inputs: tuple[str, ...]
    direction: Direction
    label_fr: str
    label_en: str


@cache
def load_policy() -> tuple[PolicyEntry, ...]:
    """Read the policy, row by row."""
    return tuple(
        PolicyEntry(
            columns=row["columns"],
            direction=_direction(row["direction"]),
            known_by=cast("KnownBy", row["known_by"]),
            asked=row["asked"] == "true",
            ground_fr=row["ground_fr"],
            ground_en=row["ground_en"],
        )
        for row in rows_of("policy.csv")
    )


@cache
def load_moves() -> tuple[Move, ...]:
    """Read the changes of several inputs at once."""
    return tuple(
        Move(
            row["name"],
            tuple(row["inputs"].split()),
            _direction(row["direction"]),
            row["label_fr"],
            row["label_en"],
        )
        for row in rows_of("moves.csv")
    )


@cache
def policy_of(name: str) -> PolicyEntry:
    """Return the policy of an input.

    Raises
    ------
    LookupError
        When no row, or no single longest row, covers it.

    Examples
    --------
    >>> policy_of("EXT_SOURCE_2").direction, policy_of("HOUR_APPR_PROCESS_START").asked
    (-1, False)
    """
    fitting = [entry for entry in load_policy() if fnmatchcase(name, entry.columns)]
    longest = max((len(entry.columns) for entry in fitting), default=0)
    found = [entry for entry in fitting if len(entry.columns) == longest]
    if len(found) != 1:
        raise LookupError(f"policy.csv has {len(found)} rows for {name}")
    return found[0]


def _direction(text: str) -> Direction:
    return cast("Direction", int(text or "0"))
