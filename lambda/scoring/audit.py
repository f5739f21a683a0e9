"""The log: one structured line a request, never an applicant's value."""

from __future__ import annotations

import json
import logging
import sys
from traceback import TracebackException
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOGGER = logging.getLogger("scoring")


def configure_log(level: str) -> None:
    """Send the room's lines to standard output, one JSON object each."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(message)s"))
    _LOGGER.handlers = [handler]
    _LOGGER.setLevel(level)
    _LOGGER.propagate = False
    # Starlette raises a failure again once it is answered; Mangum would log its message, which may quote a value.
    logging.getLogger("mangum.http").setLevel(logging.CRITICAL)


def log_score(
    *, request_id: str, version: str, decision: str, default_probability: float, n_missing: int, latency_ms: float
) -> None:
    """Log a decision: its version, its probability and how long it took."""
    _write(
        logging.INFO,
        evenement="score",
        id_requete=request_id,
        version_modele=version,
        classe=decision,
        probabilite_de_defaut=round(default_probability, 6),
        valeurs_manquantes=n_missing,
        latence_ms=round(latency_ms, 3),
    )


def log_refused_request(*, request_id: str, status: int, codes: list[str]) -> None:
    """Log that a request was not scored, and by which rules."""
    _write(logging.WARNING, evenement="requete_refusee", id_requete=request_id, statut=status, codes=codes)


def log_failure(*, request_id: str, code: str, error: Exception) -> None:
    """Log that the function itself failed, and where; the messages of errors are left out: they may quote a value."""
    _write(logging.ERROR, evenement="erreur", id_requete=request_id, code=code, erreurs=list(_tracebacks(error)))


def _tracebacks(error: Exception) -> Iterator[dict[str, object]]:
    """Yield an error, then what it came from; each with the calls that led to it, innermost last."""
    told: TracebackException | None = TracebackException.from_exception(error)
    while told:
        yield {
            "type": told.exc_type.__name__,
            "pile": [f"{call.filename}:{call.lineno} {call.name}" for call in told.stack],
        }
        told = told.__cause__ or (None if told.__suppress_context__ else told.__context__)


def _write(level: int, **fields: object) -> None:
    _LOGGER.log(level, json.dumps(fields, ensure_ascii=False))
