"""How counts are put into messages."""

from __future__ import annotations


def counted(count: int, one: str, many: str) -> str:
    """Put a count before the words that agree with it.

    Examples
    --------
    >>> counted(1, "row has", "rows have"), counted(1200, "row has", "rows have")
    ('1 row has', '1,200 rows have')
    """
    return f"{count:,} {one if count == 1 else many}"
