"""Check the values of one raw table against its declaration, in one pass over the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.cleaning import clean_rows_sql, outside_sql
from features.quoting import identifier, literal
from features.tables import CREDIT_KEY
from training.errors import DataError
from training.sources.faults import empty
from training.sources.phrases import counted
from training.sources.repeats import check_duplicates, fetch_row, repeated_months, whole
from training.sources.values import no_number_sql, value_sql

if TYPE_CHECKING:
    from features.tables import Column
    from training.sources.database import Database
    from training.sources.reading import RawTable

# Fewer rows than these may fail alike by chance.
_FEWEST_ALIKE = 10
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


@dataclass(frozen=True)
class Finding:
    """A kind of value that a column may hold and should not: the SQL condition of such a value."""

    kind: str
    column: Column
    condition: str


@dataclass(frozen=True)
class CheckedTable:
    """A table whose values agree with its declaration.

    `query` is the SELECT that gives the clean rows: declared types, sentinels and impossible values missing, rows dated
    after the application left out. `rows` counts the rows of the file.
    """

    raw: RawTable
    rows: int
    query: str
    notes: tuple[str, ...]

    @property
    def stored(self) -> str:
        """Return the SELECT of the rows as they are in the file, under their declared types."""
        columns = ", ".join(f"{value_sql(self.raw, one)} AS {identifier(one.name)}" for one in self.raw.columns)
        return f"SELECT {columns} FROM {self.raw.relation}"


def check_table(database: Database, raw: RawTable) -> CheckedTable:
    """Refuse what cannot be carried and report what is put right.

    Raises
    ------
    DataError
        ``TRN107`` for applications without rows, ``TRN108`` for a value that is no number, ``TRN109`` for one outside
        the vocabulary, ``TRN110`` for a missing key, ``TRN111`` for a duplicate one, ``TRN124`` when most rows of a
        column fail alike.
    """
    findings = (*(each for column in raw.columns for each in _findings(raw, column)), *_row_findings(raw))
    rows, counts = _count(database, raw, findings)
    if rows == 0:
        return _without_rows(raw)
    for finding, count in zip(findings, counts, strict=True):
        if count and finding.kind in _REFUSALS:
            raise _refusal(database, raw, finding, count)
        if finding.kind in ("future", "range") and fails_as_a_whole(count, rows):
            raise _wholesale(database, raw, finding, count, rows)
    check_duplicates(database, raw)
    notes = [_note(database, raw, finding, count) for finding, count in zip(findings, counts, strict=True) if count]
    query = _clean_query(raw)
    return CheckedTable(raw, rows, query, (*_extra_note(raw), *notes, *repeated_months(database, raw, query)))


def _without_rows(raw: RawTable) -> CheckedTable:
    """Carry an empty history as no history for anybody; without applications there is nothing to do."""
    if raw.table.links.parent is None:
        raise empty(raw.name)
    note = f"{raw.name}: the file has a header and no rows; carried as no history for anybody"
    return CheckedTable(raw, 0, _clean_query(raw), (*_extra_note(raw), note))


def _findings(raw: RawTable, column: Column) -> list[Finding]:
    """Return what can be wrong with the values of a column."""
    value = value_sql(raw, column)
    found = []
    if column.type == "category":
        found.append(Finding("vocabulary", column, _not_in_vocabulary(column, value)))
    else:
        found.append(Finding("number", column, no_number_sql(raw, column)))
        found.extend(_range_findings(raw, column, value))
    if column.name in raw.table.key_columns:
        found.append(Finding("missing key", column, f"{value} IS NULL"))
    elif column.name == CREDIT_KEY:
        found.append(Finding("no credit", column, f"{value} IS NULL"))
    if column.sentinel == 0:
        found.append(Finding("never set", column, f"{value} = 0"))
    return found


def _row_findings(raw: RawTable) -> list[Finding]:
    """Return the rows that the features do not take at face value, which their SQL says in its own words."""
    return [
        Finding(
            kind, raw.table.column(names[0]), condition.format(*(value_sql(raw, raw.table.column(n)) for n in names))
        )
        for kind, (table, names, condition) in _ODD_ROWS.items()
        if table == raw.table.name
    ]


_ODD_ROWS = {
    "repeated": (
        "previous_application",
        ("FLAG_LAST_APPL_PER_CONTRACT", "NFLAG_LAST_APPL_IN_DAY"),
        "coalesce({} = 'N', FALSE) OR coalesce({} = 0, FALSE)",
    ),
    "currency": ("bureau", ("CREDIT_CURRENCY",), "{} IS DISTINCT FROM 'currency 1'"),
    "undated": (
        "installments_payments",
        ("DAYS_ENTRY_PAYMENT", "AMT_PAYMENT"),
        "coalesce({} > 0, TRUE) AND {} > 0",
    ),
}


def _not_in_vocabulary(column: Column, value: str) -> str:
    """Return the SQL condition of a category that is not declared."""
    # A cast to an ENUM looks a value up, once for each that a file's dictionary holds; NOT IN compares it row by row.
    vocabulary = ", ".join(literal(category) for category in column.categories)
    return f"{value} IS NOT NULL AND TRY_CAST({value} AS ENUM ({vocabulary})) IS NULL"


def _range_findings(raw: RawTable, column: Column, value: str) -> list[Finding]:
    found = []
    outside = outside_sql(column, value)
    if outside:
        found.append(Finding("range", column, outside))
    if column.name == raw.table.links.dated_by:
        found.append(Finding("future", column, f"{value} > 0"))
    return found


def _count(database: Database, raw: RawTable, findings: tuple[Finding, ...]) -> tuple[int, tuple[int, ...]]:
    """Count the rows and each finding in one pass."""
    counts = ", ".join(f"count(CASE WHEN {finding.condition} THEN 1 END)" for finding in findings)
    rows, *found = fetch_row(database, raw, f"SELECT count(*), {counts} FROM {raw.relation}")
    return rows, tuple(found)


def fails_as_a_whole(count: int, rows: int) -> bool:
    """Tell whether so many rows fail alike that the column is written in another way, not now and then wrong.

    Examples
    --------
    >>> fails_as_a_whole(60, 100), fails_as_a_whole(40, 100), fails_as_a_whole(2, 2)
    (True, False, False)
    """
    return count >= _FEWEST_ALIKE and 2 * count > rows


def likely_cause(column: Column, low: float, high: float) -> str:
    """Say what may have happened to a column, from the lowest and the highest of the values that fail.

    Examples
    --------
    >>> from features.tables import load_table
    >>> likely_cause(load_table("bureau").column("DAYS_CREDIT"), 1998, 2016)
    'they look like calendar years, where days before the application are expected, which are negative'
    """
    if not column.name.startswith(("DAYS_", "MONTHS_")):
        return "the unit or the sign is another than the layout's, or the column is another one"
    expected = f"{'days' if column.name.startswith('DAYS_') else 'months'} before the application are expected"
    if low >= _FIRST_YEAR and high <= _LAST_YEAR:
        return f"they look like calendar years, where {expected}, which are negative"
    return f"the sign seems to be turned: {expected}, which are negative" if low > 0 else f"{expected}, in that unit"


def _wholesale(database: Database, raw: RawTable, finding: Finding, count: int, rows: int) -> DataError:
    """Return the error for a column of which most rows fail the same way."""
    value = value_sql(raw, finding.column)
    extent = f"SELECT min({value}), max({value}) FROM {raw.relation} WHERE {finding.condition}"
    what = _DEALT_WITH[finding.kind][0].format(range=_range_text(finding.column))
    cause = likely_cause(finding.column, *fetch_row(database, raw, extent))
    return DataError(
        "TRN124",
        f"{raw.name}.{finding.column.name}: {count:,} of {rows:,} rows have {what}{_example(database, raw, finding)}; "
        f"{cause}; correct the file ({raw.path.name})",
    )


_REFUSALS = {"missing key": "TRN110", "number": "TRN108", "vocabulary": "TRN109"}


def _refusal(database: Database, raw: RawTable, finding: Finding, count: int) -> DataError:
    """Return the error that names table, column, count, an example row and what to do."""
    column = finding.column
    rows = counted(count, "row has", "rows have")
    what = _fault(database, raw, finding) + _example(database, raw, finding)
    advice = f"correct the file ({raw.path.name}) or the declaration (lambda/features/schema/{raw.table.name}.csv)"
    return DataError(_REFUSALS[finding.kind], f"{raw.name}.{column.name}: {rows} {what}; {advice}")


def _fault(database: Database, raw: RawTable, finding: Finding) -> str:
    """Say what is wrong with the values found."""
    if finding.kind == "missing key":
        return "no value in a column that must name the row"
    if finding.kind == "vocabulary":
        return f"a value outside its vocabulary ({_strangers(database, raw, finding)})"
    return f"a value that is not {'an integer' if finding.column.type == 'integer' else 'a number'}"


def _example(database: Database, raw: RawTable, finding: Finding) -> str:
    """Point at one row by its key, the only value of it that is ever shown."""
    labels = [name for name in raw.table.key_columns if name != finding.column.name]
    if not labels:
        return ""
    label = value_sql(raw, raw.table.column(labels[0]))
    (example,) = fetch_row(database, raw, f"SELECT min({label}) FROM {raw.relation} WHERE {finding.condition}")
    return "" if example is None else f", for example {labels[0]} {whole(example)}"


def _strangers(database: Database, raw: RawTable, finding: Finding) -> str:
    """Name the first unknown categories."""
    value = value_sql(raw, finding.column)
    query = f"SELECT DISTINCT {value} FROM {raw.relation} WHERE {finding.condition} ORDER BY 1 LIMIT 3"
    return ", ".join(repr(row[0]) for row in database.execute(query).fetchall())


def _extra_note(raw: RawTable) -> tuple[str, ...]:
    if not raw.extra:
        return ()
    names = ", ".join(name or "one without a name" for name in raw.extra)
    return (f"{raw.name}: columns not in the Home Credit layout are ignored ({names})",)


def _note(database: Database, raw: RawTable, finding: Finding, count: int) -> str:
    """Say what was found in a column, at which row for example, and what was done about it."""
    rows = counted(count, "row has", "rows have")
    what, done = _DEALT_WITH[finding.kind]
    found = what.format(range=_range_text(finding.column))
    return f"{raw.name}.{finding.column.name}: {rows} {found}{_example(database, raw, finding)}; {done}"


_DEALT_WITH = {
    "future": ("a date after the application", "those rows are left out"),
    "range": ("a value {range}", "the value is taken as missing"),
    "no credit": ("no value", "those of an applicant count as one credit"),
    "never set": ("0, which was never set", "the value is taken as missing"),
    "repeated": ("a request that was entered again later", "only the last entry counts, the others on their own"),
    "currency": ("another currency, or none", "their amounts are unknown to the features"),
    "undated": ("a payment without a day up to the application", "the payment does not count"),
}


def _range_text(column: Column) -> str:
    """Say where a value lies that is out of the declared range; empty without a range."""
    if column.minimum is None and column.maximum is None:
        return ""
    if column.maximum is None:
        return f"below {column.minimum:g}"
    if column.minimum is None:
        return f"above {column.maximum:g}"
    return f"outside {column.minimum:g}…{column.maximum:g}"


def _clean_query(raw: RawTable) -> str:
    """Return the SELECT of the clean rows."""
    values = {column.name: value_sql(raw, column) for column in raw.columns}
    return clean_rows_sql(raw.table, raw.columns, values, raw.relation)
