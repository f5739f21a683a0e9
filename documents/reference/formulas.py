"""The formulas of the aggregates, read out of the SQL that computes them: no second copy that could say otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from features.sql import feature_sql

if TYPE_CHECKING:
    from collections.abc import Iterator

_CALL = re.compile(r"\b(CAST|NULLIF|COUNT|SUM|MAX|MIN)\(")
_ONE_CASE = re.compile(
    r"CASE WHEN ((?:(?!\b(?:CASE|WHEN|ELSE|END)\b).)*) THEN ((?:(?!\b(?:CASE|WHEN|ELSE|END)\b).)*) END"
)
_COLUMN = re.compile(r"(.*)\bAS (\w+)")
_QUALIFIER = re.compile(r"\b[A-Za-z_]+\.(?=\w)")


@dataclass(frozen=True, slots=True)
class Step:
    """One SELECT on the way from rows to features.

    Attributes
    ----------
    name
        Of the step; the last one of a table has none.
    source
        What it reads, and which rows of it.
    grain
        What there is one row for; empty where the rows stay what they are.
    columns
        What is computed, by name; columns that are handed on as they are do not stand here.
    """

    name: str
    source: str
    grain: str
    columns: dict[str, str]


@cache
def steps(table: str) -> tuple[Step, ...]:
    """Return the steps of the SQL of a table, in the order they are computed.

    Examples
    --------
    >>> [(step.name, step.source, step.grain) for step in steps("bureau")][1:]
    [('credits', 'own_currency', ''), ('', 'credits', 'SK_ID_CURR')]
    >>> steps("bureau")[-1].columns["BUREAU_ACTIVE_SHARE"]
    'SUM(IS_ACTIVE) / COUNT(rows)'
    """
    sql = " ".join(re.sub(r"--.*", "", feature_sql(table)).split())
    return tuple(_step(sql, found) for found in re.finditer(r"(?:\b(\w+) AS \( ?)?\bSELECT ", sql))


def remarks(table: str) -> str:
    """Return the sentences at the head of the SQL of a table.

    Examples
    --------
    >>> remarks("credit_card_balance").startswith("Monthly balances of earlier credit cards at this lender")
    True
    """
    lines = feature_sql(table).splitlines()
    head = lines[: next(place for place, line in enumerate(lines) if not line.startswith("--"))]
    return " ".join(line.removeprefix("--").strip() for line in head)


def formula(table: str, feature: str) -> str:
    """Return the formula of a feature.

    Examples
    --------
    >>> formula("bureau", "BUREAU_CLOSED_COUNT_12M")
    'COUNT(rows where DAYS_ENDDATE_FACT >= -365)'
    """
    return next(step.columns[feature] for step in reversed(steps(table)) if feature in step.columns)


def readable(expression: str) -> str:
    """Return an expression without what only SQL needs; ``where`` says over which rows.

    Examples
    --------
    >>> readable("CAST(SUM(CASE WHEN IS_CARD = 1 THEN DEBT END) AS DOUBLE) / NULLIF(COUNT(*), 0)")
    'SUM(DEBT where IS_CARD = 1) / COUNT(rows)'
    """
    found = _CALL.search(expression)
    if found is None:
        return _QUALIFIER.sub("", expression)
    end = _closing(expression, found.end())
    inner = readable(expression[found.end() : end])
    return readable(expression[: found.start()]) + _called(found[1], inner) + readable(expression[end + 1 :])


def _called(function: str, inner: str) -> str:
    if function == "CAST":
        return _grouped(inner.rpartition(" AS ")[0])
    if function == "NULLIF":
        return _grouped(inner.rpartition(", ")[0])
    case = _ONE_CASE.fullmatch(inner)
    if case is not None:
        return f"{function}({'rows' if case[2] == '1' else case[2]} where {case[1]})"
    return f"{function}({'rows' if inner == '*' else inner})"


def _grouped(inner: str) -> str:
    """Return an operand, in brackets where it is a sum, a product or a quotient itself."""
    return f"({inner})" if any(_depth_zero(inner, sign) for sign in (" + ", " - ", " / ", " * ")) else inner


def _depth_zero(text: str, sign: str) -> bool:
    return len(list(_split(text, sign))) > 1


def _step(sql: str, found: re.Match[str]) -> Step:
    """Read the SELECT that begins at a place of the SQL."""
    body = sql[found.end() : _closing(f"{sql})", found.end())]
    listed, source = _split_once(body, " FROM ")
    source, _, grain = source.strip().partition(" GROUP BY ")
    columns = {}
    for part in _split(listed, ", "):
        named = _COLUMN.fullmatch(part)
        if named is not None and (text := readable(named[1].strip())) != named[2]:
            columns[named[2]] = text
    return Step(found[1] or "", source, grain, columns)


def _split_once(text: str, sign: str) -> tuple[str, str]:
    first = next(iter(_split(text, sign)))
    return first, text[len(first) + len(sign) :]


def _split(text: str, sign: str) -> Iterator[str]:
    """Cut a text at a sign where it stands in no brackets."""
    depth = start = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0 and text.startswith(sign, place):
            yield text[start:place]
            start = place + len(sign)
    yield text[start:]


def _closing(text: str, start: int) -> int:
    """Return the place of the bracket that closes what was opened before `start`."""
    depth = 1
    for place in range(start, len(text)):
        depth += (text[place] == "(") - (text[place] == ")")
        if depth == 0:
            return place
    raise ValueError("brackets of the SQL do not match")
