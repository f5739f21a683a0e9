"""Quoting names and texts for SQL."""

from __future__ import annotations


def identifier(name: str) -> str:
    """Quote a column or table name for SQL.

    Examples
    --------
    >>> identifier("AMT_CREDIT")
    '"AMT_CREDIT"'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text for SQL.

    Examples
    --------
    >>> literal("l'annuité")
    "'l''annuité'"
    """
    return "'" + text.replace("'", "''") + "'"
