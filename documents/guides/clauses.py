"""The validator's dossier: each clause bound to sealed figures, to pages, or to what its owner still has to bring."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from scoring.contract import Estimate
from training.wording import say_count, say_decimal, say_estimate

if TYPE_CHECKING:
    from documents.facts import Facts

FILE = Path(__file__).with_name("clauses.toml")
NOBODY = "manque : propriétaire"


class Clause(BaseModel):
    """What a text asks, and what answers it.

    Attributes
    ----------
    figures
        Places in the sealed files, such as ``contract.quality.cost``.
    owner
        What is left to bring; empty where nothing is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    number: str
    asks: str
    figures: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    owner: str = ""


def read_clauses() -> tuple[Clause, ...]:
    """Read every clause, in the order of the texts."""
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(Clause.model_validate(one) for one in content["clause"])


def dossier_rows(facts: Facts) -> list[dict[str, str]]:
    """Return one row a clause: what is asked, the sealed figures, the pages, and what is missing."""
    return [
        {
            "text": clause.text,
            "number": clause.number,
            "asks": clause.asks,
            "figures": " ; ".join(f"`{place}` = {say_figure(figure_at(place, facts))}" for place in clause.figures),
            "pages": ", ".join(f"[{page.partition('#')[0]}]({page})" for page in clause.pages),
            "missing": _missing(clause, facts),
        }
        for clause in read_clauses()
    ]


def _missing(clause: Clause, facts: Facts) -> str:
    """Return what the owner still has to bring: what the clause says, and figures that the seal does not hold."""
    unsealed = [place for place in clause.figures if figure_at(place, facts) is None]
    left = [clause.owner] if clause.owner else []
    left += [f"`{place}`" for place in unsealed]
    return f"{NOBODY} ({', '.join(left)})" if left else ""


def figure_at(place: str, facts: Facts) -> Any:  # noqa: ANN401  any value of the sealed files
    """Return what stands at a place of the sealed files.

    Raises
    ------
    AttributeError, KeyError
        When there is no such place: a clause must not point at nothing.
    """
    root, *path = place.split(".")
    found: Any = {"contract": facts.contract, "evidence": facts.evidence}[root]
    for name in path:
        found = found[name] if isinstance(found, dict) else getattr(found, name)
    return found


def say_figure(value: Any) -> str:  # noqa: ANN401  any value of the sealed files
    """Return a figure as French pages write it; long hashes by their beginning.

    >>> say_figure(0.0899), say_figure("a" * 64), say_figure(None)
    ('0,0899', 'aaaaaaaaaaaa…', '–')
    """
    match value:
        case Estimate():
            return say_estimate(value)
        case int() | float():
            return _say_number(value)
        case tuple():
            return " à ".join(say_figure(one) for one in value)
        case str() if len(value) >= 32 and " " not in value:  # noqa: PLR2004  a hash
            return f"{value[:12]}…"
    return "–" if value is None else str(value)


def _say_number(value: float) -> str:
    """Return a whole number as a count, another with decimals, and what is next to nothing by its size."""
    if value == int(value):
        return say_count(int(value))
    return say_decimal(value) if abs(value) >= 0.0001 else f"{value:.0e}"  # noqa: PLR2004
