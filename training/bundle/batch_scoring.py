"""Scoring a whole feature table with a bundle, in batches."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from features.sql import KEY, tables_behind
from features.tables import HISTORY_TABLES
from scoring.decision import Decision, refuses
from scoring.rules import RuleBook
from training.bundle.opening import open_model, open_service
from training.features.dataset import encode_column
from training.files import written_file
from training.sources.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from scoring.bundle import Bundle
    from scoring.contract import Input, Rule
    from scoring.service import ScoringService

BATCH = 50_000
ANSWERS = pa.schema(
    [
        (KEY, pa.int64()),
        ("probabilite_de_defaut", pa.float64()),
        ("classe", pa.string()),
        ("proposition", pa.string()),
    ]
)


def history_tables(inputs: Sequence[Input]) -> list[str]:
    """Return the history tables that inputs are made from."""
    used = {name for item in inputs for name in tables_behind(item.table, item.name)}
    return [name for name in HISTORY_TABLES if name in used]


def unread_notes(inputs: Sequence[Input], columns: Sequence[str]) -> list[str]:
    """Say which histories the model reads that are not in a feature table with these columns."""
    unread = Counter(item.table for item in inputs if item.name not in columns)
    return [
        f"{name}: not read; {counted(count, 'input of the model is', 'inputs of the model are')} missing throughout"
        for name, count in unread.items()
    ]


@dataclass(slots=True)
class Tally:
    """What was scored.

    Attributes
    ----------
    absent, outside
        By input: applications without a value the service requires, or with one outside its bounds. They are scored
        all the same; the service would refuse them.
    broken
        By code of the rule: applications that break it, whatever its severity.
    """

    applications: int = 0
    absent: Counter[str] = field(default_factory=Counter)
    outside: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)

    def add(self, rows: np.ndarray, inputs: Sequence[Input], rules: RuleBook) -> None:
        """Count the applications of a batch, shape ``(n_applications, n_inputs)``."""
        self.applications += len(rows)
        for item, values in zip(inputs, rows.T, strict=True):
            if item.required:
                self.absent[item.name] += int(np.isnan(values).sum())
            if item.minimum is not None and item.maximum is not None:
                self.outside[item.name] += int(((values < item.minimum) | (values > item.maximum)).sum())
            if item.kind == "flag":
                self.outside[item.name] += int((~np.isnan(values) & (values != 0) & (values != 1)).sum())
        found = rules.broken_in(rows.T)
        self.broken.update({rule.code: int(found[rule.code].sum()) for rule in rules.rules})

    def merge(self, other: Tally) -> None:
        """Count what another part of the applications was found to be."""
        self.applications += other.applications
        for own, others in ((self.absent, other.absent), (self.outside, other.outside), (self.broken, other.broken)):
            own.update(others)

    def notes(self, rules: Sequence[Rule]) -> list[str]:
        """Say what the service would refuse, input by input, and what it would refuse or tell, rule by rule."""
        return [*self._notes_of_inputs(), *self._notes_of_rules(rules)]

    def _notes_of_inputs(self) -> list[str]:
        return [
            f"{name}: {what} in {count:,} of {self.applications:,} applications; scored here, refused by the service"
            for counts, what in ((self.absent, "absent"), (self.outside, "outside its bounds"))
            for name, count in counts.items()
            if count
        ]

    def _notes_of_rules(self, rules: Sequence[Rule]) -> list[str]:
        served = {"impossible": "refused by the service", "incoherente": "sent to a person by the service"}
        return [
            f"{rule.code}: broken by {self.broken[rule.code]:,} of {self.applications:,} applications; scored here, "
            f"{served[rule.severity]}"
            for rule in rules
            if self.broken[rule.code]
        ]


def score_table(bundle: Bundle, table: Path, out: Path, *, advance: Callable[[int], object] = lambda _: None) -> Tally:
    """Write ``SK_ID_CURR``, ``probabilite_de_defaut``, ``classe`` and ``proposition`` of every application.

    An empty cell declares that there is none; a column that is not there is unknown, and what hinges on it is for a
    person to decide. ``proposition`` is null where the service would not judge the application.

    Parameters
    ----------
    table
        Feature table; an input it does not hold is unknown throughout.
    advance
        Called with the number of applications of each batch.

    Raises
    ------
    DataError
        ``TRN171`` when the model of the bundle cannot be run.
    """
    source = pq.ParquetFile(table)
    scorer = BatchScorer(bundle, open_service(bundle), source.schema_arrow.names)
    with written_file(out) as temporary, pq.ParquetWriter(temporary, ANSWERS) as writer:
        for batch in source.iter_batches(BATCH, columns=scorer.columns):
            writer.write_table(scorer.answers(batch))
            advance(batch.num_rows)
    return scorer.tally


class BatchScorer:
    """Answers to batches of a feature table, and the tally of them.

    Parameters
    ----------
    bundle
        What answers.
    service
        Of that bundle, opened once for many tables.
    stored
        Columns of the feature table; an input that is not among them is unknown throughout.

    Attributes
    ----------
    columns
        Those that a batch has to hold.
    """

    def __init__(self, bundle: Bundle, service: ScoringService, stored: Sequence[str]) -> None:
        self._inputs = bundle.contract.inputs
        self._stored = {item.name for item in self._inputs}.intersection(stored)
        self._unknown = [item.name for item in self._inputs if item.name not in self._stored]
        self._service = service
        self._rules = RuleBook(bundle.contract.rules, self._inputs)
        self.columns = [KEY, *(item.name for item in self._inputs if item.name in self._stored)]
        self.tally = Tally()

    def answers(self, batch: pa.RecordBatch) -> pa.Table:
        """Return the answer to each application of a batch, in the columns of `ANSWERS`."""
        rows = _encoded(batch, self._inputs, self._stored)
        self.tally.add(rows, self._inputs, self._rules)
        return _answers(batch.column(KEY), self._service, rows, self._unknown)


def default_probabilities(bundle: Bundle, content: pa.Table) -> np.ndarray:
    """Return the bundle's answer to each application of a feature table; an input it does not hold is missing."""
    return open_model(bundle).score(raw_rows(bundle.contract.inputs, content)).default_probability


def raw_rows(inputs: Sequence[Input], content: pa.Table) -> np.ndarray:
    """Return a feature table as a model of these inputs reads it, shape ``(n_applications, n_inputs)``."""
    return _encoded(content, inputs, set(content.column_names))


def _encoded(batch: pa.RecordBatch | pa.Table, inputs: Sequence[Input], stored: set[str]) -> np.ndarray:
    rows = np.full((batch.num_rows, len(inputs)), np.nan)
    for index, item in enumerate(inputs):
        if item.name in stored:
            rows[:, index] = encode_column(batch.column(item.name), item.name, item.categories)
    return rows


def _answers(ids: pa.Array, service: ScoringService, rows: np.ndarray, unknown: Sequence[str]) -> pa.Table:
    probability, proposals = service.proposals(rows, left_out=unknown)
    refused = refuses(probability, threshold=service.rule.threshold)
    decision = np.where(refused, Decision.REFUSE.value, Decision.ACCEPT.value)
    columns = [ids.cast(pa.int64()), pa.array(probability), pa.array(decision), pa.array(proposals, pa.string())]
    return pa.table(columns, schema=ANSWERS)
