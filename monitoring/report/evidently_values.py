"""What the page of Evidently is given and what comes back, in types that need no Evidently (seconds to import)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commandline.colophon import Colophon


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the report says of one column, on all rows: Evidently shows it and takes none of its own.

    Attributes
    ----------
    value
        PSI of an input or of the probability; change of the refusal rate for the decision.
    has_moved
        Whether its check says *watch* or louder.
    """

    value: float
    has_moved: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above Evidently's page, in French.

    Attributes
    ----------
    conclusion
        That of the summary, word for word.
    """

    title: str
    model: str
    origin: Colophon
    conclusion: str


@dataclass(frozen=True, slots=True)
class EvidentlyResult:
    """What the HTML report was made from, and the drift it shows.

    Attributes
    ----------
    without_values
        Columns left out, as one of the drawn windows has no value in them: Evidently refuses those.
    rows
        Applications drawn from the reference window and from the current one.
    drift
        Value of each column that Evidently shows: that of the report.
    drifted
        Columns that Evidently calls drifted: those that the report does.
    """

    columns: tuple[str, ...]
    without_values: tuple[str, ...]
    rows: tuple[int, int]
    drift: dict[str, float]
    drifted: tuple[str, ...] = ()
