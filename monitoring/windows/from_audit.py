"""Writing audit records as a window: the two Parquet files that every other window is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from monitoring.errors import MonitoringError
from monitoring.windows.audit_records import read_audit
from monitoring.windows.columns import DECISION, KEY, OUTCOME, PROBABILITY, THRESHOLD, VINTAGE
from monitoring.windows.outcome_files import matched_outcomes
from monitoring.windows.parquet import WindowSource
from scoring.log_lines import REQUEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from monitoring.windows.audit_records import AuditRecords, Period, WindowReading
    from scoring.bundle import Bundle
    from scoring.contract import Input

WINDOW_FILE = "window.parquet"
SCORES_FILE = "scores.parquet"


def window_from_audit(
    paths: Sequence[Path],
    folder: Path,
    *,
    bundle: Bundle,
    period: Period | None = None,
    outcomes: Path | None = None,
) -> tuple[WindowSource, WindowReading]:
    """Write the window that some audit files hold, and tell how they were read.

    Parameters
    ----------
    outcomes
        Parquet file of ``id_requete`` and ``TARGET``, where defaults have become known.

    Raises
    ------
    MonitoringError
        ``MON902``, ``MON911`` to ``MON914``, ``MON924``: no file, no record, none of this bundle or period, outcomes
        that are unusable or of other requests.
    """
    audit = read_audit(paths, seal=bundle.seal, period=period)
    known: dict[str, float] = {}
    if outcomes is not None:
        requests = {str(record.id_requete) for _, record in audit.records}
        known, audit.reading.outcomes = matched_outcomes(_told(outcomes), requests, source=outcomes.name)
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(_inputs(audit, bundle.contract.inputs, known), folder / WINDOW_FILE)
    pq.write_table(_predictions(audit), folder / SCORES_FILE)
    label = ", ".join(path.name for path in paths)
    return WindowSource(folder / WINDOW_FILE, scores=folder / SCORES_FILE, label=label), audit.reading


def _inputs(audit: AuditRecords, inputs: Sequence[Input], outcomes: dict[str, float]) -> pa.Table:
    records = [record for _, record in audit.records]
    columns = {
        KEY: pa.array(range(1, len(records) + 1), pa.int64()),
        REQUEST: pa.array([str(record.id_requete) for record in records], pa.string()),
        VINTAGE: pa.array([f"{moment:%Y-%m}" for moment, _ in audit.records], pa.string()),
    }
    if outcomes:
        columns[OUTCOME] = pa.array([outcomes.get(str(record.id_requete)) for record in records], pa.float64())
    for item in inputs:
        values = [record.demande.get(item.name) for record in records]
        columns[item.name] = _column(values, item)
    return pa.table(columns)


def _column(values: list[object], item: Input) -> pa.Array:
    try:
        if item.kind == "category":
            return pa.array([None if value is None else str(value) for value in values], pa.string())
        return pa.array([None if value is None else float(value) for value in values], pa.float64())  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise MonitoringError("MON904", f"the audit records hold something else than numbers in {item.name}") from error


def _predictions(audit: AuditRecords) -> pa.Table:
    records = [record for _, record in audit.records]
    return pa.table(
        {
            KEY: pa.array(range(1, len(records) + 1), pa.int64()),
            PROBABILITY: pa.array([float(record.probabilite_de_defaut) for record in records], pa.float64()),
            DECISION: pa.array([str(record.classe) for record in records], pa.string()),
            THRESHOLD: pa.array([float(record.seuil) for record in records], pa.float64()),
        }
    )


def _told(path: Path) -> Iterator[tuple[object, object]]:
    """Return identifier and outcome of each row of an outcome file."""
    if not path.is_file():
        raise MonitoringError("MON902", f"{path} does not exist; give a Parquet file of {REQUEST} and {OUTCOME}")
    try:
        table = pq.read_table(path, columns=[REQUEST, OUTCOME])
    except (pa.ArrowException, OSError) as error:
        raise MonitoringError("MON914", f"{path} is no Parquet file of {REQUEST} and {OUTCOME}") from error
    return zip(table.column(REQUEST).to_pylist(), table.column(OUTCOME).to_pylist(), strict=True)
