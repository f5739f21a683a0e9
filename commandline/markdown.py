"""Markdown tables, as pages and reports of every room have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, rule: str = " --- ") -> str:
    r"""Return a Markdown table; a bar in a cell stays in its cell.

    Parameters
    ----------
    rule
        What stands in each cell of the line below the head.

    >>> print(table(["a", "b"], [["1", "x|y"]]))
    | a | b |
    | --- | --- |
    | 1 | x\|y |
    """
    head_line, *lines = (f"| {' | '.join(cell.replace('|', '\\|') for cell in cells)} |" for cells in (head, *rows))
    return "\n".join([head_line, f"|{'|'.join([rule] * len(head))}|", *lines])
