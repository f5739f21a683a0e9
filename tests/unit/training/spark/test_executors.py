"""What an executor does before it answers: it opens the bundle it was sent, and no other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from delivery.paths import BUNDLE
from scoring.bundle import Bundle
from training.errors import DataError
from training.spark.executors import opened, scored

if TYPE_CHECKING:
    from pathlib import Path


def a_batch(bundle: Bundle) -> pa.RecordBatch:
    """Return the golden applications as rows of a feature table."""
    golden = [one["application"] for one in bundle.golden]
    columns = {item.name: [one.get(item.name) for one in golden] for item in bundle.contract.inputs}
    return pa.RecordBatch.from_pydict({"SK_ID_CURR": list(range(len(golden)))} | columns)


def test_answers_end_with_the_tally_of_the_part() -> None:
    """One row an application and one more, which only counts: nothing else has to go back to the driver."""
    bundle = Bundle.open(BUNDLE)
    rows = pa.Table.from_batches(scored([a_batch(bundle)], str(BUNDLE), bundle.seal)).to_pylist()
    *answers, last = rows

    assert [one["probabilite_de_defaut"] for one in answers] == pytest.approx(
        [one["default_probability"] for one in bundle.golden], abs=bundle.contract.parity.tolerance
    )
    assert last["SK_ID_CURR"] is None
    assert json.loads(last["tally"])["applications"] == len(answers)


def test_bundle_is_opened_once_for_many_parts() -> None:
    """A worker that is given part after part loads the model for the first of them."""
    bundle = Bundle.open(BUNDLE)
    opened.cache_clear()
    for _ in range(3):
        list(scored([a_batch(bundle)], str(BUNDLE), bundle.seal))

    assert opened.cache_info().misses == 1


def test_executor_without_the_bundle_is_told(tmp_path: Path) -> None:
    """Where a file did not arrive, no row is answered."""
    with pytest.raises(DataError, match=r"TRN126: an executor has not the bundle that was sent \(SCR201"):
        next(scored([], str(tmp_path), "seal"))


def test_executor_with_another_bundle_is_told() -> None:
    """What an earlier job left on the machine does not answer for this one."""
    with pytest.raises(DataError, match=r"TRN126: an executor has not the bundle that was sent \(SCR206"):
        next(scored([], str(BUNDLE), "another seal"))
