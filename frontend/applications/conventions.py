"""How the numbers of a file are written: one convention a file, found from all of its cells and never guessed.

``202,500.00`` is two hundred and two thousand five hundred, ``202,500`` alone may be that or two hundred and two and a
half: it is refused unless another cell of the file tells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# What people and programs put between thousands: plain, no-break, figure, punctuation, thin, hair, narrow no-break.
_SPACES: Final = " \u00a0\u2007\u2008\u2009\u200a\u202f"
# A cell of digits and of what may stand between them; anything else is text, which the API refuses by name.
_NUMERIC: Final = re.compile(rf"[-+\u2212]?[\d.,'’{_SPACES}]*\d[\d.,'’{_SPACES}]*(?:[eE][-+]?\d+)?")


@dataclass(frozen=True, slots=True)
class Convention:
    """What stands between thousands, and before decimals.

    >>> Convention(",", ".").read("202,500.00"), Convention(",", ".").read("202,5")
    (202500.0, None)
    >>> Convention(" ", ",").read("450 000,5")
    450000.5
    """

    thousands: str
    decimal: str

    def read(self, cell: str) -> float | None:
        """Return the number of a cell, None where it is not written so."""
        text = cell.translate(_ONE_SPACE).replace("\u2212", "-").replace("’", "'")
        if not _pattern(self).fullmatch(text):
            return None
        whole = text.replace(self.thousands, "") if self.thousands else text
        return float(whole.replace(self.decimal, "."))


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that may be a number, and where it stands."""

    line: int
    column: str
    text: str


class ConventionError(Exception):
    """The numbers of a file cannot be read in one way; `reason` is a key of the locales, `cell` the first at fault."""

    def __init__(self, reason: str, cell: Cell) -> None:
        super().__init__(f"{reason}: line {cell.line}, {cell.column}")
        self.reason = reason
        self.cell = cell


_ONE_SPACE: Final = dict.fromkeys(map(ord, _SPACES), " ")
PLAIN: Final = Convention("", ".")
# Plain first: where several say the same of every cell, it makes no difference.
CONVENTIONS: Final = (
    PLAIN,
    Convention("", ","),
    Convention(",", "."),
    Convention(".", ","),
    Convention(" ", ","),
    Convention(" ", "."),
    Convention("'", "."),
    Convention("'", ","),
)


def is_numeric(text: str) -> bool:
    """Tell whether a cell is meant as a number."""
    return _NUMERIC.fullmatch(text) is not None


def convention_of(cells: Iterable[Cell]) -> Convention:
    """Return the one convention of all numeric cells.

    Raises
    ------
    ConventionError
        ``batch.mixed`` when no convention reads them all, ``batch.ambiguous`` when two read a cell as different
        numbers and no other cell tells which.
    """
    numeric = [one for one in cells if is_numeric(one.text)]
    fitting = [one for one in CONVENTIONS if all(one.read(cell.text) is not None for cell in numeric)]
    if not fitting:
        raise ConventionError("batch.mixed", _odd_one(numeric))
    for cell in numeric:
        if len({one.read(cell.text) for one in fitting}) > 1:
            raise ConventionError("batch.ambiguous", cell)
    return fitting[0]


def _odd_one(cells: Sequence[Cell]) -> Cell:
    """Return the first cell that the convention of most cells does not read."""
    read = {one: [cell for cell in cells if one.read(cell.text) is None] for one in CONVENTIONS}
    return min(read.values(), key=len)[0]


def _pattern(convention: Convention) -> re.Pattern[str]:
    return _PATTERNS[convention]


def _compiled(convention: Convention) -> re.Pattern[str]:
    thousands, decimal = re.escape(convention.thousands), re.escape(convention.decimal)
    # A number with thousands apart has at least one separator, or fewer than four digits before its decimals.
    whole = rf"(?:[1-9]\d{{0,2}}(?:{thousands}\d{{3}})+|\d+)" if thousands else r"\d+"
    return re.compile(rf"[-+]?(?:{whole}(?:{decimal}\d*)?|{decimal}\d+)(?:[eE][-+]?\d+)?")


_PATTERNS: Final = {one: _compiled(one) for one in CONVENTIONS}
