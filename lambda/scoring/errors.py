"""Errors of the scoring room: one class per reaction.

::

    ScoringError
    ├── ContractError             SCR2xx  the bundle is wrong: the cold start fails
    ├── SettingsError             SCR3xx  the configuration is wrong: the cold start fails
    ├── InvalidApplicationError   SCR1xx  the request is wrong: 4xx, every problem at once
    ├── ModelOutputError          SCR501  the model's answer is not a probability: 500
    ├── FeatureComputationError   SCR503  the features of a dossier could not be computed: 500
    ├── AnswerStoreError          SCR505  what is kept by key cannot be reached: 503
    └── AuditKeyError             SCR506  the key of the identifiers cannot be read: answered, records name nobody

A message never carries an applicant's value; what was received goes back to the sender only, in `FieldProblem`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class ScoringError(Exception):
    """Root of the room's errors; `code` is stable and documented in ``docs/errors.md``."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)  # both, so that the error can be pickled
        self.code = code

    def __str__(self) -> str:
        return ": ".join(self.args)


class ContractError(ScoringError):
    """The bundle does not hold together; nothing may be served from it."""


class SettingsError(ScoringError):
    """An environment variable has a value that is not allowed."""


class ModelOutputError(ScoringError):
    """The graph gave something that is not a probability."""


class FeatureComputationError(ScoringError):
    """The engine failed on a dossier that keeps every declaration."""


class AuditKeyError(ScoringError):
    """The key of the identifiers' hashes cannot be read; decisions are taken, and their records name nobody."""


class AnswerStoreError(ScoringError):
    """The answers that are kept by key cannot be read or written; without the key the request could be answered."""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing that is wrong with a request, worded for its sender.

    Attributes
    ----------
    champ
        Name of the field, empty when the body as a whole is at fault.
    code
        Stable code ``SCR1xx``.
    detail
        French sentence: what is wrong and what is allowed.
    recu
        The received value, for the sender only; it is never logged.
    """

    champ: str
    code: str
    detail: str
    recu: object = None


class InvalidApplicationError(ScoringError):
    """The application cannot be scored; `problems` names every reason at once."""

    def __init__(self, problems: Sequence[FieldProblem], *, status: int = 422) -> None:
        codes = ", ".join(sorted({problem.code for problem in problems}))
        super().__init__("SCR100", f"{len(problems)} problem(s): {codes}")
        self.problems = tuple(problems)
        self.status = status
