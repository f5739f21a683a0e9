"""Writing audit records as a window: the two Parquet files that every other window is made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from monitoring.errors import MonitoringError
from monitoring.windows.audit_records import Period, read_audit
from monitoring.windows.columns import DECISION, KEY, OUTCOME, PROBABILITY, THRESHOLD, VINTAGE, WEIGHT
from monitoring.windows.outcome_files import matched_outcomes
from monitoring.windows.parquet import WindowSource
from scoring.log_lines import REQUEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import tzinfo
    from pathlib import Path

    from monitoring.windows.audit_records import AuditRecords, WindowReading
    from scoring.bundle import Bundle

WINDOW_FILE = "window.parquet"
SCORES_FILE = "scores.parquet"
CHUNK = 5_000
# A window with too few applications is made so many times as long.
WIDER = (1, 2, 4, 8)
NONE_IN_PERIOD = "MON913"


def window_from_audit(
    paths: Sequence[Path],
    folder: Path,
    *,
    bundle: Bundle,
    period: Period | None = None,
    outcomes: Path | None = None,
    wanted: int = 0,
) -> tuple[WindowSource, WindowReading]:
    """Write the window that some audit files hold, and tell how they were read.

    Parameters
    ----------
    outcomes
        Parquet file of ``id_requete`` and ``TARGET``, where defaults have become known.
    wanted
        Applications that a window needs to be judged: with fewer it begins earlier, by the factors of `WIDER`.

    Raises
    ------
    MonitoringError
        ``MON902``, ``MON911`` to ``MON914``, ``MON924``, ``MON925``: no file, no record, none of this bundle or period,
        none away from the threshold, outcomes that are unusable or of other requests.
    """
    audit, kept = _wide_enough(paths, bundle, period or Period(), wanted)
    known: dict[str, float] = {}
    if outcomes is not None:
        requests = {audit.requests[place] for place in kept}
        known, audit.reading.outcomes = matched_outcomes(told_outcomes(outcomes), requests, source=outcomes.name)
    folder.mkdir(parents=True, exist_ok=True)
    zone = UTC if period is None else period.zone
    _write(folder / WINDOW_FILE, kept, lambda keys, places: _inputs(audit, keys, places, known, zone))
    _write(folder / SCORES_FILE, kept, lambda keys, places: _predictions(audit, keys, places))
    label = ", ".join(path.name for path in paths)
    return WindowSource(folder / WINDOW_FILE, scores=folder / SCORES_FILE, label=label), audit.reading


def _wide_enough(paths: Sequence[Path], bundle: Bundle, period: Period, wanted: int) -> tuple[AuditRecords, list[int]]:
    """Read the records of a period, or of a longer one that ends with it where it holds too few."""
    tries = [period] if period.since is None or not wanted else [_longer(period, times) for times in WIDER]
    for tried in tries:
        try:
            audit, kept = read_audit(paths, seal=bundle.seal, inputs=bundle.contract.inputs, period=tried)
        except MonitoringError as error:
            if error.code != NONE_IN_PERIOD or tried is tries[-1]:
                raise
            continue
        if audit.reading.n_effective >= wanted:
            break
    if period.since is not None and tried.since != period.since:
        audit.reading.widened_from = period.since.isoformat()
    return audit, kept


def _longer(period: Period, times: int) -> Period:
    """Return a period with the same end, so many times as long."""
    if period.since is None:
        return period
    end = period.until or datetime.now(UTC)
    return replace(period, since=end - times * (end - period.since) if times > 1 else period.since)


def _write(path: Path, kept: list[int], table: Callable[[range, list[int]], pa.Table]) -> None:
    """Write the records at some places, some thousands at a time: the window is never held twice."""
    writer: pq.ParquetWriter | None = None
    for start in range(0, len(kept), CHUNK):
        places = kept[start : start + CHUNK]
        chunk = table(range(start + 1, start + len(places) + 1), places)
        # Dictionaries of values that hardly repeat are kept for every column until they are full: tens of megabytes.
        writer = writer or pq.ParquetWriter(path, chunk.schema, use_dictionary=False)
        writer.write_table(chunk)
    if writer is not None:
        writer.close()


def _inputs(audit: AuditRecords, keys: range, places: list[int], outcomes: dict[str, float], zone: tzinfo) -> pa.Table:
    requests = [audit.requests[place] for place in places]
    columns = {
        KEY: pa.array(keys, pa.int64()),
        REQUEST: pa.array(requests, pa.string()),
        VINTAGE: pa.array([f"{audit.moment(place).astimezone(zone):%Y-%m}" for place in places], pa.string()),
        WEIGHT: pa.array(audit.weights[places], pa.float64()),
    }
    if outcomes:
        columns[OUTCOME] = pa.array([outcomes.get(request) for request in requests], pa.float64())
    for name, numbers in audit.numbers.items():
        columns[name] = pa.array(np.frombuffer(numbers)[places], pa.float64(), from_pandas=True)
    for name, categories in audit.categories.items():
        columns[name] = pa.array([categories[place] for place in places], pa.string())
    return pa.table(columns)


def _predictions(audit: AuditRecords, keys: range, places: list[int]) -> pa.Table:
    return pa.table(
        {
            KEY: pa.array(keys, pa.int64()),
            PROBABILITY: pa.array(np.frombuffer(audit.probability)[places], pa.float64()),
            DECISION: pa.array([audit.decisions[place] for place in places], pa.string()),
            THRESHOLD: pa.array(np.frombuffer(audit.threshold)[places], pa.float64()),
        }
    )


def told_outcomes(path: Path) -> Iterator[tuple[object, object]]:
    """Return identifier and outcome of each row of an outcome file.

    Raises
    ------
    MonitoringError
        ``MON902`` no file, ``MON914`` no Parquet file of the two columns.
    """
    if not path.is_file():
        raise MonitoringError("MON902", f"{path} does not exist; give a Parquet file of {REQUEST} and {OUTCOME}")
    try:
        table = pq.read_table(path, columns=[REQUEST, OUTCOME])
    except (pa.ArrowException, OSError) as error:
        raise MonitoringError("MON914", f"{path} is no Parquet file of {REQUEST} and {OUTCOME}") from error
    return zip(table.column(REQUEST).to_pylist(), table.column(OUTCOME).to_pylist(), strict=True)
