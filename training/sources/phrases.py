"""How counts and guesses are put into messages."""

from __future__ import annotations


def counted(count: int, one: str, many: str) -> str:
    """Put a count before the words that agree with it.

    Examples
    --------
    >>> counted(1, "row has", "rows have"), counted(1200, "row has", "rows have")
    ('1 row has', '1,200 rows have')
    """
    return f"{count:,} {one if count == 1 else many}"


def meant(similar: str | None) -> str:
    """Ask whether a file that is not read was meant; nothing when there is none.

    Examples
    --------
    >>> meant("bureaux.csv"), meant(None)
    (' (is bureaux.csv meant? It is not read)', '')
    """
    return "" if similar is None else f" (is {similar} meant? It is not read)"
