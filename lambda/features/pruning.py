"""Feature SQL without the columns nobody asks for: on a few rows, an engine spends its time on setting expressions up.

Works on the statement as DuckDB's ``json_serialize_sql`` tells it. A name is kept wherever another expression says it:
too much may stay, nothing that is needed goes.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

type Json = dict[str, Any]


def prune(statement: Json, wanted: Collection[str]) -> set[str]:
    """Take out of a serialized SELECT, in place, every column that `wanted` does not lead to.

    Returns
    -------
    set of str
        The names of columns that are still spoken of, those of the raw tables among them.
    """
    (one,) = statement["statements"]
    select = one["node"]
    # A star has no name; what it stands for is pruned where it is listed.
    select["select_list"] = [item for item in select["select_list"] if _name(item) in {"", *wanted}]
    said = Counter(_names_said(statement)) + Counter(wanted)
    inner = [node for node in _common_tables(select) if _may_lose_columns(node)]
    # How often an item speaks of its own column; it may do so less when something goes that stands inside of it, and
    # is kept then.
    own = {id(item): Counter(_names_said(item))[_name(item)] for node in inner for item in node["select_list"]}
    # What goes may have been the last to speak of a column further in.
    while any(_drop_unsaid(node, said, own) for node in inner):
        pass
    return {name for name, times in said.items() if times}


def names_listed(statement: Json) -> list[str]:
    """Return the names of the columns that a serialized SELECT lists; a star has none."""
    (one,) = statement["statements"]
    return [name for item in one["node"]["select_list"] if (name := _name(item))]


def tables_of(statement: Json) -> set[str]:
    """Return the names of the relations a serialized SELECT reads, common tables among them."""
    return {str(node["table_name"]) for node in _nodes(statement) if node.get("type") == "BASE_TABLE"}


def _drop_unsaid(select: Json, said: Counter[str], own: Mapping[int, int]) -> bool:
    """Drop the items of a SELECT that nothing outside of themselves speaks of; tell whether there were any."""
    items = select["select_list"]
    unsaid = [item for item in items if (name := _name(item)) and said[name] == own[id(item)]]
    dropped = unsaid[1:] if len(unsaid) == len(items) else unsaid  # a SELECT of nothing is none
    for item in dropped:
        said.subtract(_names_said(item))
        items.remove(item)
    return bool(dropped)


def _name(item: Json) -> str:
    """Return the name an item gives its column; empty where it has none, as ``*``."""
    if item["alias"]:
        return str(item["alias"])
    return str(item["column_names"][-1]) if item["class"] == "COLUMN_REF" else ""


def _names_said(tree: Json) -> Iterator[str]:
    """Yield the column names that expressions and joins speak of, as often as they do."""
    for node in _nodes(tree):
        if node.get("class") == "COLUMN_REF":
            yield node["column_names"][-1]
        yield from node.get("using_columns", ())


def _common_tables(select: Json) -> Iterator[Json]:
    """Yield the SELECT of each common table; those of an operator on sets go by position, and are none."""
    for node in _nodes(select):
        query = node.get("query_node")
        if query is not None and not node["aliases"] and query["type"] == "SELECT_NODE":
            yield query


def _may_lose_columns(select: Json) -> bool:
    """Tell whether the rows of a SELECT stay the same with fewer columns."""
    distinct = any(modifier["type"] == "DISTINCT_MODIFIER" for modifier in select["modifiers"])
    return not distinct and select["aggregate_handling"] == "STANDARD_HANDLING"


def _nodes(tree: Json) -> Iterator[Json]:
    """Yield every object of a tree, in no order that matters."""
    waiting: list[Any] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
