"""What runs inside the executors: the sealed bundle, opened once by each Python worker, over batch after batch."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from scoring.bundle import Bundle
from scoring.errors import ContractError
from scoring.service import ScoringService
from training.bundle.batch_scoring import ANSWERS, BatchScorer, Tally
from training.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TALLY = "tally"
# The answers, and beside them the tally of a part: a row of its own, without an application.
_ANSWERS_AND_TALLY = ANSWERS.append(pa.field(TALLY, pa.string()))


def scored(batches: Iterable[pa.RecordBatch], folder: str, seal: str) -> Iterator[pa.RecordBatch]:
    """Answer the applications of a part, and end with the tally of them.

    Parameters
    ----------
    batches
        Rows of a feature table.
    folder
        Where this machine was given the bundle.
    seal
        What the bundle of the driver is sealed with.

    Raises
    ------
    DataError
        ``TRN126`` where the bundle is not there, or is another one.
    """
    bundle, service = opened(folder, seal)
    scorer = None
    for batch in batches:
        scorer = scorer or BatchScorer(bundle, service, batch.schema.names)
        answers = scorer.answers(batch)
        yield from answers.append_column(TALLY, pa.nulls(len(answers), pa.string())).to_batches()
    if scorer is not None:
        told = {name: [None] for name in ANSWERS.names} | {TALLY: [as_text(scorer.tally)]}
        yield from pa.table(told, schema=_ANSWERS_AND_TALLY).to_batches()


def as_text(tally: Tally) -> str:
    """Write a tally as JSON."""
    counts = {"absent": tally.absent, "outside": tally.outside, "broken": tally.broken}
    return json.dumps({"applications": tally.applications, **counts})


@cache
def opened(folder: str, seal: str) -> tuple[Bundle, ScoringService]:
    """Open a bundle and its model, once in a Python worker, whatever the number of parts that it is given.

    Raises
    ------
    DataError
        ``TRN126`` where the bundle is not there, or is another one.
    """
    try:
        bundle = Bundle.open(Path(folder), expected_seal=seal)
        return bundle, ScoringService.of(bundle)
    except ContractError as error:
        raise DataError("TRN126", f"an executor has not the bundle that was sent ({error}); run again") from error
