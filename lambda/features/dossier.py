"""One applicant's raw tables, checked as the batch reader checks its files; what is wrong is told by its place.

A table that is left out is unknown, an empty list says that there is nothing. Every record is the applicant's own, so
``SK_ID_CURR`` may be left out; where a record gives it, it is that of the application.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from features.accounts import TableAccount, account_of
from features.rows import Fault, Problem, Rows
from features.sql import KEY
from features.tables import HISTORY_TABLES, TABLE_NAMES, load_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.engine import Columns, Value

APPLICATION: Final = TABLE_NAMES[0]


@dataclass(slots=True)
class Dossier:
    """A dossier as it was read.

    Attributes
    ----------
    columns
        For `features.engine.FeatureEngine`, by table: those that were given and have no problem.
    given
        Names that the application brings, null or not.
    accounts
        One for each history that could be read, or was left out.
    problems
        Everything that is wrong, in the order of the tables.
    undeclared
        Values of columns that the tables do not have.
    """

    columns: dict[str, Columns] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    accounts: list[TableAccount] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    undeclared: list[Problem] = field(default_factory=list)
    _owner: Sequence[Value] = ()

    def _keep(self, rows: Rows) -> None:
        """Take the columns of a table, or its problems."""
        self.undeclared += rows.undeclared()
        self.problems += rows.problems
        if not rows.problems:
            self.columns[rows.table.name] = rows.columns

    def read_application(self, content: object) -> None:
        """Read the application, and with it whose dossier this is."""
        if not isinstance(content, dict):
            fault = Fault.NO_APPLICATION if content is None else Fault.NO_OBJECT
            self.problems.append(Problem(APPLICATION, fault, content))
            return
        self.given = frozenset(content)
        rows = Rows(APPLICATION, [content])
        self._owner = rows.columns[KEY]
        self._keep(rows)

    def read_history(self, name: str, content: object, *, most_records: int) -> None:
        """Read the records of a history; the application has been read."""
        if not isinstance(content, list):
            self.problems.append(Problem(name, Fault.NO_LIST, content))
            return
        if len(content) > most_records:
            self.problems.append(Problem(name, Fault.TOO_MANY, len(content)))
            return
        strangers = [place for place, record in enumerate(content) if not isinstance(record, dict)]
        if strangers:
            self.problems += [Problem(f"{name}[{place}]", Fault.NO_OBJECT, content[place]) for place in strangers]
            return
        rows = Rows(name, content)
        for owner in self._owner:  # none where the application does not tell
            rows.problems += rows.foreign(owner)
        self._keep(rows)
        if not rows.problems:
            self.accounts.append(account_of(rows))

    def check_parents(self) -> None:
        """Look for the parent of each row that hangs on another history; what hangs on none cannot be used."""
        for name in HISTORY_TABLES:
            links = load_table(name).links
            if links.parent == APPLICATION or name not in self.columns:
                continue
            orphans = self._orphans(name, str(links.parent), str(links.parent_key))
            if orphans:
                self.problems += orphans
                del self.columns[name]

    def _orphans(self, name: str, parent: str, key: str) -> list[Problem]:
        if any(problem.place.partition("[")[0] == parent for problem in self.problems):
            return []  # a credit that could not be read may be the one
        known = set(self.columns[parent][key]) if parent in self.columns else set()
        return [
            Problem(f"{name}[{row}].{key}", Fault.ORPHAN, value)
            for row, value in enumerate(self.columns[name][key])
            if value not in known
        ]


def read_dossier(content: object, *, most_records: int) -> Dossier:
    """Check the raw tables of one applicant.

    Parameters
    ----------
    content
        A JSON object: ``application`` is an object, each history a list of objects, under the columns' Kaggle names.
    most_records
        How many records a history may have.
    """
    dossier = Dossier()
    if not isinstance(content, dict):
        dossier.problems.append(Problem("", Fault.NO_OBJECT, content))
        return dossier
    dossier.problems += [
        Problem(name, Fault.UNKNOWN_TABLE, content[name]) for name in content if name not in TABLE_NAMES
    ]
    dossier.read_application(content.get(APPLICATION))
    for name in HISTORY_TABLES:
        if name in content:
            dossier.read_history(name, content[name], most_records=most_records)
        else:
            dossier.accounts.append(TableAccount(name, None))
    dossier.check_parents()
    return dossier
