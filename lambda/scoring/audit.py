"""The log: one structured line a request, never an applicant's value."""

from __future__ import annotations

import json
import logging
import sys

_LOGGER = logging.getLogger("scoring")


def configure_log(level: str) -> None:
    """Send the room's lines to standard output, one JSON object each."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(message)s"))
    _LOGGER.handlers = [handler]
    _LOGGER.setLevel(level)
    _LOGGER.propagate = False


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


def log_failure(*, request_id: str, code: str) -> None:
    """Log that the function itself failed, with its traceback."""
    _write(logging.ERROR, with_traceback=True, evenement="erreur", id_requete=request_id, code=code)


def _write(level: int, *, with_traceback: bool = False, **fields: object) -> None:
    _LOGGER.log(level, json.dumps(fields, ensure_ascii=False), exc_info=with_traceback)
