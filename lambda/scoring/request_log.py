"""The request log: one JSON line a request with its CloudWatch metrics, never an applicant's value.

The metrics are in the line itself, in CloudWatch's embedded metric format: no second line, no call, no library.
Their dimensions are the service, the event and the kind of an error, nothing that grows with the applicants.
What can end a canary is counted by version of the function as well, and so by bundle: nine requests in ten are still
the old version's then, and what is wrong with that one must not stand in the way of the version that mends it.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from traceback import TracebackException
from typing import TYPE_CHECKING, Final

from scoring.log_lines import CODE, CODES, EVENT, FUNCTION, FUNCTION_VERSION, REFUSED_FIELDS, REQUEST, STATUS, Event
from scoring.settings import running_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from scoring.errors import ScoringError

LOGGER_NAME = "scoring"
NAMESPACE: Final = "PretADepenser/Scoring"
SERVICE: Final = "scoring"
_LOGGER = logging.getLogger(LOGGER_NAME)
_UNITS: Final = {
    "Requetes": "Count",
    "Demandes": "Count",
    "Refus": "Count",
    "RevuesHumaines": "Count",
    "RequetesRefusees": "Count",
    "NonEvaluees": "Count",
    "Erreurs": "Count",
    "Latence": "Milliseconds",
    "ProbabiliteDeDefaut": "None",
    "Couverture": "None",
}
_BY_VERSION: Final = ("Demandes", "Refus", "NonEvaluees", "Erreurs")
# CloudWatch takes no more values of one metric in one line.
_MOST_VALUES: Final = 100

type Metrics = Mapping[str, float | Sequence[float]]


def configure_log(level: str) -> None:
    """Send the room's lines to standard output, one JSON object each."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(message)s"))
    _LOGGER.handlers = [handler]
    _LOGGER.setLevel(level)
    _LOGGER.propagate = False
    # Starlette raises a failure again once it is answered; Mangum would log its message, which may quote a value.
    logging.getLogger("mangum.http").setLevel(logging.CRITICAL)


class RequestLog:
    """Writes one line a request.

    Parameters
    ----------
    identity
        What every line says of the function: version of the model and hash of the bundle.
    with_metrics
        Whether the lines carry CloudWatch metrics; those are written at any log level.
    """

    def __init__(self, identity: Mapping[str, str], *, with_metrics: bool = False) -> None:
        self._identity = dict(identity)
        self._with_metrics = with_metrics

    def start(self, facts: Mapping[str, object]) -> None:
        """Log what is served from this cold start on, and how."""
        self._write(logging.INFO, {EVENT: Event.START, **self._identity, **facts}, Event.START, {})

    def answered(self, event: Event, fields: Mapping[str, object], metrics: Metrics) -> None:
        """Log a request that was answered: what was decided and how long it took."""
        told = {EVENT: event, **self._identity, **fields}
        self._write(logging.INFO, told, event, {"Requetes": 1, **metrics})

    def shadow(self, fields: Mapping[str, object], *, request_id: str) -> None:
        """Log what a challenger would have said."""
        self._write(
            logging.INFO, {EVENT: Event.SHADOW, **self._identity, REQUEST: request_id, **fields}, Event.SHADOW, {}
        )

    def read(self, route: str, *, request_id: str, often: bool = False) -> None:
        """Log that the model was asked about; what watchers ask `often` stands in the log at DEBUG alone."""
        fields = {EVENT: Event.READ, **self._identity, REQUEST: request_id, "route": route}
        level = logging.DEBUG if often else logging.INFO
        self._write(level, fields, Event.READ, {} if often else {"Requetes": 1})

    def profile(self, counts: Mapping[str, object]) -> None:
        """Log what many applications had in common."""
        self._write(logging.INFO, {EVENT: Event.PROFILE, **self._identity, **counts}, Event.PROFILE, {})

    def refused(
        self,
        *,
        request_id: str,
        status: int,
        codes: list[str],
        applications: int = 0,
        fields: Mapping[str, int] | None = None,
    ) -> None:
        """Log that a request was not scored, by which rules, and for which of the contract's fields.

        Parameters
        ----------
        applications
            How many came to nothing by that.
        fields
            How many by each field of the contract.
        """
        told: dict[str, object] = {EVENT: Event.REFUSED, **self._identity, REQUEST: request_id, STATUS: status}
        told |= {CODES: codes, **({REFUSED_FIELDS: fields} if fields else {})}
        counts = {"Requetes": 1, "RequetesRefusees": 1} | ({"NonEvaluees": applications} if applications else {})
        self._write(logging.WARNING, told, Event.REFUSED, counts, {"Statut": str(status)})

    def failed(self, *, request_id: str, code: str, error: Exception) -> None:
        """Log that the function itself failed, and where; messages of errors are left out: they may quote a value."""
        self._write_error(Event.FAILED, code, error, {"Requetes": 1, "Erreurs": 1}, **{REQUEST: request_id})

    def key_unread(self, error: ScoringError) -> None:
        """Log that the key of the hashes could not be read: the request is answered, so it is no failure of one."""
        self._write_error(Event.KEY_UNREAD, error.code, error, {"ClesNonLues": 1})

    def _write_error(self, event: Event, code: str, error: Exception, metrics: Metrics, **fields: str) -> None:
        told = {EVENT: event, **self._identity, **fields, CODE: code, "erreurs": list(_tracebacks(error))}
        self._write(logging.ERROR, told, event, metrics, {"Code": code})

    def _write(
        self,
        level: int,
        fields: Mapping[str, object],
        event: Event,
        metrics: Metrics,
        kind: Mapping[str, str] | None = None,
    ) -> None:
        kept = fields if _LOGGER.isEnabledFor(level) else {}
        told, *rest = (
            self._metric_blocks({"Evenement": event, **(kind or {})}, metrics)
            if self._with_metrics and metrics
            else [{}]
        )
        if kept or told:
            _emit(level, dict(kept) | told)
        for block in rest:
            _emit(level, block)

    def _metric_blocks(self, kind: Mapping[str, str], metrics: Metrics) -> list[dict[str, object]]:
        """Return the metrics in CloudWatch's form, in as many blocks as long lists need."""
        longest = max(1 if isinstance(values, int | float) else len(values) for values in metrics.values())
        starts = range(0, longest, _MOST_VALUES)
        return [self._metric_block(kind, _part(metrics, start)) for start in starts]

    def _metric_block(self, kind: Mapping[str, str], values: dict[str, object]) -> dict[str, object]:
        """Return one block, counted for the service and then for each step into the kind of event."""
        labels = {"Service": SERVICE, **kind}
        names = list(labels)
        directives = [_directive([names[:length] for length in range(1, len(names) + 1)], values)]
        if counted := [name for name in _BY_VERSION if name in values]:
            directives.append(_directive([[FUNCTION, FUNCTION_VERSION]], counted))
            labels[FUNCTION], labels[FUNCTION_VERSION] = running_version()
        stamp = {"Timestamp": time.time_ns() // 1_000_000, "CloudWatchMetrics": directives}
        return {"_aws": stamp, **labels, **values}


def _part(metrics: Metrics, start: int) -> dict[str, object]:
    """Return the values of one block: single values in the first, lists piece by piece."""
    part: dict[str, object] = {}
    for name, values in metrics.items():
        if isinstance(values, int | float):
            if not start:
                part[name] = values
        elif piece := list(values[start : start + _MOST_VALUES]):
            part[name] = piece
    return part


def _directive(dimensions: list[list[str]], names: Iterable[str]) -> dict[str, object]:
    described = [{"Name": name, "Unit": _UNITS[name]} for name in names]
    return {"Namespace": NAMESPACE, "Dimensions": dimensions, "Metrics": described}


def _emit(level: int, content: Mapping[str, object]) -> None:
    """Hand one line to the logger's handlers; the level was looked at before."""
    line = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    for handler in _LOGGER.handlers:
        if type(handler) is logging.StreamHandler:
            # What a record would add to the line costs more than writing it.
            handler.stream.write(line + handler.terminator)
            handler.flush()
        else:
            handler.handle(logging.LogRecord(LOGGER_NAME, level, "", 0, line, None, None))


def _tracebacks(error: Exception) -> Iterator[dict[str, object]]:
    """Yield an error, then what it came from; each with the calls that led to it, innermost last."""
    told: TracebackException | None = TracebackException.from_exception(error)
    while told:
        yield {
            "type": told.exc_type.__name__,
            "pile": [f"{call.filename}:{call.lineno} {call.name}" for call in told.stack],
        }
        told = told.__cause__ or (None if told.__suppress_context__ else told.__context__)
