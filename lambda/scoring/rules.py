"""Rules across fields: what cannot be true of one applicant, and what does not fit together.

The contract holds the rules; this is the only place that holds applications against them, one at a time for a request,
and as whole columns for a batch, a table to score or a window of monitoring.
"""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

from scoring.conditions import read_condition, vocabulary_of
from scoring.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

    from scoring.conditions import Columns, Field
    from scoring.contract import Contract, Rule


class RuleBook:
    """The rules of a contract, ready to be held against applications.

    Parameters
    ----------
    rules
        Rules whose conditions name these inputs only, as a contract's do.
    inputs
        The inputs, in the order of the columns.
    """

    def __init__(self, rules: Sequence[Rule], inputs: Sequence[Field]) -> None:
        vocabulary = vocabulary_of(inputs)
        self.rules = tuple(rules)
        self._conditions = tuple((rule, read_condition(rule.broken_when, vocabulary)) for rule in rules)

    def broken_by(self, row: Sequence[float]) -> tuple[Rule, ...]:
        """Return the rules that one application breaks.

        Parameters
        ----------
        row
            Its encoded values as plain numbers, NaN for missing; shape ``(n_inputs,)``.
        """
        return tuple([rule for rule, is_broken in self._conditions if is_broken(row)])

    def broken_in(self, columns: Columns) -> dict[str, np.ndarray]:
        """Return by code of a rule which applications break it, shape ``(n_applications,)`` each.

        Parameters
        ----------
        columns
            Encoded values by input, NaN for missing; shape ``(n_inputs, n_applications)``.
        """
        return {rule.code: is_broken(columns) for rule, is_broken in self._conditions}

    def broken_by_each(self, rows: np.ndarray) -> list[tuple[Rule, ...]]:
        """Return the rules that each application breaks.

        Parameters
        ----------
        rows
            Encoded values, NaN for missing; shape ``(n_applications, n_inputs)``.
        """
        # Numbers are quicker for one application, columns for many.
        if len(rows) == 1:
            return [self.broken_by(rows[0].tolist())]
        broken: list[list[Rule]] = [[] for _ in range(len(rows))]
        columns = rows.T
        for rule, is_broken in self._conditions:
            for index in is_broken(columns).nonzero()[0].tolist():
                broken[index].append(rule)
        return [tuple(one) for one in broken]


def check_golden(contract: Contract, applications: Sequence[Mapping[str, object]]) -> None:
    """Hold the golden applications of a bundle against the rules of its contract.

    Rules that contradict each other cannot all be kept by an application that gives their fields: each rule needs a
    golden application that gives its fields and keeps every rule of the impossible.

    Raises
    ------
    ContractError
        ``SCR208`` when an application breaks such a rule, or a rule has no application that shows it can be kept.
    """
    book = RuleBook([rule for rule in contract.rules if rule.severity == "impossible"], contract.inputs)
    columns = [(item.name, item.categories) for item in contract.inputs]
    for index, application in enumerate(applications):
        broken = book.broken_by([_number(application.get(name), categories) for name, categories in columns])
        if broken:
            raise ContractError(
                "SCR208", f"golden application {index} breaks the rule {broken[0].code}; export the bundle again"
            )
    given = [{name for name, value in application.items() if value is not None} for application in applications]
    for rule in contract.rules:
        fields = set(rule.fields)
        if not any(fields <= names for names in given):
            raise ContractError(
                "SCR208",
                f"no golden application gives the fields of the rule {rule.code} and keeps the other rules; they may "
                "contradict each other: mend the rules, or export the bundle again",
            )


def _number(value: object, categories: Sequence[str]) -> float:
    """Return a value of an application as the graph reads it."""
    if value is None:
        return nan
    return float(categories.index(str(value))) if categories else float(value)  # type: ignore[arg-type]
